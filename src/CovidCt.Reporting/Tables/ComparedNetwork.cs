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
    /// <summary>How many seeds it was trained from; with more than one, figures are means over them, and intervals draw them too.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Every network of several studies, study by study; those without a finished run are left out.</summary>
    /// <param name="studies">The study that the others are compared with, and the others.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<ComparedNetwork> Of(IReadOnlyList<StudyReport> studies, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(studies);
        return
        [
            .. studies.SelectMany((study, place) => (study.Results?.Networks ?? []).Select(network =>
            {
                var (results, seeds) = (study.Results!, study.PredictionsBySeed(network.Name));
                var first = place == 0 ? [] : studies[0].PredictionsBySeed(network.Name);
                return new ComparedNetwork(
                    Path.GetFileName(study.Folder),
                    network.Name,
                    results.GroupBy,
                    study.Options.Canvas.Fit == CanvasFit.KeepAspect ? "canvas" : "stretch",
                    study.Options.Training.Train == NetworkPart.All ? "all" : "head",
                    network.Initialization,
                    TimeOf(study, network.Name),
                    seeds is [var own, ..] ? own.Count : 0,
                    FiguresOf(study, network.Name)
                        ?? FigureIntervals.OfSeeds(seeds, results.Positive, Summary(results), cancellationToken: cancellationToken),
                    first.Count > 0 && studies[0].Results!.Positive == results.Positive && SameImages(first[0], seeds[0])
                        ? FigureIntervals.OfDifferenceOfSeeds(
                            first, seeds, results.Positive, Summary(results), cancellationToken: cancellationToken)
                        : null)
                {
                    Seeds = Math.Max(1, seeds.Count),
                };
            })),
        ];
    }

    /// <summary>What the study's own report says of it, if it says anything.</summary>
    private static FigureIntervals? FiguresOf(StudyReport study, string network) =>
        study.OverSeeds.FirstOrDefault(one => one.Network == network)?.Figures
            ?? study.Statistics?.Networks.FirstOrDefault(one => one.Network == network)?.Images;

    private static TimeSpan TimeOf(StudyReport study, string network) => TimeSpan.FromSeconds(
        ((StudyReport[])[study, .. study.Seeds]).SelectMany(seed => seed.RunsOf(network)).SelectMany(run => run.History)
            .Sum(epoch => epoch.Seconds));

    private static FoldSummary Summary(CrossValidationReport results) =>
        results.IsPooled ? FoldSummary.Pooled : FoldSummary.Mean;

    private static bool SameImages(IReadOnlyList<Prediction> first, IReadOnlyList<Prediction> second) =>
        Rows(first).SetEquals(Rows(second));

    private static HashSet<(string, string, string?)> Rows(IReadOnlyList<Prediction> predictions) =>
        [.. predictions.Select(p => (p.Path, p.Label, p.Patient))];
}
