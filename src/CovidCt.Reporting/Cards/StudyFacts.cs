using System.Text.Json.Nodes;
using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Html;
using CovidCt.Reporting.Html.Sections;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// What a study's folder says, in the plain sentences that card and checklists share. What it doesn't say is null. Nothing
/// in them names the machine's folders.
/// </summary>
internal sealed class StudyFacts
{
    /// <summary>What nobody may overlook.</summary>
    public const string NotADevice = "Not a medical device, and not for diagnosis.";

    /// <summary>What stands in the place of figures before there are any.</summary>
    public const string NoFigures = "There are no figures yet: no run is finished.";

    private const string RunPredictions = "runs/*/predictions.csv";
    private readonly Dictionary<string, BackboneSpec> _specs = BackboneSpec.All.ToDictionary(spec => spec.Name);
    private readonly Dictionary<string, FigureIntervals?> _intervals = [];

    private StudyFacts(StudyReport study) => Study = study;

    public StudyReport Study { get; }

    /// <summary>The images and the folds that test them: those of <c>folds.csv</c>, else those that were tested.</summary>
    public IReadOnlyList<FoldRow> Rows => Study.Images;

    /// <summary>Whether <see cref="Rows"/> are all that the study has.</summary>
    public bool KnowsAllRows => Study.Folding.Count > 0 || (Study.KnowsEveryFold && GroupBy != CrossValidationReport.Official);

    /// <summary>The file that <see cref="Rows"/> are from.</summary>
    public string RowsFile => Study.Folding.Count > 0 ? StudyLayout.FoldsName : Study.IsConcluded ? StudyLayout.PredictionsName : RunPredictions;

    /// <summary>The file that figures are from.</summary>
    public string ResultsFile => Study.IsConcluded ? StudyLayout.ResultsName : RunPredictions;

    public DatasetAuditReport? Audit => Study.Audit;

    public ControlReport? Controls => Study.Controls;

    /// <summary>What could not be read or does not agree.</summary>
    public IReadOnlyList<string> Notes => Study.Notes;

    public CrossValidationReport? Results => Study.Results;

    public bool IsPhantom => Study.IsPhantom;

    public bool IsExternal => GroupBy == CrossValidationReport.Official && Study.Dataset.Contains(CtDataset.TestedOnWords, StringComparison.Ordinal);

    public string GroupBy => Results?.GroupBy ?? Settings.Text(Study, "groupBy") ?? "image";

    public string Title => $"{Study.Dataset}{(IsPhantom ? ", generated drawings" : "")}";

    public bool HasPatients => Rows.Count > 0 && Rows.All(row => row.Patient is not null);

    public IReadOnlyList<RunMapAudit> MapAudits => [.. Study.Runs.Select(run => run.MapAudit).OfType<RunMapAudit>()];

    /// <summary>How far the study has come; null where it is finished.</summary>
    public string? Unfinished => Study.IsComplete ? null
        : Text($"The study is not finished: {Study.Runs.Count(run => run.State == RunState.Finished)} of {Study.Runs.Count} runs are done{(Study.IsConcluded ? "" : ", and there is no results.json yet")}. What is said here is of what is there.");

    public string Networks => Listed(Study.Networks.Select(DisplayName));

    public string Task => Results is { Classes.Count: 2 } results
        ? $"to tell {results.Positive} (positive) from {results.Classes.First(name => name != results.Positive)} on {Images}"
        : $"to tell classes apart on {Images}";

    public string Images => IsPhantom ? "generated drawings that look like slices of chest CT" : "single slices of chest CT";

    public string Design => GroupBy switch
    {
        _ when IsExternal => Text($"training on one data set and testing on another ({Study.Dataset})"),
        CrossValidationReport.Official => "the data set’s own split into training and test part",
        CrossValidationReport.BySource => Text($"each of {Study.Folds} sources left out in turn, all pooled before figures are computed"),
        _ => Text($"{Study.Folds}-fold cross-validation by {GroupBy}, stratified by class, seed {Seed}: each image is tested once"),
    };

    public string Seed => Results is { } results ? FigureNumbers.Whole(results.Seed) : Settings.Text(Study, "seed") ?? "unknown";

