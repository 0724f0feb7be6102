using CovidCt.Evaluation;
using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>What is known of predictions that were made elsewhere, and what is not, in words.</summary>
internal sealed class ForeignWords : GivenWords
{
    public static ForeignWords Instance { get; } = new();

    public override string Kind => "Report of predictions that were made elsewhere";

    public override string Title => "Predictions";

    public override string Heading => "Where the predictions come from";

    public override string MadeFrom => "predictions that were made elsewhere";

    public override string FilledFrom => "predictions alone";

    public override string Flow => "The images, by class and fold.";

    public override string Labels => "The labels that the files give";

    public override string Silent => "Predictions alone don’t say it.";

    public override string Data => "They are called";

    public override string Errors => "Misclassified images";

    public override string ModelKind => "unknown";

    public override string? ModelFiles => null;

    public override string TrainingData => "Unknown, as are preprocessing, recipe, augmentation and selection.";

    public override string Unknown =>
        "How the models were made is unknown: what they are, on which images they were trained and by which recipe, and what was chosen "
        + "by results on which images. Where they were trained on images that are judged here, or anything was chosen on them, the figures "
        + "are too good.";

    public override string? Networks => "“Network” stands for whatever gave the answers.";

    public override string NotFromElsewhere =>
        "Whether the images come from elsewhere than those that the models were trained on is unknown.";

    public override string NoControls =>
        "Controls take the images and the training, and were not run: whether the models recognise something else than the disease is "
        + "unknown.";

    public override string NotAudited => "The images were not at hand: they were not audited for shortcuts, duplicates, or patients under "
        + "several names.";

    public override string NoMaps => "Learning curves, embeddings and maps can’t be drawn of predictions alone.";

    public override string LeftOut => "Which images were left out before the predictions were made is unknown.";

    public override string NoGroups => "No columns were named to compute figures for groups of people or scanners by.";

    public override string Threshold => "0.5 for all models, which may be meant to be called at another";

    /// <summary>Goes on after the sentence that networks would compare otherwise, trained anew.</summary>
    public const string TrainedAnew =
        "The test over folds takes each fold as answered by a model that was trained on all others, which the files don’t say.";

    public const string ChosenElsewhere =
        "Calibrations and thresholds of a fold are chosen here on the other folds’ images, by the answers about these, and not on the fold "
        + "that is judged.";

    public override string Calibration => "No calibration is kept: the models that it would be for are not at hand.";

    public override string Sets => "No sets are kept: the models that they would be for are not at hand.";

    public override string SetsReach =>
        "They hold for new people from where these come from as far as no model was trained on the images of "
        + "these; for other hospitals they don’t.";

    public override string Judged(IReadOnlyList<string> displayNames, CrossValidationReport results)
    {
        var models = displayNames.Count == 1
            ? $"one model ({displayNames[0]})"
            : $"{Numbers.Numeral(displayNames.Count)} models ({Lists.Listed(displayNames)})";
        return $"Predictions of {models} that were made elsewhere are judged here: the probability of {DataWords.Class(results.Positive)}, "
            + $"against {DataWords.Class(results.Classes.First(name => name != results.Positive))}. {Networks}";
    }

    public override string Briefly(string models, string task) => $"Predictions of {models} that were made elsewhere, {task}";

    public override string Folds(CrossValidationReport results, int folds) => results.GroupBy switch
    {
        CrossValidationReport.GivenTest =>
            "The files name no folds, so that all images are one test part.",
        CrossValidationReport.GivenPooled =>
            $"The files name {Numbers.Numeral(folds)} folds, of which one or more have images of one class alone, so that all are pooled "
                + $"before figures are computed. {OfFolds}",
        _ => $"The files name {Numbers.Numeral(folds)} folds. {OfFolds}",
    };

    private const string OfFolds =
        "What folds keep together, and whether the model that answered about one was trained on the others alone, they don’t say.";

    public override string SharedPatients(IReadOnlyList<FoldRow> images, bool isOneTest)
    {
        if (isOneTest)
        {
            return "Whether patients of these images were in the training part too is unknown: predictions don’t say what was trained on.";
        }

        if (images.Any(image => image.Patient is null))
        {
            return "The patients of some or all images are unknown, so that nobody can say whether folds share patients.";
        }

        var several = images.GroupBy(image => image.Patient).Where(patient => patient.Select(image => image.Fold).Distinct().Count() > 1)
            .Sum(patient => patient.Count());
        return several == 0
            ? "No patient has images in two folds."
            : $"{Numbers.Share(several, images.Count)} of the images are of a patient who has images in several folds: if the model that "
                + "answered about a fold was trained on the others, it may have recognised the patient and not the disease, and the "
                + "figures are too good.";
    }

    /// <summary>The files with the columns that were read.</summary>
    /// <param name="given">What is known.</param>
    public static IEnumerable<(string File, string Rows, string Columns, string Sha256)> Files(GivenPredictions given) =>
        given.Files.Select(file => (
            file.Name,
            Numbers.Whole(file.Rows),
            Lists.Listed(file.Columns.Select(column => $"{column.Meaning}: column {column.Name}")),
            file.Sha256));

    /// <summary>The same in a sentence.</summary>
    /// <param name="given">What is known.</param>
    public static string? Origin(GivenPredictions given) => given.Files.Count == 0 ? null
        : $"{string.Join("; ", Files(given).Select(file => $"{file.File}, {file.Rows} rows ({file.Columns})"))}.";

    /// <summary>What the numbers of folds and seeds are called in the files; null where they are called so.</summary>
    /// <param name="given">What is known.</param>
    public static string? Renamed(GivenPredictions given)
    {
        var folds = given.FoldNames.Index().Select(fold => $"{Numbers.Whole(fold.Index)} is {fold.Item}");
        string?[] sentences =
        [
            given.FoldNames.Count == 0 ? null : $"Folds are numbered here: {Lists.Listed(folds)}.",
            given.SeedNames.Count == 0 ? null : $"Seeds are {Lists.Listed(given.SeedNames)}, the first of which is shown where one is.",
        ];
        return sentences.OfType<string>().Any() ? Lists.Sentences(sentences) : null;
    }

    /// <summary>Of how many seeds predictions are.</summary>
    /// <param name="least">Of the model with fewest.</param>
    /// <param name="most">Of the model with most.</param>
    public static string Seeds(int least, int most)
    {
        var seeds = least == most ? Numbers.Numeral(most) : $"{Numbers.Numeral(least)} to {Numbers.Numeral(most)}";
        return $"There are predictions from {seeds} seeds of each model, about the same images. Figures are those of the first seed, "
            + "but for what is said to be over seeds.";
    }
}
