using CovidCt.Data;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Studies;

/// <summary>What an audit found of each image, as means over the images with their intervals.</summary>
/// <param name="report">What it found.</param>
/// <param name="samples">The images, in the report's order.</param>
/// <param name="drawn">What they are drawn with, in the same order.</param>
/// <param name="positive">The number of the positive class.</param>
internal sealed class MapAuditSummary(CamAuditReport report, IReadOnlyList<CtSample> samples, ClusterKeys drawn, int positive)
{
    private readonly IReadOnlyList<ImageAudit> _images = report.Images;

    /// <summary>Where the lungs are in each image and how it lay on the canvas; null where that is unknown.</summary>
    public required IReadOnlyList<(bool[] Mask, CanvasGeometry Geometry)?> Lungs { private get; init; }

    /// <summary>The summary of how maps were made, what they are worth, and how far networks agree.</summary>
    /// <param name="made">How.</param>
    /// <param name="networks">How many networks were compared.</param>
    /// <param name="trained">How many of them trained on some of the images.</param>
    /// <param name="agreement">Their agreement about each image; none of a single network.</param>
    public RunMapAudit Of(GradCamOptions made, int networks, int trained, IReadOnlyList<double?> agreement) => new(
        made.Method,
        made.Layer,
        new(_images[0].Map.Width, _images[0].Map.Height),
        _images.Count,
        drawn.Unit,
        drawn.Keys.Distinct(StringComparer.Ordinal).Count(),
        Figures(image => image.Own),
        [.. BaselineMaps.All.Select(Compared)],
        _images.Average(image => image.PaddingShare),
        MeanCurve(image => image.Own.Deletion!),
        MeanCurve(image => image.Own.Insertion!),
        new(MeanCurve(image => image.Own.Road!.MostRelevantFirst), MeanCurve(image => image.Own.Road!.LeastRelevantFirst)),
        [.. report.Randomisation.Select(Level)],
        networks,
        trained,
        Mean(agreement),
        Findings())
    {
        Lungs = InLungs(),
    };

    private RunMapAudit.Baseline Compared(BaselineMap kind) => new(
        kind,
        Figures(image => image.Baselines[kind]),
        FiguresOf(figure => Mean(_images.Select(image => figure(image.Own) - figure(image.Baselines[kind])))));

    private MapFigures Figures(Func<ImageAudit, MapScores> scores) =>
        FiguresOf(figure => Mean(_images.Select(image => figure(scores(image)))));

    private static MapFigures FiguresOf(Func<Func<MapScores, double?>, EstimatedFigure> estimate) => new(
        estimate(scores => scores.Evidence),
        estimate(scores => scores.Faithfulness),
        estimate(scores => scores.Deletion!.Area),
        estimate(scores => scores.Insertion!.Area),
        estimate(scores => scores.Road!.Score),
        estimate(scores => scores.EnergyOutside),
        estimate(scores => scores.PointingGame),
        estimate(scores => scores.EnergyInMask));

    private RandomisationLevel Level(RandomisedMaps level) => new(
        level.Layer,
        Mean(level.RankCorrelations),
        level.RankCorrelations.Count(correlation => correlation is not null),
        Mean(level.Ssims.Select(ssim => (double?)ssim)));

    private EstimatedFigure Mean(IEnumerable<double?> values) =>
        EstimatedFigure.OfMean(values.Select((value, i) => (drawn.Keys[i], samples[i].Label == positive, value)));

    private PerturbationCurve MeanCurve(Func<ImageAudit, PerturbationCurve> curve) => new(
        curve(_images[0]).Shares,
        [.. Enumerable.Range(0, curve(_images[0]).Shares.Count).Select(i => _images.Average(image => curve(image).Probabilities[i]))]);

    private LungsAudit? InLungs()
    {
        double[] shares = [.. Lungs.OfType<(bool[] Mask, CanvasGeometry)>().Select(lungs => lungs.Mask.Average(isLung => isLung ? 1d : 0))];
        return shares.Length > 0
            ? new(
                shares.Length,
                Mean(_images.Zip(Lungs, (image, lungs) => lungs is var (mask, geometry)
                    ? MapStatistics.EnergyInMask(image.Map.OnOriginal(geometry), mask)
                    : (double?)null)),
                shares.Average())
            : null;
    }

    private FindingsAudit? Findings() => _images.Count(image => image.MaskShare is not null) is > 0 and var marked
        ? new(
            marked,
            MapStatistics.Mean(_images.Select(image => image.PointingChance)),
            MapStatistics.Mean(_images.Select(image => image.MaskShare)))
        : null;
}