    public IReadOnlyList<string> Classes => Results?.Classes ?? [.. Rows.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Images, patients and classes.</summary>
    public string? Counts
    {
        get
        {
            if (Rows.Count == 0)
            {
                return null;
            }

            var patients = HasPatients ? $" of {FigureNumbers.Counted(PatientsOf(Rows), "patient")}" : Rows.Any(row => row.Patient is not null) ? ", the patient of some of them unknown" : ", whose patients are unknown";
            var classes = string.Join(", ", Classes.Select(name => Text($"{Rows.Count(row => row.Label == name)} {name}")));
            return $"{FigureNumbers.Counted(Rows.Count, "image")}{patients}: {classes}{(KnowsAllRows ? "" : " in the parts tested so far")}.";
        }
    }

    public string? Rejected => !Study.IsConcluded || Results is not { } results ? null
        : results.Rejected.Count == 0 ? "No file was rejected."
        : $"{FigureNumbers.Counted(results.Rejected.Count, "file")} could not be used and {(results.Rejected.Count == 1 ? "was" : "were")} left out; the report lists them with their reasons.";

    /// <summary>Test images whose patient is in the training part too, and all test images.</summary>
    public (int Shared, int Images)? Shared => KnowsAllRows && HasPatients
        ? (Folds.Sum(fold => FoldRow.SharedPatients(Rows, fold) ?? 0), Rows.Count(row => row.Fold is not null))
        : null;

    public string SharedPatients => Shared switch
    {
        null when Rows.Count > 0 && !HasPatients => "The patients of some or all images are unknown, so nobody can say how many test images share a patient with training.",
        null when GroupBy == "patient" => "Folds are drawn by patient, so that no patient is on both sides.",
        null => "How many test images share a patient with training is not known before every fold has been drawn or tested.",
        (0, _) => "No test image is of a patient who is in the training part too.",
        var (shared, images) => $"{FigureNumbers.Percent((double)shared / images)} % of the test images ({FigureNumbers.Whole(shared)} of {FigureNumbers.Whole(images)}) are of a patient who is in the training part too: the figures are too good.",
    };

    public IReadOnlyList<int> Folds => [.. Rows.Select(row => row.Fold).OfType<int>().Distinct().Order()];

    public string Recipe => string.Join("; ", ((string?[])
    [
        Setting("training", "epochs") is { } epochs ? $"{epochs} epochs" : null,
        Setting("training", "batchSize") is { } batch ? $"batches of {batch}" : null,
        Setting("training", "lamb", "learningRate") is { } rate ? $"LAMB at an initial rate of {rate}" : "LAMB",
        Setting("training", "precision") is { } precision ? $"mixed precision with {precision}" : null,
        Setting("training", "train") is { } part ? part == "all" ? "all weights trained" : "the head alone trained" : null,
        $"seed {Seed}",
    ]).OfType<string>());

    public string? Schedule => MethodSection.Schedule(Study)?.Value;

    /// <summary>The settings of the augmentation, by their names.</summary>
    public string? Augmentation => Study.Settings["training"]?["augmentation"] is JsonObject { Count: > 0 } augmentation
        ? string.Join(", ", Settings.All(augmentation).Select(setting => $"{setting.Name.ToLowerInvariant()} {setting.Value}"))
        : null;

    public string Preprocessing =>
        $"In the same way for all: each image becomes one gray channel, copied to red, green and blue; {(Setting("canvas", "fit") == "stretch" ? "it is stretched to the network’s input" : "it is scaled to fit the network’s canvas with its aspect ratio kept, and padded")}, and normalised as the network’s ImageNet weights expect. The whole slice is used; lungs are not cut out.";

    public IEnumerable<(string Name, string Value)> Machine => MethodSection.Machine(Study.Machines);

    public string Versions => string.Join(", ", Machine.Take(Math.Max(0, Machine.Count() - 5)).Select(fact => $"{fact.Name} {fact.Value}"));

    public string Device => string.Join(", ", Machine.TakeLast(5).Where(fact => fact.Value != "not recorded").Select(fact => $"{fact.Name.ToLowerInvariant()} {fact.Value}"));

    /// <summary>What training of a network began with; null before any of its runs has begun.</summary>
    public WeightsOrigin? OriginOf(string network) => Enumerable.Range(0, Study.Folds)
        .Select(fold => new StudyLayout(Study.Folder).Run(network, fold).Configuration).Where(File.Exists)
        .Select(file => WeightsOrigin.Of(network, (JsonNode.Parse(File.ReadAllText(file)) as JsonObject)?["study"]?["initialWeights"]?.ToString()))
        .FirstOrDefault();

    public bool KnowsOrigins => Study.Networks.All(network => OriginOf(network) is { IsKnown: true });

    /// <summary>A network's figures in a sentence; null where there are none.</summary>
    public string? Figures => Results is not { Networks.Count: > 0 } results ? null : Prefixed(string.Join("; ", results.Networks.Select(network =>
        $"{DisplayName(network.Name)}: {string.Join(", ", HtmlTable.Figures.Select(figure => $"{figure.Heading} {FigureNumbers.Percent(figure.Of(network.Mean), figure.Of(network.Std))}"))}")) + ".");

    /// <summary>The intervals in a sentence; null where there are none.</summary>
    public string? Intervals
    {
        get
        {
            var known = (Results?.Networks ?? []).Select(network => (network.Name, Of: IntervalsOf(network))).Where(entry => entry.Of is not null).ToList();
            return known.Count == 0 ? null : string.Join("; ", known.Select(entry =>
                $"{DisplayName(entry.Name)}: accuracy {Range(entry.Of!.Accuracy)}, sensitivity {Range(entry.Of.Sensitivity)}, specificity {Range(entry.Of.Specificity)}, AUC {Range(entry.Of.Auc)}")) + ".";
        }
    }

    /// <summary>What the intervals are, and what they leave out.</summary>
    public string IntervalsMeaning =>
        $"95 % intervals by bootstrap (BCa) {(HasPatients ? "over patients, so that a patient’s images stay together" : "over images, since patients are unknown: they are too narrow where a patient has several")}. They hold for other people from the same source and the same trained networks, not for other hospitals, nor for the chance in training.";

    public string? Distinguishable => Results is { Networks.Count: > 1 } results
        ? StudyStatistics.ToldApart(results.Networks) + " (Corrected resampled t-test over the folds with Holm’s correction, at 0.05.)"
        : null;

    /// <summary>What a network got wrong.</summary>
    public string? Errors => Results is not { Networks.Count: > 0 } results ? null : string.Join("; ", results.Networks.Select(network =>
        Text($"{DisplayName(network.Name)}: {network.Total.FalseNegatives} of {network.Total.TruePositives + network.Total.FalseNegatives} {results.Positive} images missed, {network.Total.FalsePositives} of {network.Total.FalsePositives + network.Total.TrueNegatives} others called {results.Positive}"))) + ".";

    /// <summary>Brier score and calibration error of each network, over all test images.</summary>
    public string? Calibration
    {
        get
        {
            var known = (Results?.Networks ?? []).Select(network => (network.Name, Outcomes: OutcomesOf(network)))
                .Where(entry => entry.Outcomes.Length > 0).Select(entry => (entry.Name, Worth: ProbabilityStatistics.Of(entry.Outcomes))).ToList();
            return known.Count == 0 ? null : string.Join("; ", known.Select(entry => Text(
                $"{DisplayName(entry.Name)}: Brier score {entry.Worth.Brier:0.000}, expected calibration error {entry.Worth.CalibrationError:0.000}"))) + ".";
        }
    }

    /// <summary>Accuracy on the training part in the last epoch, over the finished runs.</summary>
    public string? TrainingAccuracy
    {
        get
        {
            var last = Study.Networks
                .Select(network => (network, Ends: Study.RunsOf(network).Where(run => run.History.Count > 0).Select(run => run.History[^1].Epoch.Accuracy).ToList()))
                .Where(entry => entry.Ends.Count > 0).ToList();
            return last.Count == 0 ? null : string.Join("; ", last.Select(entry => $"{DisplayName(entry.network)} {FigureNumbers.Percent(entry.Ends.Average())} %")) + ".";
        }
    }

    public string NotTested => IsExternal
        ? "The test images are of another data set than the training images; no third one was tested."
        : "No image came from elsewhere: how the networks do on other hospitals, scanners or people was not tested.";

    public string Subgroups => IsPhantom ? "The images are of nobody: there are no groups of people to compare." : "No figures were computed for groups of people (age, sex, severity) or scanners, since the data set as it was read does not name them.";

    public string? AuditInWords => Audit is null ? null : Audit.Findings.Where(finding => finding.Verdict >= AuditVerdict.Warning).ToList() is { Count: > 0 } found
        ? string.Join(" ", found.Select(finding => $"{finding.Verdict}: {finding.Sentence}"))
        : "The audit of the data found nothing that flatters figures.";

    public string? ControlsInWords
    {
        get
        {
            var all = (Controls?.Networks ?? []).SelectMany(network => network.Results).Where(result => result.IsClean is not null).ToList();
            var failed = all.Count(result => result.IsClean == false);
            return Controls is null ? null
                : all.Count == 0 ? "Controls were run, and none has an interval."
                : failed == 0 ? Text($"All {all.Count} controls (random labels, images without lungs) are no better than chance, as they should be.")
                : Text($"{failed} of {all.Count} controls (random labels, images without lungs) are better than chance, which they should not be: something else than the disease tells the classes apart.");
        }
    }

    public string? MapsInWords
    {
        get
        {
            var maps = Study.Runs.SelectMany(run => run.Maps).ToList();
            return maps.Count == 0 && MapAudits.Count == 0 ? null
                : $"{FigureNumbers.Counted(maps.Count, "map")} of what networks looked at{(maps.Count == 0 ? "" : $" ({Listed(maps.Select(map => map.Method).Distinct())})")}; "
                + (MapAudits.Count == 0 ? "none was audited." : $"{FigureNumbers.Counted(MapAudits.Count, "audit")} of such maps by occlusion, deletion, insertion, ROAD and randomised layers.");
        }
    }

    public static StudyFacts Of(StudyReport study) => new(study);

    public BackboneSpec? SpecOf(string network) => _specs.GetValueOrDefault(network);

    public string DisplayName(string network) => SpecOf(network)?.DisplayName ?? network;

    /// <summary>The network's input, width × height; null of an unknown network.</summary>
    public string? InputOf(string network) => Study.Settings["inputSize"] is JsonObject size
        ? $"{size["width"]}×{size["height"]}"
        : (Setting("canvas", "fit") == "stretch" ? SpecOf(network)?.Square : SpecOf(network)?.Canvas)?.ToString();

    /// <summary>Intervals of a network's figures; null where its predictions are not those that the figures are of.</summary>
    public FigureIntervals? IntervalsOf(NetworkResult network)
    {
        if (!_intervals.TryGetValue(network.Name, out var intervals))
        {
            var predictions = Study.RunsOf(network.Name).SelectMany(run => run.Predictions).ToList();
            var pooled = GroupBy == CrossValidationReport.BySource;
            intervals = predictions.Count > 0 && NetworkResult.From(network.Name, network.Initialization, predictions, Results!.Positive, pooled).Mean == network.Mean
                ? FigureIntervals.Of(predictions, Results.Positive, pooled ? FoldSummary.Pooled : FoldSummary.Mean)
                : null;
            _intervals[network.Name] = intervals;
        }

        return intervals;
    }

    /// <summary>An interval in per cent.</summary>
    public static string Range(EstimatedFigure figure) => figure.Interval is { } interval
        ? FigureNumbers.Range(interval)
        : FigureNumbers.Unknown;

    public static int PatientsOf(IEnumerable<FoldRow> rows) => rows.Select(row => row.Patient).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Names in a sentence.</summary>
    public static string Listed(IEnumerable<string> names) => names.ToList() is { Count: > 1 } several
        ? $"{string.Join(", ", several.Take(several.Count - 1))} and {several[^1]}"
        : string.Concat(names);

    /// <summary>A setting of <c>study.json</c> as text; null where it isn't there.</summary>
    public string? Setting(params ReadOnlySpan<string> path)
    {
        JsonNode? node = Study.Settings;
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node is JsonValue ? node.ToString() : null;
    }

    private (bool, double)[] OutcomesOf(NetworkResult network) =>
        [.. Study.RunsOf(network.Name).SelectMany(run => run.Predictions).OrderBy(p => p.Path, StringComparer.Ordinal).Select(p => (p.Label == Results!.Positive, p.Probability))];

    private string Prefixed(string figures) =>
        $"In per cent{(GroupBy is CrossValidationReport.BySource or CrossValidationReport.Official ? "" : ", mean over the folds ± standard deviation")}{(Study.IsComplete ? "" : ", of the finished runs")}: {figures}";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
