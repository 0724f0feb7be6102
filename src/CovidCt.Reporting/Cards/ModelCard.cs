using System.Globalization;
using CovidCt.Records;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// The model card of a study's networks: Mitchell et al., "Model cards for model reporting", FAT* 2019, whose nine sections it has.
/// </summary>
internal static class ModelCard
{
    public static Markdown Of(StudyFacts facts)
    {
        var body = new Markdown();
        if (facts.Study.Given is { } given)
        {
            GivenCard.Details(body, facts, given);
            GivenCard.IntendedUse(body, facts);
        }
        else
        {
            Details(body, facts);
            IntendedUse(body, facts);
        }

        Factors(body, facts);
        Metrics(body, facts);
        EvaluationData(body, facts);
        TrainingData(body, facts);
        Analyses(body, facts);
        Ethics(body, facts);
        Caveats(body, facts);
        return new Markdown()
            .Heading(1, $"Model card: {facts.Title}")
            .Strong(facts.Warning)
            .Paragraph(facts.Given is { } words
                ? Lists.Sentences(words.Unknown, words.Networks, "The figures say nothing about other hospitals, scanners or people.")
                : "A research tool. Its answers are not a diagnosis, and its figures say nothing about other hospitals, "
                    + "scanners or people.")
            .Facts(("Study", facts.Unfinished))
            .Raw(body.Open == 0
                ? "No sentence is left open."
                : $"Filled in from {(facts.Given?.FilledFrom ?? "the study’s folder")}. "
                    + $"{Numbers.Counted(body.Open, "sentence")} that only people can write "
                    + $"{(body.Open == 1 ? "is" : "are")} left open, each marked {Markdown.OpenMark}.")
            .Append(body);
    }

    private static void Details(Markdown card, StudyFacts facts) => card
        .Heading(2, "Model details")
        .Facts(
            ("Kind", Kind(facts.Classes.Count)),
            (
                "Method",
                "Alshazly, Linse, Barth and Martinetz, “Explainable COVID-19 Detection Using Chest CT Scans and Deep Learning”, Sensors "
                    + "2021, 21(2), 455"),
            ("Networks as one", SeedWords.AsOne(facts.Study)),
            ("Versions", facts.Versions),
            ("Machine", facts.Device))
        .Table(
            ["Network", "Name", "Input", "Parameters (M)", "Layers", "Training began with"],
            facts.Study.Networks.Select(network => (string[])
            [
                facts.DisplayName(network),
                network,
                facts.InputOf(network) ?? TableData.Unknown,
                facts.SpecOf(network) is { } spec
                    ? (spec.Parameters / 1e6).ToString("0.00", CultureInfo.InvariantCulture)
                    : TableData.Unknown,
                facts.SpecOf(network)?.Layers.ToString(CultureInfo.InvariantCulture) ?? TableData.Unknown,
                facts.OriginOf(network)?.Text ?? "not begun",
            ]),
            column => column is 3 or 4)
        .Paragraph("Input: width × height in pixels. Parameters: at 1,000 classes, InceptionV3 without its auxiliary head.")
        .Ask([
            "Who made these networks and answers for them, and where questions go.",
            "The date and the version under which they are given out, and their licence.",
            .. facts.Study.Networks.Any(network => facts.OriginOf(network) is { IsKnown: false })
                ? ["Where the files of weights come from that are none of the published ones, and under which licence."]
                : Array.Empty<string>(),
        ]);

    private static string Kind(int classes)
    {
        var counted = classes == 0 ? "the classes" : Numbers.Counted(classes, "class", "classes");
        return $"convolutional networks with a new head for {counted}, one trained network for each network and fold";
    }

    private static void IntendedUse(Markdown card, StudyFacts facts) => card
        .Heading(2, "Intended use")
        .Facts(
            ("Task", facts.Task),
            ("Use", "research on methods: repeating a published study, and finding out what its figures are worth"),
            (
                "Not for",
                "diagnosis, screening, triage or treatment of anyone; images other than single chest CT slices; children, or any group "
                    + "that the data do not hold"))
        .Ask("Who is meant to use it, for what, with which training.");

