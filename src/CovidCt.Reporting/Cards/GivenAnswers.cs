using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// What predictions that are no study's answer of the checklists: an item that has no line here is left to people, whatever a study
/// would say to it.
/// </summary>
internal static class GivenAnswers
{
    private const string Origin = StudyLayout.EvaluationName;

    private static readonly Dictionary<Func<StudyFacts, Answer?>, Func<StudyFacts, Answer?>> Known = new()
    {
        [Answers.Technique] = Technique,
        [Answers.Summary] = Answers.Summary,
        [Answers.Goal] = Goal,
        [Answers.Source] = Source,
        [Answers.Missing] = Missing,
        [Answers.Standard] = Labels,
        [Answers.TestLabels] = Labels,
        [Answers.Partitions] = Partitions,
        [Answers.Disjoint] = facts => new(facts.SharedPatients, facts.RowsFile, "What the models were trained on."),
        [Answers.Size] = Answers.Size,
        [Answers.Metrics] = Metrics,
        [Answers.Uncertainty] = Uncertainty,
        [Answers.Robustness] = facts => new(
            $"{facts.Given!.NoControls} {facts.Given.NotAudited}", Origin, "Whatever else was done to see how robust the figures are."),
        [Answers.ExternalData] = facts => new(facts.NotTested, Origin, "Where the images come from, and those of training."),
        [Answers.Flow] = facts => new(
            $"{facts.Counts} {facts.Given!.LeftOut}",
            facts.RowsFile,
            "How many people and images there were before, and why some are not here."),
        [Answers.Characteristics] = Characteristics,
        [Answers.Severity] = Answers.Severity,
        [Answers.Fairness] = facts => new(
            facts.Subgroups, facts.RowsFile, "What was done for fairness, and whether these are the groups that matter."),
        [Answers.Estimates] = Answers.Estimates,
        [Answers.AllPartitions] = facts => facts.Figures is { } figures
            ? new(figures, facts.ResultsFile, "Figures on the images of training.")
            : null,
        [Answers.Failures] = Answers.Failures,
        [Answers.CrossTabulation] = Answers.CrossTabulation,
        [Answers.ErrorAnalysis] = Answers.ErrorAnalysis,
        [Answers.Prevalence] = Answers.Prevalence,
        [Answers.Limitations] = facts => new(
            Lists.Sentences(facts.Given!.Unknown, facts.SharedPatients, facts.NotTested, facts.Subgroups, facts.Given.NotAudited),
            facts.RowsFile,
            "What these mean for the conclusions, and limitations that no file shows."),
        [Answers.Output] = Output,
        [Answers.Kept] = facts => new(
            $"{StudyLayout.PredictionsName} has every answer with its model and fold.", StudyLayout.PredictionsName),
        [Answers.Clusters] = facts => facts.Figures is null || !DesignWords.HasSpread(facts.Design) ? null
            : new("Between folds alone: the standard deviations.", facts.ResultsFile, "How figures differ between hospitals and scanners."),
        [Answers.Performance] = Answers.Performance,
        [Answers.Interpretation] = facts => new(
            Lists.Sentences(facts.Distinguishable, facts.SharedPatients), facts.ResultsFile,
            "What it means, for fairness between groups too, and beside earlier studies."),
    };

    /// <summary>The answer to an item.</summary>
    /// <param name="ask">What a study would be asked.</param>
    /// <param name="facts">What is known.</param>
    public static Answer? Of(Func<StudyFacts, Answer?> ask, StudyFacts facts) => Known.GetValueOrDefault(ask)?.Invoke(facts);

    private static Answer Technique(StudyFacts facts) => new(
        $"{facts.Given!.Briefly(facts.Networks, facts.Task)}.", Origin, "What the models are, and the title itself.");

    private static Answer Goal(StudyFacts facts) => new(
        $"Judging {facts.Given!.MadeFrom}, {facts.Task}.", Origin, "What the study is to show, and the hypotheses.");

    private static Answer Source(StudyFacts facts) => new(
        $"{facts.Study.Dataset}: {facts.Counts}",
        facts.RowsFile,
        "Who collected the images, where and when, why, and whom they represent.");

    private static Answer Missing(StudyFacts facts) => new(
        Lists.Sentences(
            facts.Given!.LeftOut,
            facts.HasPatients ? "The patient of every image is known." : "Patients are unknown for some or all images."),
        facts.RowsFile,
        "Which images have no prediction, and why.");

    private static Answer Labels(StudyFacts facts) => new(
        $"{facts.Given!.Labels} ({string.Join(", ", facts.Classes)}), taken as they are.",
        facts.RowsFile,
        "How each label was established, by whom, when, and how certain it is.");

    private static Answer Partitions(StudyFacts facts) => new(
        facts.Given!.Folds(facts.Results!, facts.Study.Folds),
        facts.RowsFile,
        "Which images the models were trained on, and what was chosen on which.");

    private static Answer Metrics(StudyFacts facts) => new(
        "Accuracy, precision, sensitivity, specificity, F1 and the area under the ROC curve, at a threshold of 0.5; Brier score and "
            + "expected calibration error; likelihood ratios, and predictive values at prevalences from 1 to 50 %.",
        Answer.Program,
        "Why these are the right ones for the intended use, and at which threshold the models are meant to be called.");

    private static Answer? Uncertainty(StudyFacts facts) => facts.Figures is null ? null : new(
        Lists.Sentences(
            DesignWords.HasSpread(facts.Design) ? "Standard deviation between folds." : null,
            facts.IntervalsMeaning,
            facts.Distinguishable,
            facts.OverSeeds),
        facts.ResultsFile);

    private static Answer? Characteristics(StudyFacts facts) => facts.Counts is not { } counts ? null : new(
        Lists.Sentences(counts, facts.Completeness ?? facts.Given!.NoGroups),
        facts.RowsFile,
        "Whatever is not said of age, sex, severity, time since onset, other diseases and scanners.");

    private static Answer Output(StudyFacts facts) => new(
        $"A probability of {DataWords.Class(facts.Results!.Positive)} for one image, in [0, 1]; from 0.5 on it is called positive here.",
        Answer.Program,
        "From where on the models are meant to be called positive, and how that was chosen.");
}
