using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tables;

/// <summary>A network of a study among those of others.</summary>
/// <param name="Study">The name of the study's folder.</param>
/// <param name="Network">The published name.</param>
/// <param name="GroupBy">How the folds are drawn.</param>
/// <param name="Input">How images were brought to the input: <c>canvas</c> or <c>stretch</c>, as the command line calls it.</param>
/// <param name="Trained">Which weights were trained, as the settings call it.</param>
/// <param name="Initialization">What training began with, as results call it: <c>imagenet</c> or <c>random</c>.</param>
/// <param name="Training">The time of all epochs of the finished runs, added up: runs at once count one by one.</param>
/// <param name="Images">The number of test images.</param>
/// <param name="Figures">The figures with their intervals.</param>
/// <param name="Difference">
/// The figures of the first study's same network less these, on the same images, with intervals; null of the first study, where
/// it lacks the network, and where the test images differ.
/// </param>
internal sealed record ComparedNetwork(
    string Study, string Network, string GroupBy, string Input, string Trained, string Initialization, TimeSpan Training, int Images,
    FigureIntervals Figures, FigureIntervals? Difference)
{
    /// <summary>Every network of several studies, study by study; those without a finished run are left out.</summary>
    /// <param name="studies">The study that the others are compared with, and the others.</param>
    /// <param name="cancellation">Looked at before each resample.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<ComparedNetwork> Of(IReadOnlyList<StudyReport> studies, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(studies);
        return
        [
            .. studies.SelectMany((study, place) => (study.Results?.Networks ?? []).Select(network =>
            {
                var (results, predictions) = (study.Results!, Predictions(study, network.Name));
                var first = place == 0 ? [] : Predictions(studies[0], network.Name);
                return new ComparedNetwork(
                    Path.GetFileName(study.Folder),
                    network.Name,
                    results.GroupBy,
                    study.Options.Canvas.Fit == CanvasFit.KeepAspect ? "canvas" : "stretch",
                    study.Options.Training.Train == NetworkPart.All ? "all" : "head",
                    network.Initialization,
                    TimeSpan.FromSeconds(study.RunsOf(network.Name).SelectMany(run => run.History).Sum(epoch => epoch.Seconds)),
                    predictions.Count,
                    study.Statistics?.Networks.FirstOrDefault(one => one.Network == network.Name)?.Images
                        ?? FigureIntervals.Of(predictions, results.Positive, Summary(results), cancellation: cancellation),
                    first.Count > 0 && studies[0].Results!.Positive == results.Positive && SameImages(first, predictions)
                        ? FigureIntervals.OfDifference(first, predictions, results.Positive, Summary(results), cancellation: cancellation)
                        : null);
            })),
        ];
    }

    private static List<Prediction> Predictions(StudyReport study, string network) =>
        [.. study.RunsOf(network).SelectMany(run => run.Predictions)];

    private static FoldSummary Summary(CrossValidationReport results) =>
        results.IsPooled ? FoldSummary.Pooled : FoldSummary.Mean;

    private static bool SameImages(List<Prediction> first, List<Prediction> second) => Rows(first).SetEquals(Rows(second));

    private static HashSet<(string, string, string?)> Rows(List<Prediction> predictions) =>
        [.. predictions.Select(p => (p.Path, p.Label, p.Patient))];
}