    private static void Factors(Markdown card, StudyFacts facts)
    {
        card.Heading(2, "Factors")
            .Paragraph("What may change the answers: the person (age, sex, other diseases), the disease (severity, time since onset), the "
                + "scanner, its protocol and window, the choice of the slice, and the file format, which in collected data sets may go "
                + "with the class.");
        if (facts.IsPhantom)
        {
            card.Paragraph("The images are generated drawings, of nobody: no such factor is in them.");
            return;
        }

        card.Paragraph(Lists.Sentences(facts.Completeness, facts.Subgroups)).Ask(
            facts.Study.Columns is null
                ? "Who the people are: age, sex, origin, severity, time since onset."
                : "Who the people are of whom the columns don’t say it: age, sex, origin, severity, time since onset.",
            "Where, when, on which scanners and by which protocols the images were made, and who chose the slices.");
    }

    private static void Metrics(Markdown card, StudyFacts facts) => card
        .Heading(2, "Metrics")
        .Facts(
            (
                "Figures",
                "accuracy, precision, sensitivity, specificity, F1, area under the ROC curve; positive is "
                    + $"{facts.Results?.Positive ?? "the class of the disease"}"),
            ("Threshold", facts.Given?.Threshold ?? "0.5, fixed beforehand"),
            ("Spread", DesignWords.HasSpread(facts.Design)
                ? "the sample standard deviation between folds"
                : "none: there is one figure over all test images"),
            ("Uncertainty", facts.IntervalsMeaning));

    private static void EvaluationData(Markdown card, StudyFacts facts) => card
        .Heading(2, "Evaluation data")
        .Facts(
            ("Data set", facts.Study.Dataset),
            ("Images", facts.Counts),
            ("Rejected", facts.Rejected),
            ("Design", facts.DesignInWords),
            ("Patients on both sides", facts.Rows.Count == 0 ? null : facts.SharedPatients),
            ("From elsewhere", facts.NotTested),
            ("Baseline", facts.Baseline))
        .Table(
            ["Class", "Images", "Patients"],
            facts.Rows.Count == 0
                ? []
                : facts.Classes.Select(name => Sizes(
                    facts,
                    name == facts.Results?.Positive ? $"{name} (positive)" : name,
                    facts.Rows.Where(row => row.Label == name)))
                .Append(Sizes(facts, "All", facts.Rows)),
            column => column > 0)
        .Table(
            ["Fold", "Training images", "Test images", .. facts.Classes.Select(name => $"of them {name}"), "Test patients",
                "Share a patient with training"],
            facts.Folds.Select(fold => Parts(facts, fold)),
            _ => true)
        .Table(
            ClinicTables.Metadata(facts.Study, facts.Classes).Headers,
            facts.Rows.Count == 0 ? [] : ClinicTables.Metadata(facts.Study, facts.Classes).Rows,
            column => column > 0);

    private static string[] Sizes(StudyFacts facts, string name, IEnumerable<FoldRow> rows) =>
        [name, Numbers.Whole(rows.Count()), facts.HasPatients ? Numbers.Whole(DataWords.PatientsOf(rows)) : TableData.Unknown];

    private static string[] Parts(StudyFacts facts, int fold)
    {
        var test = facts.Rows.Where(row => row.Fold == fold).ToList();
        return
        [
            Numbers.Whole(fold),
            facts.KnowsAllRows ? Numbers.Whole(facts.Rows.Count - test.Count) : TableData.Unknown,
            Numbers.Whole(test.Count),
            .. facts.Classes.Select(name => Numbers.Whole(test.Count(row => row.Label == name))),
            facts.HasPatients ? Numbers.Whole(DataWords.PatientsOf(test)) : TableData.Unknown,
            facts.Shared is not null && FoldRow.SharedPatients(facts.Rows, fold) is { } shared ? Numbers.Whole(shared) : TableData.Unknown,
        ];
    }

