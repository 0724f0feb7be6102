using System.Globalization;
using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Cards.Signal;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// What a study's folder, and what is published of its data set, say to the signalling questions of PROBAST+AI; null as long as the
/// folder doesn't hold it yet.
/// </summary>
internal static class Signals
{
    private const int FewestPeople = 100; // Collins, Ogundimu and Altman, Statistics in Medicine 2016, 35, 214-226.
    private const string Drawings = "The images are drawings, of nobody.";
    private const string Study = StudyLayout.ConfigurationName;

    public static Signal Sources(StudyFacts facts, PublicDataset? data)
    {
        if (facts.IsPhantom)
        {
            return NotApplicable(Drawings, Answers.DrawingFolder);
        }

        return data?.Sources ?? (Betrayed(facts) is { } betrayed
            ? ProbablyNo($"The classes differ as files of different sources do. {betrayed.Sentence}", StudyLayout.AuditName)
            : NoInformation(
                "How people and images came into the data set is not in the folder.",
                Answer.Program,
                "Where people and images come from, and how well that is documented."));
    }

    public static Signal Design(StudyFacts facts, PublicDataset? data) => OfPeople(
        facts, data?.Design, "How the data were collected is not in the folder.", "The design by which people were taken in.");

    public static Signal Representative(StudyFacts facts, PublicDataset? data) => OfPeople(
        facts, data?.Representative, "Who was left out, and why, is not in the folder.", "Whom the data stand for, and who was left out.");

    public static Signal SamePredictors(StudyFacts facts, PublicDataset? data) => facts switch
    {
        { IsPhantom: true } => Yes("One program draws all images.", Answers.DrawingFolder),
        _ when Betrayed(facts) is { } betrayed => No(betrayed.Sentence, StudyLayout.AuditName),
        { Audit: { Shortcut: not null } } => ProbablyYes(
            "The audit found little in the files, besides anatomy, that tells the classes apart.",
            StudyLayout.AuditName,
            "Scanners, protocols and windows."),
        _ => NoInformation(
            "How the images of either class were made is not in the folder, and the audit does not say whether their files differ.",
            Answer.Program,
            "Scanners, protocols and windows."),
    };

    public static Signal SamePreparation(StudyFacts facts, PublicDataset? data) => ProbablyYes(
        "The program does the same to every image, whatever its class.",
        Answer.Program,
        facts.IsPhantom ? null : "What was done to the images before they came into the data set.");

    public static Signal Blind(StudyFacts facts, PublicDataset? data) => facts.IsPhantom
        ? NotApplicable(Drawings, Answers.DrawingFolder)
        : data?.Blind ?? NoInformation(
            "Pixels are read without labels; who chose the slices, knowing what, is not in the folder.",
            Answer.Program,
            "Who chose the slices, and whether they knew the diagnosis.");

    public static Signal Available(StudyFacts facts, PublicDataset? data) =>
        Yes("A network asks for one slice and nothing else.", Answer.Program);

    public static Signal Outcome(StudyFacts facts, PublicDataset? data) => OfLabels(
        facts, data?.Outcome, "How labels were established is not in the folder.", "How labels were established.");

    public static Signal SameOutcome(StudyFacts facts, PublicDataset? data) => OfLabels(
        facts,
        data?.SameOutcome,
        "Whether labels of both classes were established in one way is not in the folder.",
        "Whether labels of both classes were established in one way.");

    public static Signal OutcomeBlind(StudyFacts facts, PublicDataset? data) => OfPeople(
        facts,
        null,
        "Whether labels were given without looking at the image is not in the folder.",
        "Whether labels rest on the images themselves.");

    public static Signal Interval(StudyFacts facts, PublicDataset? data) => OfPeople(
        facts,
        null,
        "The time between scan and diagnosis is not in the folder.",
        "The time between scan and diagnosis.");

    public static Signal? DevelopmentSize(StudyFacts facts, PublicDataset? data)
    {
        var smallest = facts.Study.Networks.Select(facts.SpecOf).OfType<BackboneSpec>().MinBy(spec => spec.Parameters);
        return facts.Counts is not { } counts ? null : No(
            Lists.Sentences(
                $"None was computed. {counts}",
                smallest is null ? null : $"The smallest network has {Millions(smallest.Parameters)} million parameters."),
            facts.RowsFile);
    }

    public static Signal GrayLevels(StudyFacts facts, PublicDataset? data) =>
        Yes("Gray levels are taken as they are, and are not cut into categories.", Answer.Program);

    public static Signal? Missing(StudyFacts facts, PublicDataset? data) => facts.Rejected is not { } rejected ? null
        : facts.Results!.Rejected.Count == 0
        ? Yes("No file was rejected, and an image is all the input that there is.", facts.ResultsFile)
        : ProbablyNo($"{rejected} Whether they differ from the others was not looked at.", facts.ResultsFile);

    public static Signal Balanced(StudyFacts facts, PublicDataset? data) =>
        NotApplicable("Images are neither weighted nor drawn more often.", Answer.Program);

