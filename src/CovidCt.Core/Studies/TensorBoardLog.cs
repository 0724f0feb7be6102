using System.Globalization;
using CovidCt.Evaluation;
using CovidCt.Progress;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// Writes a study for TensorBoard while it runs, a folder a run: each epoch's loss, accuracy and rate, the figures and the confusion matrix
/// of a fold that is done, and in the end the maps. Training knows nothing of it.
/// </summary>
/// <remarks>
/// What is written is what <c>history.csv</c> has, each epoch once, however often the study was stopped and gone on with: what a process
/// that was killed wrote of an epoch that it didn't keep is taken away when that epoch is done again, and a fold that is finished gets what
/// is missing of it.
/// </remarks>
/// <param name="study">Where the study lies.</param>
/// <param name="positive">The name of the positive class.</param>
/// <param name="next">Who is told everything.</param>
internal sealed class TensorBoardLog(StudyLayout study, string positive, IProgress<StudyProgress> next) : IProgress<StudyProgress>
{
    private const string Train = "train/", Test = "test/", Confusion = "test/confusion matrix";

    private readonly Dictionary<string, RunEvents> _runs = [];
    private StudyLayout? _below;

    /// <summary>The study itself, or the control or further seed that is under way.</summary>
    private StudyLayout Current => _below ?? study;

    public void Report(StudyProgress value)
    {
        switch (value)
        {
            case Study.ControlBegun control:
                _below = study.Retrained(control.Name);
                break;
            case Study.SeedBegun seed:
                _below = study.Seeded(seed.Repetition);
                break;
            case Study.RecipeBegun recipe:
                _below = study.OfRecipe(recipe.Name);
                break;
            case Study.FoldProgress { Finished: { } epoch } fold:
                Of(fold.Network, fold.Fold).Write(epoch.Epoch, Scalars(epoch));
                break;
            case Study.FoldFinished fold:
                Finish(fold);
                break;
        }

        next.Report(value);
    }

    /// <summary>Adds the maps that lie in the runs' folders.</summary>
    /// <param name="result">What came of the study.</param>
    public void AddMaps(StudyResult result)
    {
        _below = null;
        foreach (var run in result.Runs)
        {
            var layout = study.Run(run.Network, run.Fold);
            var events = Of(run.Network, run.Fold);
            foreach (var (number, map) in MapEntry.Read(layout.MapList).Index())
            {
                var tag = string.Create(
                    CultureInfo.InvariantCulture, $"maps/{number + 1:00} {map.Label}, called {map.Predicted}: {map.ExplainedClass}");
                if (!events.Has(tag))
                {
                    events.WritePicture(tag, Path.Combine(layout.Maps, map.Overlay), run.History.Count - 1);
                }
            }
        }
    }

    private void Finish(Study.FoldFinished fold)
    {
        var events = Of(fold.Network, fold.Result.Fold);
        var history = Current.Run(fold.Network, fold.Result.Fold).ReadHistory();
        var last = history.Count - 1;
        events.Write([.. history.SelectMany(Scalars), .. Scalars(fold.Result, last)]);
        if (!events.Has($"{Confusion}/text_summary"))
        {
            events.Write(Confusion, Table(fold.Result.Matrix), last);
        }
    }

    private RunEvents Of(string network, int fold)
    {
        var name = Path.Combine(Path.GetRelativePath(study.Root, Current.Root), new StudyRun(network, fold).ToString());
        return _runs.TryGetValue(name, out var known) ? known : _runs[name] = new(Path.GetFullPath(name, study.TensorBoard));
    }

    private static IEnumerable<RunEvents.Scalar> Scalars(EpochRecord of) =>
    [
        new($"{Train}loss", of.Epoch, (float)of.Loss),
        new($"{Train}accuracy", of.Epoch, (float)of.Accuracy),
        new($"{Train}learning rate", of.Epoch, (float)of.LearningRate),
    ];

    private static IEnumerable<RunEvents.Scalar> Scalars(FoldResult of, int epoch)
    {
        (string Name, double? Value)[] figures =
        [
            ("accuracy", of.Figures.Accuracy), ("precision", of.Figures.Precision), ("sensitivity", of.Figures.Sensitivity),
            ("specificity", of.Figures.Specificity), ("F1", of.Figures.F1), ("AUC", of.Figures.Auc),
        ];
        return figures.Where(figure => figure.Value is not null)
            .Select(figure => new RunEvents.Scalar($"{Test}{figure.Name}", epoch, (float)figure.Value!.Value));
    }

    private string Table(ConfusionMatrix of) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        | | called {positive} | called otherwise |
        |:--|--:|--:|
        | {positive} | {of.TruePositives} | {of.FalseNegatives} |
        | others | {of.FalsePositives} | {of.TrueNegatives} |
        """);
}