    private static void TrainingData(Markdown card, StudyFacts facts)
    {
        if (facts.Given is { } given)
        {
            GivenCard.TrainingData(card, given);
            return;
        }

        card
            .Heading(2, "Training data")
            .Paragraph(facts.IsExternal
                ? $"The first of the two data sets: {facts.Study.Dataset}."
                : "The same data set: each network is trained on all images but those of its test part.")
            .Facts(
                ("Preprocessing", facts.Preprocessing),
                ("Recipe", $"{facts.Recipe}."),
                ("Rate", facts.Schedule),
                ("Augmentation", facts.Augmentation),
                ("Selection", StudyWords.Selection(facts.Study)))
            .Table(
                ["Part", "Setting", "Value"],
                SettingsWords.All(facts.Study.Configuration).Select(setting => (string[])[setting.Part, setting.Name, setting.Value]));
        if (!facts.IsPhantom)
        {
            card.Ask("Who collected the data set, how images and people were chosen, and how the labels were established.");
        }
    }

    private static void Analyses(Markdown card, StudyFacts facts)
    {
        card.Heading(2, "Quantitative analyses");
        if (facts.Results is not { Networks.Count: > 0 } results)
        {
            card.Paragraph(StudyFacts.NoFigures);
        }
        else
        {
            var figures = Table2.Rows(results);
            card
                .Paragraph(facts.Study.IsConcluded
                    ? Table2.Caption(results)
                    : "Per cent, over the folds that are finished, at threshold 0.5.")
                .Table(figures.Headers, figures.Rows, column => column > 2)
                .Heading(3, "Uncertainty")
                .Paragraph(facts.IntervalsMeaning)
                .Table(
                    ["Network", .. FigureNames.Headings],
                    results.Networks
                        .Where(network => facts.IntervalsOf(network) is not null)
                        .Select(network => Intervals(network.Name, facts.IntervalsOf(network)!)),
                    column => column > 0)
                .Table(
                    ["Network, by patient", .. FigureNames.Headings],
                    results.Networks
                        .Where(network => facts.PatientsOf(network) is not null)
                        .Select(network => Estimates(network.Name, facts.PatientsOf(network)!)),
                    column => column > 0)
                .Facts(
                    ("Between networks", facts.Distinguishable),
                    ("Seeds", facts.OverSeeds),
                    ("Wrong answers", facts.Errors),
                    ("Calibration", facts.Calibration),
                    ("Calibration that comes with the networks", facts.ShippedCalibration),
                    ("Prediction sets", facts.Sets),
                    ("Groups of people", facts.Subgroups));
            Sets(card, facts, results.Positive);
            Clinic(card, facts, results.Positive);
        }

        Audit(card, facts);
        ControlsOf(card, facts);
        Maps(card, facts);
    }

    /// <summary>Prediction sets, by groups those of the network of the highest accuracy; the report has those of all.</summary>
    private static void Sets(Markdown card, StudyFacts facts, string positive)
    {
        if (facts.JudgedSets is not [var (_, first), ..])
        {
            return;
        }

        var drawn = facts.Study.Statistics!.Drawn;
        var sets = SetTables.Of(facts.JudgedSets, positive, facts.Negative, drawn);
        card
            .Heading(3, "Prediction sets")
            .Paragraph(Lists.Sentences(SetWords.Meaning(first.Level), SetWords.JudgedOf(facts.Study), SetWords.Reach(facts.Study)))
            .Table(sets.Headers, sets.Rows, column => column > 1);
        if (facts.Study.SetGroups.Where(group => group.Network == facts.Best).ToList() is { Count: > 0 } groups)
        {
            var table = SetTables.Groups(groups, positive, facts.Negative);
            card
                .Paragraph($"{SetWords.GroupsCaption(facts.DisplayName(facts.Best!))}.")
                .Table(table.Headers, table.Rows, column => column > 1);
        }
    }