    public static Signal Overfitting(StudyFacts facts, PublicDataset? data)
    {
        var augmented = Augments(facts.Study.Options.Training.Augmentation);
        var pretrained = facts.Results?.Networks.Any(network => network.Initialization == NetworkResult.ImageNet) == true;
        return !augmented && !pretrained
            ? No("Training images are not augmented, and networks began at random.", Study)
            : ProbablyYes(
                Lists.Sentences(
                    augmented ? "Training images are augmented." : null,
                    pretrained ? "Training began with weights that were learned on other images." : null,
                    "Nothing is kept aside to stop early by."),
                Study);
    }

    public static Signal BeyondApparent(StudyFacts facts, PublicDataset? data) => Yes(
        $"By {facts.DesignInWords}: each image is answered by a network that was not trained on it.", Study);

    public static Signal? EvaluationSize(StudyFacts facts, PublicDataset? data)
    {
        List<FoldRow> tested = [.. facts.Rows.Where(row => row.Fold is not null)];
        if (tested.Count == 0)
        {
            return null;
        }

        if (!facts.HasPatients)
        {
            return NoInformation(
                $"{Numbers.Counted(tested.Count, "image")} are tested; how many people they are of is not known.",
                facts.RowsFile,
                "How many people they are of.");
        }

        var people = tested.GroupBy(row => row.Label).ToDictionary(rows => rows.Key, DataWords.PatientsOf);
        var each = people.OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => $"{Numbers.Counted(count.Value, "patient")} of {count.Key}");
        var counts = $"Tested are {Lists.Listed(each)}; {Numbers.Whole(FewestPeople)} of each are a usual least number.";
        return people.Count > 1 && people.Values.Min() >= FewestPeople
            ? ProbablyYes(counts, facts.RowsFile)
            : No(counts, facts.RowsFile);
    }

    public static Signal? Leakage(StudyFacts facts, PublicDataset? data) => facts switch
    {
        { Rows.Count: 0 } => null,
        { HasPatients: false } => NoInformation(facts.SharedPatients, facts.RowsFile, "Which images are of one person."),
        { Shared: ( > 0, _) } => No(facts.SharedPatients, facts.RowsFile),
        { Shared: null } when facts.GroupBy != GroupBy.Patient.Name => null,
        { IsPhantom: true } => Yes(facts.SharedPatients, facts.RowsFile),
        _ when IsTest(facts) && data is { ChoseTheRecipe: true } => ProbablyNo(
            $"{facts.SharedPatients} But the paper chose its recipe by results on this data set.", facts.RowsFile),
        _ when data?.SharedOrigin is { } shared && facts is { IsExternal: false } && !facts.KeepsSourcesApart =>
            ProbablyNo($"{facts.SharedPatients} {shared}", data.Reference),
        _ => ProbablyYes(facts.SharedPatients, facts.RowsFile, "Whether images of one hospital, scanner or publication are on both sides."),
    };

    public static Signal Repeated(StudyFacts facts, PublicDataset? data) => facts switch
    {
        _ when IsTest(facts) => NotApplicable("Nothing is resampled: there is one training and one test part.", Study),
        { IsPhantom: true } => Yes("Every fold is trained from the beginning, by a recipe that was chosen on other drawings.", Study),
        _ when data is { ChoseTheRecipe: true } => ProbablyNo(
            "Every fold is trained from the beginning, but the paper chose its recipe by results on this data set, which no fold repeats.",
            Study),
        _ => ProbablyYes("Every fold is trained from the beginning.", Study, "Whether the recipe was tried out on this data set before."),
    };

    public static Signal? Performance(StudyFacts facts, PublicDataset? data) => facts.Figures is null ? null : ProbablyYes(
        "Discrimination, calibration and net benefit of the probabilities are in the report, and what calls at a threshold of 0.5 come "
            + "to at other shares of the disease.",
        StudyLayout.ReportName,
        "Whether these are the right ones for the intended use.");

    /// <summary>What the audit found that tells classes apart without anatomy, where it weighs something.</summary>
    private static AuditFinding? Betrayed(StudyFacts facts) => facts.Audit?.Findings
        .FirstOrDefault(finding => finding is { Check: AuditFinding.Shortcut, Verdict: >= AuditVerdict.Warning });

    private static Signal OfPeople(StudyFacts facts, Signal? known, string unknown, string rest) => facts.IsPhantom
        ? NotApplicable(Drawings, Answers.DrawingFolder)
        : known ?? NoInformation(unknown, Answer.Program, rest);

    private static Signal OfLabels(StudyFacts facts, Signal? known, string unknown, string rest) => facts.IsPhantom
        ? Yes("The program knows what it drew.", Answers.DrawingFolder)
        : known ?? NoInformation(unknown, Answer.Program, rest);

    private static bool IsTest(StudyFacts facts) => facts.GroupBy == CrossValidationReport.Official;

    private static bool Augments(AugmentationOptions of) =>
        of.CropFraction > 0 || of.FlipProbability > 0 || of.BlurProbability > 0 || of.NoiseDeviationMax > 0
        || of.Brightness > 0 || of.Contrast > 0 || of.CoverageMin is not null || of.RandomPlacement
        || of.Gamma > 0 || of.ResolutionMin is not null || of.JpegProbability > 0;

    private static string Millions(long parameters) => (parameters / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}
