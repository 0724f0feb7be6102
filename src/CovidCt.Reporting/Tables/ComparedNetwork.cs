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
    string Study, string Network, string GroupBy, string Input, string Trained, string Initialization, TimeSpan? Training, int Images,
    FigureIntervals Figures, FigureIntervals? Difference)
{
    /// <summary>How many seeds it was trained from; with more than one, figures are means over them, and intervals draw them too.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The images that <see cref="Difference"/> is of.</summary>
    public int Paired { get; init; }

    /// <summary>The images that it leaves out, which both have under different labels; 0 where only equal images are compared.</summary>
    public int Relabelled { get; init; }

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
                var pairs = place == 0 ? null : PairOf(studies[0], study, network.Name);
                return new ComparedNetwork(
                    study.Given?.Dataset ?? Path.GetFileName(study.Folder),
                    network.Name,
                    results.GroupBy,
                    Recipe(study, options => options.Canvas.Fit == CanvasFit.KeepAspect ? "canvas" : "stretch"),
                    Recipe(study, options => options.Training.Train == NetworkPart.All ? "all" : "head"),
                    network.Initialization,
                    study.Given is null ? TimeOf(study, network.Name) : null,
                    seeds is [var own, ..] ? own.Count : 0,
                    FiguresOf(study, network.Name)
                        ?? FigureIntervals.OfSeeds(seeds, results.Positive, Summary(results), cancellationToken: cancellationToken),
                    pairs is var (first, second, folds)
                        ? FigureIntervals.OfDifferenceOfSeeds(first, second, results.Positive, folds, cancellationToken: cancellationToken)
                        : null)
                {
                    Seeds = Math.Max(1, seeds.Count),
                    Paired = pairs?.First[0].Count ?? 0,
                    Relabelled = place == 0 ? 0 : RelabelledOf(studies[0], study, network.Name),
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

    private static string Recipe(StudyReport study, Func<StudyOptions, string> of) =>
        study.Given is null ? of(study.Options) : NetworkResult.Unknown;

    /// <summary>
    /// What a difference is computed of: of two studies the same network on the same images; where one is of predictions that were made
    /// elsewhere, the images that both have, and models of other names too where each has one.
    /// </summary>
    private static (IReadOnlyList<IReadOnlyList<Prediction>> First, IReadOnlyList<IReadOnlyList<Prediction>> Second, FoldSummary Folds)?
        PairOf(StudyReport one, StudyReport other, string network)
    {
        if (Counterparts(one, other, network) is not var (first, second))
        {
            return null;
        }

        return IsGiven(one, other) ? OnCommonImages(first, second, other.Results!)
            : SameImages(first[0], second[0]) ? (first, second, Summary(other.Results!))
            : null;
    }

    private static int RelabelledOf(StudyReport one, StudyReport other, string network)
    {
        if (!IsGiven(one, other) || Counterparts(one, other, network) is not var (first, second))
        {
            return 0;
        }

        var labels = first[0].ToDictionary(image => image.Path, image => image.Label, StringComparer.Ordinal);
        return second[0].Count(image => labels.TryGetValue(image.Path, out var label) && label != image.Label);
    }

    private static bool IsGiven(StudyReport one, StudyReport other) => one.Given is not null || other.Given is not null;

    private static (IReadOnlyList<IReadOnlyList<Prediction>> First, IReadOnlyList<IReadOnlyList<Prediction>> Second)? Counterparts(
        StudyReport one, StudyReport other, string network)
    {
        var isOneOfEach = IsGiven(one, other) && one.Networks.Count == 1 && other.Networks.Count == 1;
        var (first, second) = (one.PredictionsBySeed(isOneOfEach ? one.Networks[0] : network), other.PredictionsBySeed(network));
        return first.Count == 0 || second.Count == 0 || one.Results!.Positive != other.Results!.Positive ? null : (first, second);
    }

    private static (IReadOnlyList<IReadOnlyList<Prediction>>, IReadOnlyList<IReadOnlyList<Prediction>>, FoldSummary)? OnCommonImages(
        IReadOnlyList<IReadOnlyList<Prediction>> first, IReadOnlyList<IReadOnlyList<Prediction>> second, CrossValidationReport results)
    {
        var images = first[0].ToDictionary(image => image.Path, StringComparer.Ordinal);
        var common = second[0].Where(image => images.GetValueOrDefault(image.Path)?.Label == image.Label)
            .ToDictionary(image => image.Path, StringComparer.Ordinal);
        if (common.Values.Select(image => image.Label).Distinct().Count() < 2)
        {
            return null;
        }

        // Means over folds take the same folds.
        var sameFolds = common.Values.All(image => image.Fold == images[image.Path].Fold);
        return (Of(first), Of(second), sameFolds ? Summary(results) : FoldSummary.Pooled);

        IReadOnlyList<IReadOnlyList<Prediction>> Of(IReadOnlyList<IReadOnlyList<Prediction>> seeds) =>
        [
            .. seeds.Select(seed => (IReadOnlyList<Prediction>)
            [
                .. seed.Where(image => common.ContainsKey(image.Path)).Select(image => image with
                {
                    Patient = images[image.Path].Patient ?? common[image.Path].Patient,
                    Source = images[image.Path].Source ?? common[image.Path].Source,
                }),
            ]),
        ];
    }

    private static bool SameImages(IReadOnlyList<Prediction> first, IReadOnlyList<Prediction> second) =>
        Rows(first).SetEquals(Rows(second));

    private static HashSet<(string, string, string?)> Rows(IReadOnlyList<Prediction> predictions) =>
        [.. predictions.Select(p => (p.Path, p.Label, p.Patient))];
}