    /// <summary>Predictive values and groups of the network of the highest accuracy; the report has those of all.</summary>
    private static void Clinic(Markdown card, StudyFacts facts, string positive)
    {
        if (facts.PredictiveOf(facts.Best) is not { } of)
        {
            return;
        }

        var name = facts.DisplayName(of.Network);
        var (ratios, values) = (ClinicTables.Ratios([of]), ClinicTables.Values([of]));
        card
            .Heading(3, "Where the disease is rarer")
            .Paragraph(Lists.Sentences(
                ClinicWords.Meaning(of, positive),
                of.OfPatients ? null : ClinicWords.OfImages,
                $"{ClinicWords.ValuesCaption(name, of.OfPatients)}.",
                ClinicWords.NoRatio([of])))
            .Table(ratios.Headers, ratios.Rows, column => column > 1)
            .Table(values.Headers, values.Rows, column => column > 0);
        if (facts.HasGroups)
        {
            var groups = ClinicTables.Groups(facts.Groups, of.Network, positive, facts.Negative);
            card
                .Heading(3, "Groups of people and images")
                .Paragraph(Lists.Sentences(
                    $"{GroupWords.Caption(name)}.",
                    GroupWords.Meaning(facts.Study.Statistics!.Drawn, DesignWords.IsOneTest(facts.Design), facts.IsGiven),
                    GroupWords.Graded(facts.Groups)))
                .Table(groups.Headers, groups.Rows, column => column > 1);
        }
    }

    private static string[] Estimates(string network, Statistics.FigureIntervals of) =>
        [network, .. FigureNames.Estimates(of).Select(figure => Numbers.Estimate(figure.Value, figure.Interval))];

    private static string[] Intervals(string network, Statistics.FigureIntervals of) =>
        [network, .. FigureNames.Estimates(of).Select(ResultWords.Range)];

    private static void Audit(Markdown card, StudyFacts facts)
    {
        card.Heading(3, "Audit of the data");
        if (facts.Audit is not { } audit)
        {
            card.Paragraph(facts.Given?.NotAudited
                ?? "The data set was not audited for shortcuts, duplicates and patients across folds: there is no "
                    + $"{StudyLayout.AuditName} in the folder.");
            return;
        }

        card
            .Paragraph($"{Numbers.Counted(audit.Images, "image")} of {audit.Dataset}; gravest verdict: "
                + $"{audit.Verdict.ToString().ToLowerInvariant()}.")
            .Table(
                ["Check", "Verdict", "Finding"],
                audit.Findings.Select(finding =>
                    (string[])[finding.Check, finding.Verdict.ToString().ToLowerInvariant(), finding.Sentence]));
    }

    private static void ControlsOf(Markdown card, StudyFacts facts)
    {
        card.Heading(3, "Controls");
        if (facts.Controls is not { } report)
        {
            card.Paragraph(facts.Given?.NoControls
                ?? $"No controls were run ({ControlWords.All}): there is no {StudyLayout.ControlsName} in the folder.");
            return;
        }

        var controls = ControlsTable.Rows(report);
        card
            .Paragraph($"{facts.ControlsInWords} They ask features of networks as they were before any training on this data; random "
                + $"labels were drawn {Numbers.Counted(report.Draws, "time")}.")
            .Table(
                controls.Headers,
                controls.Rows,
                column => column > 3);
        if (facts.Study.RetrainedVerdicts is { Count: > 0 } retrained)
        {
            card.Paragraph(ControlWords.Retrained + ".").Table(
                ["Network", "Trained on", "AUC", "95 % interval", "At chance"],
                retrained.Select(verdict => (string[])
                [
                    verdict.Network.Network,
                    ControlWords.Name(verdict.Kind),
                    Numbers.Fraction(verdict.Network.Images.Auc.Value, null),
                    verdict.Network.Images.Auc.Interval is { } interval
                        ? $"{Numbers.Fraction(interval.Low, null)} to {Numbers.Fraction(interval.High, null)}"
                        : TableData.Unknown,
                    ControlWords.Verdict(verdict.IsClean),
                ]),
                column => column is 2 or 3);
        }
    }

