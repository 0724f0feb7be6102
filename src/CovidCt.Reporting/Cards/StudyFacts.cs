using CovidCt.Audit;
using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
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

    /// <summary>What a document begins with: of other people's models nobody here can say whether they are a device.</summary>
    public string Warning => Study.Given is { Tested: null } ? "Judged by a research tool: nothing here is a diagnosis." : NotADevice;

    private const string RunPredictions = $"runs/*/{StudyLayout.PredictionsName}";
    private readonly Dictionary<string, BackboneSpec> _specs = BackboneSpec.All.ToDictionary(spec => spec.Name);

    private StudyFacts(StudyReport study) => Study = study;

    public StudyReport Study { get; }

    /// <summary>The images and the folds that test them: those of <c>folds.csv</c>, else those that were tested.</summary>
    public IReadOnlyList<FoldRow> Rows => Study.Images;

    /// <summary>Whether <see cref="Rows"/> are all that the study has.</summary>
    public bool KnowsAllRows => Study.KnowsEveryImage;

    /// <summary>The file that <see cref="Rows"/> are from.</summary>
    public string RowsFile =>
        Study.Folding.Count > 0 ? StudyLayout.FoldsName : Study.IsConcluded ? StudyLayout.PredictionsName : RunPredictions;

    /// <summary>The file that figures are from.</summary>
    public string ResultsFile => Study.IsConcluded ? StudyLayout.ResultsName : RunPredictions;

    public DatasetAuditReport? Audit => Study.Audit;

    public ControlReport? Controls => Study.Controls;

    /// <summary>Whether what is judged is no study: predictions that were made elsewhere, or a network that was tested.</summary>
    public bool IsGiven => Given is not null;

    /// <summary>What is known of such answers, in words; null of a study.</summary>
    public GivenWords? Given => Study.Given is { } given ? GivenWords.Of(given) : null;

    /// <summary>What could not be read or does not agree.</summary>
    public IReadOnlyList<string> Notes => Study.Notes;

    public CrossValidationReport? Results => Study.Results;

    public bool IsPhantom => Study.IsPhantom;

    public bool IsExternal => Design == DesignWords.OtherDataset;

    public string GroupBy => Results?.GroupBy ?? Study.Options.GroupBy.Name;

    public string Title => DataWords.Title(Study.Dataset, IsPhantom);

    public bool HasPatients => Rows.Count > 0 && Rows.All(row => row.Patient is not null);

    public IReadOnlyList<RunMapAudit> MapAudits => [.. Study.Runs.Select(run => run.MapAudit).OfType<RunMapAudit>()];

    /// <summary>How far the study has come; null where it is finished.</summary>
    public string? Unfinished
    {
        get
        {
            if (Study.IsComplete)
            {
                return null;
            }

            var done = $"{Numbers.Whole(Study.Runs.Count(run => run.IsFinished))} of {Numbers.Whole(Study.Runs.Count)} "
                + "runs are done";
            var noResults = Study.IsConcluded ? "" : $", and there is no {StudyLayout.ResultsName} yet";
            return $"The study is not finished: {done}{noResults}. What is said here is of what is there.";
        }
    }

    public string Networks => Lists.Listed(Study.Networks.Select(DisplayName));

    public string Task => Results is { Classes.Count: 2 } results
        ? $"to tell {DataWords.Class(results.Positive)} (positive) from "
            + $"{DataWords.Class(results.Classes.First(name => name != results.Positive))} on {Images}"
        : $"to tell classes apart on {Images}";

    public string Images => Study.Given is { Tested: null } ? "images" : DataWords.Images(IsPhantom);

    /// <summary>How training and test part come about: what <see cref="DesignWords"/> is asked by.</summary>
    public string Design => DesignWords.Of(GroupBy, Study.Dataset);

    public string DesignInWords => IsExternal ? DesignWords.External(Study.Dataset) : DesignWords.Phrase(GroupBy, Study.Folds, Seed);

    public long Seed => Results?.Seed ?? Study.Options.Seed;

    public IReadOnlyList<string> Classes =>
        Results?.Classes ?? [.. Rows.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Images, patients and classes.</summary>
    public string? Counts => Rows.Count == 0 ? null : DataWords.Counts(Rows, Classes, KnowsAllRows || IsGiven);

    public string? Rejected => Given is { } given ? given.LeftOut
        : Study.IsConcluded && Results is { } results ? DataWords.Rejected(results.Rejected.Count)
        : null;

    /// <summary>Test images whose patient is in the training part too, and all test images.</summary>
    public (int Shared, int Images)? Shared => Study.SharedPatients;

    public string SharedPatients => Given is { } given
        ? given.SharedPatients(Rows, DesignWords.IsOneTest(Design))
        : DataWords.SharedPatients(Shared, Rows.Count > 0 && !HasPatients, GroupBy == Data.GroupBy.Patient.Name, Study.KnowsEveryFold);

    public IReadOnlyList<int> Folds => [.. Rows.Select(row => row.Fold).OfType<int>().Distinct().Order()];

    public string Recipe => RecipeWords.Name(Study.Options) + RecipeWords.Phrase(Study.Options.Training, Seed);

    public string Schedule => RecipeWords.Schedule(Study.Options.Training.Epochs);

    public string Augmentation => RecipeWords.Augmentation(Study.Options.Training.Augmentation);

    public string Preprocessing => RecipeWords.Preprocessing(Study.Options.Canvas.Fit);

    public string Versions => MachineWords.Versions(Study.Machines);

    public string Device => MachineWords.Machine(Study.Machines);

    public bool KnowsOrigins => Study.Networks.All(network => OriginOf(network) is { IsKnown: true });

    /// <summary>The figures in a sentence; null where there are none.</summary>
    public string? Figures => OfNetworks(network => ResultWords.Figures(DisplayName(network.Name), network)) is { } figures
        ? $"{ResultWords.Unit(Design, Study.IsComplete)}: {figures}"
        : null;

    /// <summary>The intervals in a sentence; null where there are none.</summary>
    public string? Intervals => OfNetworks(network =>
        IntervalsOf(network) is { } intervals ? ResultWords.Intervals(DisplayName(network.Name), intervals) : null);

    /// <summary>What the intervals are, and what they leave out.</summary>
    public string IntervalsMeaning => ResultWords.IntervalsMeaning(Drawn);

    /// <summary>The same of intervals for which seeds are drawn too.</summary>
    public string IntervalsMeaningOverSeeds => ResultWords.IntervalsMeaning(Drawn, overSeeds: true);

    /// <summary>What the networks came to over all seeds, or which of them these are; null where each was trained once.</summary>
    public string? OverSeeds => SeedWords.InWords(Study, DisplayName);

    public string? Distinguishable =>
        Study.Statistics is { Comparisons: [var accuracy, ..], Drawn: var drawn } ? PairWords.Sentences(accuracy, drawn) : null;

    /// <summary>What the networks got wrong.</summary>
    public string? Errors => OfNetworks(network => ResultWords.Errors(DisplayName(network.Name), network.Total, Results!.Positive));

    /// <summary>How far each network's probabilities can be taken at their word, over all test images.</summary>
    public string? Calibration => OfNetworks(network => StatisticsOf(network) is { } of
        ? ProbabilityWords.Judged(DisplayName(network.Name), of.Probabilities)
        : null);

    /// <summary>What lies beside the trained networks, and what calibrated probabilities are worth; null where no run is done.</summary>
    public string? ShippedCalibration => Figures is null ? null : Lists.Sentences(
        ProbabilityWords.Shipped(Study),
        OfNetworks(network => StatisticsOf(network) is { Calibrated: { } calibrated } of
            ? $"{CalibrationsOf(of)} calibrated, {ProbabilityWords.Worth(calibrated)}"
            : null),
        OfNetworks(network => StatisticsOf(network) is { } of ? ProbabilityWords.Effect(DisplayName(network.Name), of) : null));

    private string CalibrationsOf(NetworkStatistics of)
    {
        List<NetworkCalibration> fitted = [.. of.Calibrations.Values.OfType<NetworkCalibration>()];
        return fitted.Count == 0 ? $"{DisplayName(of.Network)}:" : $"{ProbabilityWords.Calibrations(DisplayName(of.Network), fitted)};";
    }

    /// <summary>What prediction sets come to, and which come with the networks; null where no run is done.</summary>
    public string? Sets => Figures is null ? null : Lists.Sentences(
        OfNetworks(network => StatisticsOf(network)?.Sets is { } sets
            ? SetWords.InWords(DisplayName(network.Name), sets, Results!.Positive, Negative)
            : null),
        SetWords.Shipped(Study));

    /// <summary>What the sets of the networks come to; none where they can't be judged.</summary>
    public IReadOnlyList<(string Network, SetStatistics Sets)> JudgedSets =>
    [
        .. (Results?.Networks ?? []).Select(network => (network.Name, StatisticsOf(network)?.Sets)).Where(of => of.Sets is not null)
            .Select(of => (of.Name, of.Sets!)),
    ];

    /// <summary>Accuracy on the training part in the last epoch, over the finished runs.</summary>
    public string? TrainingAccuracy => Joined(Study.Networks.Select(network =>
    {
        List<double> ends = [.. Study.RunsOf(network).Where(run => run.History.Count > 0).Select(run => run.History[^1].Accuracy)];
        return ends.Count == 0 ? null : $"{DisplayName(network)} {Numbers.Percent(ends.Average())} %";
    }));

    public string NotTested => Given is { } given ? given.NotFromElsewhere
        : IsExternal ? DataWords.TestedElsewhere
        : DataWords.NothingFromElsewhere;

    /// <summary>Which groups of people there are figures of, and which there are not.</summary>
    public string Subgroups => IsPhantom ? DataWords.NoGroups
        : HasGroups
        ? Lists.Sentences(GroupWords.Told(Groups), GroupWords.OneClass(Groups, Results!.Positive, Negative), GroupWords.LeftOut(Groups))
        : GroupWords.LeftOut(Groups) ?? DataWords.GroupsUnknownOf(Study);

    /// <summary>Figures by column.</summary>
    public IReadOnlyList<Subgroups> Groups => Study.Subgroups;

    /// <summary>Whether there are figures of groups of people or images.</summary>
    public bool HasGroups => GroupWords.Told(Groups) is not null;

    /// <summary>The name of the class that isn't the positive one.</summary>
    public string Negative => Classes.First(name => name != Results?.Positive);

    /// <summary>Of how many images each column has a value; null without columns.</summary>
    public string? Completeness => DataWords.Completeness(Rows, Classes, Study.Columns);

    /// <summary>The figures of patients in a sentence; null where patients are unknown.</summary>
    public string? PatientFigures => OfNetworks(network => StatisticsOf(network)?.Patients is { } patients
        ? ResultWords.Estimates(DisplayName(network.Name), patients)
        : null) is { } figures
        ? $"By patient, in per cent with 95 % intervals: {figures}"
        : null;

    /// <summary>Likelihood ratios and predictive values in a sentence; null where there are none.</summary>
    public string? Predictive => OfNetworks(network =>
        PredictiveOf(network.Name) is { } of ? ClinicWords.InWords(DisplayName(network.Name), of) : null);

    /// <summary>The network of the highest accuracy, by its published name; null where none has one.</summary>
    public string? Best => Results is { } results && Ranking.ByAccuracy(results) is [var best, ..] ? best.Name : null;

    /// <summary>The intervals of the figures of patients; null where patients are unknown.</summary>
    public FigureIntervals? PatientsOf(NetworkResult network) => StatisticsOf(network)?.Patients;

    /// <summary>Likelihood ratios and predictive values of a network; null where there are none.</summary>
    public PredictiveValues? PredictiveOf(string? network) => Study.PredictiveValues.FirstOrDefault(of => of.Network == network);

    public string? AuditInWords
    {
        get
        {
            List<AuditFinding> found = [.. (Audit?.Findings ?? []).Where(finding => finding.Verdict >= AuditVerdict.Warning)];
            return Audit is null ? null
                : found.Count == 0 ? "The audit of the data found nothing that flatters figures."
                : Lists.Sentences(found.Select(finding => $"{finding.Verdict}: {finding.Sentence}"));
        }
    }

    public string? ControlsInWords => ControlWords.InWords(Controls);

    /// <summary>Whether no source, such as a publication, is on both sides by the way the folds are drawn.</summary>
    public bool KeepsSourcesApart =>
        GroupBy is CrossValidationReport.BySource or CrossValidationReport.ByEachSource or CrossValidationReport.ByCollection;

    /// <summary>What files alone give away; null where the data were not audited.</summary>
    public string? Baseline => ControlWords.Baseline(Study);

    public string? MapsInWords =>
        MapWords.InWords([.. Study.Runs.SelectMany(run => run.Maps).Select(map => map.MethodName)], MapAudits.Count);

    public static StudyFacts Of(StudyReport study) => new(study);

    /// <summary>What training of a network began with; null before any of its runs has begun.</summary>
    public WeightsOrigin? OriginOf(string network) =>
        Study.Runs.Where(run => run.Network == network).Select(run => run.Configuration)
            .FirstOrDefault(made => made is not null) is { } first
            ? WeightsOrigin.Of(network, first.InitialWeights)
            : null;

    public BackboneSpec? SpecOf(string network) => _specs.GetValueOrDefault(network);

    public string DisplayName(string network) => SpecOf(network)?.DisplayName ?? network;

    /// <summary>The network's input, width × height; null of an unknown network.</summary>
    public string? InputOf(string network) =>
        (Study.Options.InputSize ?? (SpecOf(network) is { } spec ? Study.Options.InputOf(spec) : null))?.ToString();

    /// <summary>Intervals of a network's figures; null where its predictions are not those that the figures are of.</summary>
    public FigureIntervals? IntervalsOf(NetworkResult network) => StatisticsOf(network)?.Images;

    private ClusterUnit Drawn => Study.Statistics?.Drawn ?? (HasPatients ? ClusterUnit.Patient : ClusterUnit.Image);

    private NetworkStatistics? StatisticsOf(NetworkResult network) =>
        Study.Statistics?.Networks.FirstOrDefault(of => of.Network == network.Name && of.Images.Values == network.Mean);

    /// <summary>What there is to say of each network, in one sentence; null where there is nothing.</summary>
    private string? OfNetworks(Func<NetworkResult, string?> of) => Joined((Results?.Networks ?? []).Select(of));

    private static string? Joined(IEnumerable<string?> parts)
    {
        List<string> known = [.. parts.OfType<string>()];
        return known.Count == 0 ? null : $"{string.Join("; ", known)}.";
    }
}
