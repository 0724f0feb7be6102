using System.Globalization;
using System.Xml.Linq;
using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>What the figures are worth: intervals, what networks can be told apart, controls, and the audit of the data.</summary>
internal static class TrustSection
{
    // Coarser and coarser.
    private static readonly GroupBy[] Ways = [GroupBy.Image, GroupBy.Patient, GroupBy.Source, GroupBy.Collection];

    public static XElement? Of(StudyReport study, StudyFigures names) => study.Statistics is not { } statistics ? null : Element(
        "section", Attribute("id", "trust"),
        Element("h2", "What the figures are worth"),
        Element("p", ResultWords.HowIntervals(statistics.Drawn)),
        Intervals(
            "table-intervals",
            "Figures of images in per cent, with 95 % intervals",
            statistics.Networks.Select(network => (network.Network, (FigureIntervals?)network.Images))),
        statistics.Networks.Any(network => network.Patients is not null)
            ? Intervals(
                "table-patients",
                ResultWords.Patients(
                    statistics.Networks.First(network => network.Patients is not null).PatientFolds,
                    DesignWords.IsOneTest(study.Results!)),
                statistics.Networks.Select(network => (network.Network, network.Patients)))
            : null,
        statistics.Comparisons.Select(comparison => Pairs(comparison, statistics.Drawn)),
        study.Given is not null && statistics.Comparisons.Any(PairWords.IsOfFolds)
            ? Element("p", Class("small"), ForeignWords.TrainedAnew)
            : null,
        ByWays(study, names),
        Controls(study),
        Retrained(study),
        Audit(study));

    /// <summary>A table of figures with intervals, a row a name.</summary>
    public static XElement Intervals(string id, string caption, IEnumerable<(string Name, FigureIntervals? Figures)> rows) => HtmlTable.Of(
        id,
        caption,
        [new("Network"), .. FigureNames.All.Select(figure => new Column(figure.Heading, true))],
        rows.Where(row => row.Figures is not null).Select(row => Element("tr", RowHeading(row.Name), Cells(row.Figures!))));

    /// <summary>The six figures with their intervals.</summary>
    public static IEnumerable<XElement> Cells(FigureIntervals figures) =>
        FigureNames.Estimates(figures).Select(figure =>
            Number(Numbers.Estimate(figure.Value, figure.Interval), figure.Value?.ToString("R", CultureInfo.InvariantCulture)));

    private static IEnumerable<object?> Pairs(Distinguishable compared, ClusterUnit drawn)
    {
        if (PairWords.Sentences(compared, drawn) is not { } sentences)
        {
            yield break;
        }

        yield return Element("p", sentences);
        yield return Element(
            "details",
            Element("summary", $"Each pair by {compared.Figure}"),
            HtmlTable.Of(
                $"table-pairs-{compared.Figure.ToLowerInvariant()}", PairWords.Caption(compared.Figure),
                [
                    new("Better"), new("Than"), new("Difference", true), new($"p, other {ResultWords.Units(drawn)}", true),
                    new("p, trained anew", true),
                ],
                compared.Pairs.Select(pair => Element(
                    "tr",
                    RowHeading(pair.Better),
                    Text(pair.Worse),
                    Number(Numbers.Points(pair.Difference.Value, pair.Difference.Interval), Exact("x", pair.Difference.Value).Value),
                    Number(PairWords.PValue(pair.PValue), Exact("x", pair.PValue).Value),
                    Number(PairWords.PValue(pair.ResampledPValue), Exact("x", pair.ResampledPValue).Value)))));
    }

    private static IEnumerable<object> ByWays(StudyReport study, StudyFigures names)
    {
        var rows =
            (from network in study.Controls?.Networks ?? []
             from classifier in Enum.GetValues<ControlReport.Classifier>()
             let found = Ways.Select(way => OnData(network, classifier, way)).ToArray()
             where found.OfType<ControlReport.Result>().Skip(1).Any()
             select (network.Network, Classifier: classifier, Found: found)).ToList();
        if (rows.Count == 0)
        {
            yield break;
        }

        int[] shown = [.. Enumerable.Range(0, Ways.Length).Where(way => rows.Exists(row => row.Found[way] is not null))];
        yield return Element("h3", Lists.Capital(Lists.Listed(shown.Select(way => $"by {DesignWords.Unit(Ways[way])}"))));
        yield return Element(
            "p",
            "The same features, before any training on this data, with the same classifiers: what a way of drawing folds loses against the "
                + "one before is what images of one patient, source or collection gave away. ",
            "The networks’ own figures under the other way of drawing folds take a second study, which a report can put beside this one.");
        yield return HtmlTable.Of(
            "table-by-image-and-patient", "Area under the ROC curve in per cent, with 95 % intervals, on features fitted to no label",
            [
                new("Features of"), new("Classifier"), .. shown.Select(way => new Column($"Folds by {DesignWords.Unit(Ways[way])}", true)),
                .. shown.Skip(1).Select(way => new Column($"Lost by {DesignWords.Unit(Ways[way])}", true)),
            ],
            rows.Select(row => Element(
                "tr",
                RowHeading(names.DisplayName(row.Network)),
                Text(ControlWords.Name(row.Classifier)),
                shown.Select(way => Number(Numbers.Estimate(row.Found[way]?.Auc, row.Found[way]?.Interval))),
                shown.Zip(shown.Skip(1), (before, way) => Number(Numbers.Points(row.Found[before]?.Auc - row.Found[way]?.Auc, null))))));
    }