    private static void Maps(Markdown card, StudyFacts facts)
    {
        List<RunReport> audited = [.. facts.Study.Runs.Where(run => run.MapAudit is not null)];
        card.Heading(3, "Maps of what networks look at").Paragraph(
            facts.Given?.NoMaps ?? facts.MapsInWords ?? "No maps were made.").Table(
            ["Network", "Fold", "Images", "Evidence (log-odds)", "ROAD", "Rank correlation when randomised", "Agreement",
                "Energy in padding (%)", "Pointing game (%)"],
            audited.Select(run => (run, audit: run.MapAudit!)).Select(entry => (string[])
            [
                entry.run.Network,
                Numbers.Whole(entry.run.Fold),
                MapWords.Images(entry.audit),
                Numbers.Two(entry.audit.Figures.Evidence),
                Numbers.Two(entry.audit.Figures.Road),
                MapWords.Randomised(entry.audit),
                MapWords.Agreement(entry.audit),
                Numbers.Estimate(entry.audit.Figures.EnergyOutside.Value, entry.audit.Figures.EnergyOutside.Interval),
                entry.audit.Findings is { } findings
                    ? $"{Numbers.Estimate(entry.audit.Figures.PointingGame.Value, entry.audit.Figures.PointingGame.Interval)}; "
                        + $"chance {Numbers.Percent(findings.PointingChance, null)}"
                    : TableData.Unknown,
            ]),
            column => column > 0);
        if (audited.Count > 0)
        {
            List<RunMapAudit> audits = [.. audited.Select(run => run.MapAudit!)];
            card
                .Paragraph($"These are {MapWords.Sampling(audits)}.")
                .Facts(audited.Select(run => ($"Maps of {run.Network}", MapWords.AgainstBaselines(run.MapAudit!))))
                .Paragraph($"Agreement: {MapWords.AgreementMeaning(audits)}");
        }
    }

    private static void Ethics(Markdown card, StudyFacts facts)
    {
        card.Heading(2, "Ethical considerations").Facts(
            ("Status", facts.Warning),
            (
                "Harm",
                "a missed disease delays care and infects others, a false alarm isolates and treats without need; with figures as "
                    + "uncertain as these neither can be weighed"),
            (
                "Attack and misuse",
                "a convincing heatmap is no proof of a right answer; answers to images of another kind look as sure as any"));
        if (facts.IsPhantom)
        {
            card.Paragraph("No data of people are in this study.").Ask("Funding, its part in the study, and conflicts of interest.");
            return;
        }

        card.Ask(
            "Ethics approval or waiver, and by whom.",
            "Consent of the people whose images these are, and how the images were de-identified.",
            "Funding, its part in the study, and conflicts of interest.",
            "Known inequalities between groups that such a model could worsen.");
    }

    private static void Caveats(Markdown card, StudyFacts facts)
    {
        card
            .Heading(2, "Caveats and recommendations")
            .List([
                facts.NotTested,
                facts.Subgroups,
                .. facts.Rows.Count == 0 || facts.Shared is (0, _) ? Array.Empty<string>() : [facts.SharedPatients],
                .. facts.AuditInWords is { } audit ? [audit] : Array.Empty<string>(),
                .. facts.ControlsInWords is { } controls ? [controls] : Array.Empty<string>(),
                .. ProbastAi.InWords(facts) is { } bias ? [bias] : Array.Empty<string>(),
                facts.HasPatients
                    ? $"The figures of Table 2 are of single {(facts.IsGiven ? "images" : "slices")}; those of people stand beside their "
                        + "intervals."
                    : $"The figures here are of single {(facts.IsGiven ? "images" : "slices")}, not of people.",
                "Test before any use: data from elsewhere, groups of people, and a comparison with readers.",
                .. facts.Notes.Select(note => $"What a reader has to know: {note}"),
            ])
            .Ask("What else limits the results, and what should be done next.");
    }
}
