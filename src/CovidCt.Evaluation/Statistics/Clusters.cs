using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// What is drawn as a whole when images are resampled: all images of a source or of a patient, or an image alone.
/// Clusters are resampled within their class, the stratum; seeds that networks were trained from are a stratum too.
/// </summary>
internal sealed class Clusters
{
    private Clusters(int[] ofRow, int[][] strata)
    {
        OfRow = ofRow;
        Strata = strata;
        Count = strata.Sum(stratum => stratum.Length);
    }

    /// <summary>The number of clusters.</summary>
    public int Count { get; }

    /// <summary>For each image, its cluster, from 0.</summary>
    public IReadOnlyList<int> OfRow { get; }

    /// <summary>
    /// The clusters of each class, positive ones first; a class without any is left out. A cluster is of the class that
    /// most of its images are of, and positive where that is even. Behind them the seeds, where there are several.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> Strata { get; }

    /// <summary>Finds the clusters of predictions (<see cref="ClusterKeys"/>).</summary>
    /// <param name="predictions">Test images.</param>
    /// <param name="positive">The name of the positive class.</param>
    public static Clusters Of(IEnumerable<Prediction> predictions, string positive)
    {
        List<Prediction> rows = [.. predictions];
        return Of(UnitsOf(rows, positive).Keys.Zip(rows, (key, row) => ((string?)key, row.Label == positive)));
    }

    /// <summary>
    /// The same with so many seeds behind the clusters, which are drawn among themselves as a stratum of their own, so that a resample is
    /// one of clusters and one of seeds: Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 2007, 1(2), 386-411. A single seed
    /// is none to draw.
    /// </summary>
    /// <param name="seeds">How many there are, from 1.</param>
    public Clusters WithSeeds(int seeds) => seeds < 2
        ? this
        : new([.. OfRow], [.. Strata.Select(stratum => stratum.ToArray()), [.. Enumerable.Range(Count, seeds)]]);

    /// <summary>What the clusters of predictions are.</summary>
    /// <param name="predictions">Test images.</param>
    /// <param name="positive">The name of the positive class.</param>
    public static ClusterKeys UnitsOf(IEnumerable<Prediction> predictions, string positive) =>
        ClusterKeys.Of([.. predictions.Select(row => (row.Source, row.Patient, row.Path, row.Label == positive ? 1 : 0))]);

    /// <summary>Finds the clusters, numbered by their first images.</summary>
    /// <param name="images">What each image is drawn with, null for nothing, and whether it is positive.</param>
    public static Clusters Of(IEnumerable<(string? Key, bool Positive)> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        List<int> ofRow = [];
        List<int> balance = [];
        foreach (var (key, positive) in images)
        {
            if (key is null || !known.TryGetValue(key, out var cluster))
            {
                cluster = balance.Count;
                balance.Add(0);
                if (key is not null)
                {
                    known.Add(key, cluster);
                }
            }

            ofRow.Add(cluster);
            balance[cluster] += positive ? 1 : -1;
        }

        int[][] strata =
        [
            [.. Enumerable.Range(0, balance.Count).Where(cluster => balance[cluster] >= 0)],
            [.. Enumerable.Range(0, balance.Count).Where(cluster => balance[cluster] < 0)],
        ];
        return new([.. ofRow], [.. strata.Where(stratum => stratum.Length > 0)]);
    }
}
