namespace CovidCt.Calibration;

/// <summary>
/// How often sets hold the class of an image, and how many classes they have, on weighted clusters: of all images, of the positive ones and
/// of the others. Every cluster counts once, by the mean over its images, since that is what a level is about.
/// </summary>
internal sealed class WeightedSets
{
    /// <summary>How many figures there are: coverage and size of all, of positive and of negative images.</summary>
    public const int Figures = 6;

    private readonly (int Cluster, double Coverage, double Size)[][] _parts;

    /// <param name="images">Whether each is positive, and which classes its set holds.</param>
    /// <param name="clusters">The cluster of each.</param>
    public WeightedSets(IReadOnlyList<(bool Actual, bool Positive, bool Negative)> images, IReadOnlyList<int> clusters)
    {
        _parts = [Part(_ => true), Part(actual => actual), Part(actual => !actual)];

        (int, double, double)[] Part(Func<bool, bool> isIn) =>
        [
            .. images.Zip(clusters).Where(image => isIn(image.First.Actual)).GroupBy(image => image.Second).OrderBy(cluster => cluster.Key)
                .Select(cluster => (
                    cluster.Key,
                    cluster.Average(image => (image.First.Actual ? image.First.Positive : image.First.Negative) ? 1.0 : 0),
                    cluster.Average(image => (image.First.Positive ? 1.0 : 0) + (image.First.Negative ? 1 : 0)))),
        ];
    }

    /// <summary>How many clusters have an image of the part.</summary>
    /// <param name="part">0 of all, 1 of the positive, 2 of the others.</param>
    public int Clusters(int part) => _parts[part].Length;

    /// <summary>Computes all figures.</summary>
    /// <param name="weights">How many times each cluster counts, from 0.</param>
    /// <param name="figures">Where the figures go; null for an undefined one.</param>
    public void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
    {
        for (var part = 0; part < _parts.Length; part++)
        {
            long count = 0;
            double coverage = 0, size = 0;
            foreach (var cluster in _parts[part])
            {
                var weight = weights[cluster.Cluster];
                count += weight;
                coverage += weight * cluster.Coverage;
                size += weight * cluster.Size;
            }

            figures[2 * part] = count == 0 ? null : coverage / count;
            figures[(2 * part) + 1] = count == 0 ? null : size / count;
        }
    }
}
