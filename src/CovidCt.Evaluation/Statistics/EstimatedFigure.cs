namespace CovidCt.Statistics;

/// <summary>A figure on the data, and its interval.</summary>
/// <param name="Value">The figure; null where it is undefined.</param>
/// <param name="Interval">Null where none can be computed; the method that made it says when.</param>
public sealed record EstimatedFigure(double? Value, Interval? Interval)
{
    /// <summary>
    /// The mean of what was measured of each image, with its 95 % interval: a BCa bootstrap that draws whole clusters, such as patients,
    /// each class's among themselves, as for a study's figures of merit.
    /// </summary>
    /// <param name="images">
    /// What each image is drawn with, as <see cref="ClusterKeys"/> say, whether it is positive, and its value; an image whose value is null
    /// is left out.
    /// </param>
    /// <param name="options">Null takes the defaults.</param>
    /// <returns>
    /// Undefined without a value. No interval where the mean hangs on one cluster, or all resamples have the same.
    /// </returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static EstimatedFigure OfMean(
        IEnumerable<(string Cluster, bool IsPositive, double? Value)> images, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        (string Cluster, bool IsPositive, double? Value)[] defined = [.. images.Where(image => image.Value is not null)];
        var clusters = Clusters.Of(defined.Select(image => ((string?)image.Cluster, image.IsPositive)));
        return ClusterBootstrap.Of(clusters, 1, Mean, options)[0];

        void Mean(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            var (sum, count) = (0.0, 0);
            for (var row = 0; row < defined.Length; row++)
            {
                var weight = weights[clusters.OfRow[row]];
                sum += weight * defined[row].Value!.Value;
                count += weight;
            }

            figures[0] = count > 0 ? sum / count : null;
        }
    }
}
