using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Explanation;

/// <summary>
/// Scores maps of one image. What the network answers about changes that no map decides is asked once, whatever number of maps
/// is scored.
/// </summary>
internal sealed class MapScorer
{
    private readonly CamAuditOptions _options;
    private readonly NetworkAnswers _answers;
    private readonly PerturbedImage _image;
    private readonly int _class;
    private readonly bool[]? _findings;
    private readonly List<(int Left, int Top, int Right, int Bottom)> _patches = [];
    private readonly double[] _losses = [];
    private readonly (double Whole, double Emptied, double Blurred) _ends;

    /// <summary>Maps of an image.</summary>
    /// <param name="options">Which scores, and how.</param>
    /// <param name="answers">The network's.</param>
    /// <param name="image">The image.</param>
    /// <param name="explained">The class that the maps are of.</param>
    /// <param name="findings">Whether each pixel of the original is marked; null where none is.</param>
    public MapScorer(CamAuditOptions options, NetworkAnswers answers, PerturbedImage image, int explained, bool[]? findings)
    {
        (_options, _answers, _image, _class, _findings) = (options, answers, image, explained, findings);
        if (!HasOcclusion && !HasCurves)
        {
            return;
        }

        _patches = HasOcclusion ? Patches(image.Geometry.Scaled) : [];
        var odds = answers.LogOdds(
            _patches.Select(image.WithoutPatch).Prepend(image.Blurred).Prepend(image.Emptied).Prepend(image.Pixels), Canvas, explained);
        _ends = (NetworkAnswers.Probability(odds[0]), NetworkAnswers.Probability(odds[1]), NetworkAnswers.Probability(odds[2]));
        _losses = [.. odds.Skip(3).Select(without => odds[0] - without)];
    }

    private bool HasOcclusion => _options.Parts.HasFlag(CamAuditParts.Occlusion);

    private bool HasCurves => _options.Parts.HasFlag(CamAuditParts.Curves);

    private bool HasRoad => _options.Parts.HasFlag(CamAuditParts.Road);

    private ImageSize Canvas => _image.Geometry.Canvas;

    /// <summary>Scores a map.</summary>
    /// <param name="map">The map, of the scorer's class.</param>
    /// <param name="key">Of the order among equal values and of ROAD's noise.</param>
    public MapScores Score(ClassActivationMap map, long key)
    {
        var canvas = map.OnCanvas(Canvas);
        var scores = OnFindings(new(MapStatistics.EnergyOutside(canvas, _image.Geometry)), map);
        var perturbation = new Perturbation(_image, canvas, key);
        return OnChanges(HasOcclusion ? OnPatches(scores, perturbation) : scores, perturbation);
    }

    private MapScores OnPatches(MapScores scores, Perturbation perturbation)
    {
        double[] marked = [.. _patches.Select(perturbation.MeanIn)];
        var (covariance, variance, _) = MapStatistics.Moments(marked, _losses);
        return scores with
        {
            Faithfulness = MapStatistics.Correlation(marked, _losses),
            Evidence = variance > 0 ? covariance / Math.Sqrt(variance) : 0,
        };
    }

    /// <summary>All changes in one go, since a network answers large batches sooner.</summary>
    private MapScores OnChanges(MapScores scores, Perturbation perturbation)
    {
        double[] shares = HasCurves ? [.. Enumerable.Range(0, _options.Steps + 1).Select(step => (double)step / _options.Steps)] : [0, 1];
        var within = shares[1..^1];
        var road = HasRoad ? _options.RoadShares : [];
        var odds = _answers.LogOdds(
            within.Select(perturbation.Deleted)
                .Concat(within.Select(perturbation.Inserted))
                .Concat(road.Select(share => perturbation.Imputed(share, mostFirst: true, _options.RoadNoise)))
                .Concat(road.Select(share => perturbation.Imputed(share, mostFirst: false, _options.RoadNoise))),
            Canvas,
            _class);
        var answers = new Queue<double>(odds.Select(NetworkAnswers.Probability));
        if (HasCurves)
        {
            scores = scores with
            {
                Deletion = new(shares, [_ends.Whole, .. Next(within.Length), _ends.Emptied]),
                Insertion = new(shares, [_ends.Blurred, .. Next(within.Length), _ends.Whole]),
            };
        }

        return HasRoad ? scores with { Road = new(new(road, Next(road.Count)), new(road, Next(road.Count))) } : scores;

        double[] Next(int count) => [.. Enumerable.Range(0, count).Select(_ => answers.Dequeue())];
    }

    private MapScores OnFindings(MapScores scores, ClassActivationMap map)
    {
        if (_findings is null)
        {
            return scores;
        }

        var original = map.OnOriginal(_image.Geometry);
        return scores with
        {
            EnergyInMask = MapStatistics.EnergyInMask(original, _findings),
            PointingGame = MapStatistics.PointingGame(original, _findings, _image.Geometry.Original.Width, _options.PointingTolerance),
        };
    }

    private List<(int Left, int Top, int Right, int Bottom)> Patches(ImageSize size)
    {
        var (columns, rows) = (Math.Min(_options.PatchColumns, size.Width), Math.Min(_options.PatchRows, size.Height));
        return
        [
            .. Enumerable.Range(0, rows * columns).Select(i => (Column: i % columns, Row: i / columns)).Select(patch => (
                patch.Column * size.Width / columns, patch.Row * size.Height / rows,
                (patch.Column + 1) * size.Width / columns, (patch.Row + 1) * size.Height / rows)),
        ];
    }
}
