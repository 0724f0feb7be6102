using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// What is drawn as a whole when images are resampled: a patient with all their images, or an image without a patient.
/// Clusters are resampled within their class, the stratum.
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
    /// most of its images are of, and positive where that is even.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> Strata { get; }

    /// <summary>Finds the clusters of predictions: this is the one place that says which belong together.</summary>
    /// <param name="predictions">Test images.</param>
    /// <param name="positive">The name of the positive class.</param>
    public static Clusters Of(IEnumerable<Prediction> predictions, string positive) =>
        Of(predictions.Select(prediction => (prediction.Patient, prediction.Label == positive)));

    /// <summary>Finds the clusters, numbered by their first images.</summary>
    /// <param name="images">Each image's patient, null where unknown, and whether it is positive.</param>
    public static Clusters Of(IEnumerable<(string? Patient, bool Positive)> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        List<int> ofRow = [];
        List<int> balance = [];
        foreach (var (patient, positive) in images)
        {
            if (patient is null || !known.TryGetValue(patient, out var cluster))
            {
                cluster = balance.Count;
                balance.Add(0);
                if (patient is not null)
                {
                    known.Add(patient, cluster);
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
