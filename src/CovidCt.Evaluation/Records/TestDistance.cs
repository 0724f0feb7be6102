using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>How far a test image is from its network's training images: a row of <c>distances.csv</c>.</summary>
/// <param name="Path">The image, relative to the root of the data set, with <c>/</c>.</param>
/// <param name="Distance">As <c>TrainingReference</c> measures it, in [0, 2].</param>
public sealed record TestDistance(string Path, double Distance)
{
    private static readonly string[] Header = ["path", "distance"];

    /// <summary>
    /// The images whose distance is further than nearly all of the <em>other</em> folds' test images are from their networks' training
    /// images,
    /// the furthest above its threshold first.
    /// </summary>
    /// <remarks>
    /// An image can't be measured by a threshold that its own fold's images set, so that of a fold comes from the n test images of the
    /// other folds: the ⌈q (n + 1)⌉-th smallest of their distances, as in split conformal prediction (Lei et al., "Distribution-free
    /// predictive inference for regression", 2018, section 2.2), or infinity where n is too small for q. Of images that differ in nothing,
    /// a
    /// share of 1 − q is told.
    /// </remarks>
    /// <param name="folds">A network's test images, fold by fold.</param>
    /// <param name="quantile">q, in (0, 1).</param>
    /// <returns>Each image, the place of its fold in the list that was given, how far it is, and from where on it is told.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The quantile is out of its range.</exception>
    public static IReadOnlyList<(string Path, int Fold, double Distance, double Threshold)> Unlike(
        IReadOnlyList<IReadOnlyList<TestDistance>> folds, double quantile = 0.99)
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(quantile, 1);
        return
        [
            .. folds.SelectMany((fold, place) =>
            {
                var threshold = Threshold(folds.Where((_, other) => other != place).SelectMany(other => other), quantile);
                return fold.Where(image => image.Distance > threshold)
                    .Select(image => (image.Path, Fold: place, image.Distance, Threshold: threshold));
            }).OrderByDescending(image => image.Distance - image.Threshold).ThenBy(image => image.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>The fewest images of other folds that a threshold can be drawn from.</summary>
    /// <param name="quantile">q, in (0, 1).</param>
    public static int FewestImages(double quantile = 0.99) => (int)Math.Ceiling((quantile / (1 - quantile)) - 1e-9);

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="distances">In any order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<TestDistance> distances) => Csv.Write(
        path,
        Header,
        distances.OrderBy(image => image.Path, StringComparer.Ordinal)
            .Select(image => (string[])[image.Path, image.Distance.ToString("R", CultureInfo.InvariantCulture)]));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyList<TestDistance> Read(string path) =>
    [
        .. Csv.Read(path, Header).Select(record =>
            double.TryParse(record.Fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var distance)
                && distance is >= 0 and <= 2
                ? new TestDistance(record.Fields[0], distance)
                : throw new InvalidDataException($"{path}, line {record.Line}: the distance '{record.Fields[1]}' is no number from 0 to "
                    + "2.")),
    ];

    private static double Threshold(IEnumerable<TestDistance> others, double quantile)
    {
        double[] distances = [.. others.Select(image => image.Distance).Order()];
        var place = (int)Math.Ceiling((quantile * (distances.Length + 1)) - 1e-9);
        return place <= distances.Length ? distances[place - 1] : double.PositiveInfinity;
    }
}