    private static ControlReport.Result? OnData(ControlReport.Entry network, ControlReport.Classifier classifier, GroupBy folds) =>
        network.Results.FirstOrDefault(result => (result.Kind, result.Folds, result.Classifier) == (ControlKind.Real, folds, classifier));

    private static IEnumerable<object> Controls(StudyReport study)
    {
        yield return Element("h3", "Controls");
        if (study.Controls is not { } controls)
        {
            yield return Element("p", study.Given is { } given ? GivenWords.Of(given).NoControls : ControlWords.None);
            yield break;
        }

        yield return Element("p", ControlWords.Outcome(controls.Verdicts, study.Audit?.Shortcut));
        yield return HtmlTable.Of(
            "table-controls",
            ControlWords.Caption(controls),
            [new("Features of"), new("Control"), new("Folds by"), new("Classifier"), new("AUC ± standard error", true),
                new("95 % interval", true), new("Accuracy", true), new("Seen from", true), new("At chance")],
            controls.Verdicts.Select(verdict => Element(
                "tr",
                RowHeading(verdict.Network),
                Text(ControlWords.Name(verdict.Result)),
                Text(DesignWords.Unit(verdict.Result.Folds, study.Dataset)),
                Text(ControlWords.Name(verdict.Result.Classifier)),
                Number(Numbers.Percent(verdict.Result.Auc, verdict.Result.StandardError)),
                Number(verdict.Result.Interval is { } interval ? Numbers.Range(interval) : Numbers.Unknown),
                Number(Numbers.Percent(verdict.Result.Accuracy, null)),
                Number(Numbers.Percent(verdict.Detectable, null)),
                Text(ControlWords.Verdict(verdict.IsClean))))
                .Concat(FormatOnly(study.Audit?.Shortcut, study.Dataset)).Concat(FormatOnly(study.Audit?.Baseline, study.Dataset)));
    }

    /// <summary>The audit's probe is the control that sees files and no anatomy.</summary>
    private static IEnumerable<XElement> FormatOnly(ShortcutProbeResult? shortcut, string dataset) => shortcut is null ? [] :
    [
        Element(
            "tr",
            RowHeading("files, not anatomy"),
            Text("format only"),
            Text(DesignWords.Unit(shortcut.GroupBy, dataset)),
            Text("random forest"),
            Number(Numbers.Percent(shortcut.All.Auc, null)),
            Number(Numbers.Unknown),
            Number(Numbers.Estimate(shortcut.All.Accuracy, shortcut.All.AccuracyInterval)),
            Number(Numbers.Unknown),
            Text(ControlWords.Verdict(ControlWords.IsAtChance(shortcut)))),
    ];

    /// <summary>The controls that networks were trained anew for: chance is an area of one half.</summary>
    private static XElement? Retrained(StudyReport study)
    {
        var rows = study.RetrainedVerdicts;
        return rows.Count == 0 ? null : HtmlTable.Of(
            "table-retrained", ControlWords.Retrained,
            [new("Network"), new("Control"), new("Folds by"), new("Epochs", true), new("AUC", true), new("Accuracy", true),
                new("At chance")],
            rows.Select(row => Element(
                "tr",
                RowHeading(row.Network.Network),
                Text(ControlWords.Name(row.Kind)),
                Text(DesignWords.Unit(DesignWords.Of(row.Study.Results!))),
                Number(Numbers.Whole(row.Study.Options.Training.Epochs)),
                Number(Numbers.Estimate(row.Network.Images.Auc.Value, row.Network.Images.Auc.Interval)),
                Number(Numbers.Estimate(row.Network.Images.Accuracy.Value, row.Network.Images.Accuracy.Interval)),
                Text(ControlWords.Verdict(row.IsClean)))));
    }

    private static IEnumerable<object> Audit(StudyReport study)
    {
        yield return Element("h3", "Audit of the data");
        if (study.Audit is not { } audit)
        {
            yield return Element("p", study.Given is { } given ? GivenWords.Of(given).NotAudited : DataWords.NotAudited);
            yield break;
        }

        yield return Element("p", $"Looked for before training; the gravest verdict is “{audit.Verdict.ToString().ToLowerInvariant()}”.");
        yield return HtmlTable.Of(
            "table-audit", "What the audit found",
            [new("Verdict"), new("Check"), new("Finding")],
            audit.Findings.OrderByDescending(finding => finding.Verdict).Select(finding => Element(
                "tr", RowHeading(finding.Verdict.ToString()), Text(finding.Check), Element("td", finding.Sentence, Evidence(finding)))));
        if (audit.Shortcut is { } shortcut)
        {
            yield return HtmlTable.Of(
                "table-shortcuts", ControlWords.Probe(shortcut, study.Dataset),
                [new("By"), new("Accuracy", true), new("Balanced accuracy", true), new("AUC", true)],
                Scores(shortcut).Select(score => Element(
                    "tr",
                    RowHeading(score.Name),
                    Number(Numbers.Percent(score.Accuracy, null)),
                    Number(Numbers.Percent(score.BalancedAccuracy, null)),
                    Number(Numbers.Percent(score.Auc, null)))));
        }
    }

    private static XElement? Evidence(AuditFinding finding) => finding.Evidence.Count == 0 ? null : Element(
        "details", Element("summary", "Evidence"), Element("ul", finding.Evidence.Select(line => Element("li", Class("path"), line))));

    private static IEnumerable<ShortcutProbeResult.Score> Scores(ShortcutProbeResult shortcut) =>
        [shortcut.All, .. shortcut.Groups, .. shortcut.Features.Take(8)];
}
