using CovidCt.Evaluation;
using CovidCt.Recipes;

namespace CovidCt.Records;

/// <summary>Predictions that were made elsewhere, in the form of a study; what no study says of them stays unknown.</summary>
internal static class GivenStudy
{
    private const string WriteAgain = "Evaluate the predictions again into another folder.";

    /// <summary>The report of predictions.</summary>
    /// <param name="folder">Where it lies, or will.</param>
    /// <param name="given">What is known of them.</param>
    /// <param name="seeds">The predictions, of models with several seeds those of the first, then of the second, and so on.</param>
    /// <param name="columns">What else is known of the images.</param>
    /// <param name="answers">What else a network that was tested answered; null where none was.</param>
    /// <param name="notes">What a reader has to know.</param>
    /// <exception cref="ArgumentException">The predictions are not of these classes, or an image is there twice.</exception>
    public static StudyReport Of(
        string folder,
        GivenPredictions given,
        IReadOnlyList<IReadOnlyList<Prediction>> seeds,
        ImageColumns? columns = null,
        IReadOnlyList<TestedModel.Answer>? answers = null,
        IReadOnlyList<string>? notes = null)
    {
        var folds = seeds[0].Select(prediction => prediction.Fold).Distinct().Count();
        StudyReport[] reports =
        [
            .. seeds.Select((predictions, place) =>
                Of(folder, given with { Repetition = given.Repetition + place }, predictions, folds, answers)),
        ];
        return reports[0] with { Columns = columns, Seeds = reports[1..], Notes = notes ?? [] };
    }

    /// <summary>Whether a folder holds an evaluation, and no study.</summary>
    public static bool IsIn(StudyLayout layout) => File.Exists(layout.Evaluation) && !File.Exists(layout.Configuration);

    /// <summary>Reads the folder of an evaluation.</summary>
    /// <exception cref="RunFolderException">A file is not what was written, or damaged.</exception>
    public static StudyReport Read(StudyLayout layout)
    {
        try
        {
            List<string> notes = [];
            var given = GivenOf(layout);
            var seeds = Enumerable.Range(1, StudyOptions.MostSeeds - 1).Select(layout.Seeded)
                .TakeWhile(seed => File.Exists(seed.Evaluation)).Select(PredictionsOf).Prepend(PredictionsOf(layout)).ToList();
            var answers = given.Tested is null ? null : layout.ReadAnswers();
            return Of(layout.Root, given, seeds, ColumnsOf(layout, notes), answers, notes);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw new RunFolderException($"{layout.Root} holds no whole evaluation: {e.Message} {WriteAgain}", e);
        }
    }

    private static StudyReport Of(
        string folder,
        GivenPredictions given,
        IReadOnlyList<Prediction> predictions,
        int folds,
        IReadOnlyList<TestedModel.Answer>? answers)
    {
        var networks = predictions.Select(prediction => prediction.Network).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ToList();
        var results = CrossValidationReport.From(
            predictions, given.Dataset, given.GroupBy, seed: 0, given.Classes, given.Positive, given.Tested?.Rejected ?? [],
            networks.ToDictionary(name => name, _ => NetworkResult.Unknown, StringComparer.Ordinal));
        var options = new StudyOptions { Networks = networks, Folds = folds, Repetition = given.Repetition };
        return new(
            folder,
            new(options, new())
            {
                Dataset = given.Dataset,
                Classes = given.Classes,
                Positive = given.Positive,
                IsPositiveGuessed = given.IsPositiveGuessed,
            },
            [],
            [
                .. predictions.GroupBy(prediction => (prediction.Network, prediction.Fold))
                    .OrderBy(run => run.Key.Network, StringComparer.Ordinal).ThenBy(run => run.Key.Fold)
                    .Select(run => new RunReport(run.Key.Network, run.Key.Fold, IsFinished: true, [.. run], [], null, [])
                    {
                        Answers = answers ?? [],
                    }),
            ],
            results,
            IsConcluded: true,
            [])
        {
            Given = given,
        };
    }

    private static GivenPredictions GivenOf(StudyLayout layout)
    {
        layout.Sums.Check(layout.Evaluation);
        var given = JsonFiles.Read(layout.Evaluation, RecordsJson.Files.GivenPredictions, "is no evaluation of predictions");
        return given is { Classes.Count: 2, Networks.Count: > 0 } && given.Classes.Contains(given.Positive)
            ? given
            : throw new InvalidDataException($"{layout.Evaluation} names no two classes, or no positive one.");
    }

    private static IReadOnlyList<Prediction> PredictionsOf(StudyLayout layout) => layout.ReadPredictions() is { Count: > 0 } predictions
        ? predictions
        : throw new InvalidDataException($"{layout[StudyLayout.PredictionsName]} is empty.");

    private static ImageColumns? ColumnsOf(StudyLayout layout, List<string> notes)
    {
        var file = layout[StudyLayout.ColumnsName];
        try
        {
            layout.Sums.Check(file);
            return File.Exists(file) ? ColumnsCsv.Read(file) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or RunFolderException)
        {
            notes.Add($"{StudyLayout.ColumnsName} is left out: {e.Message.TrimEnd('.')}.");
            return null;
        }
    }
}
