using CovidCt.Data;

namespace CovidCt.Statistics;

/// <summary>
/// Which images belong together when they are drawn again: the one place that says so. Those of a source where sources are known,
/// several of which are one where they share a patient, else of a patient, else none. Where a class would come to fewer than
/// <see cref="Fewest"/> sources, and to more patients, patients are drawn: what holds for other hospitals can't be told from a handful of
/// them, and intervals then are about other patients of these.
/// </summary>
/// <param name="Unit">The coarsest that any images have in common.</param>
/// <param name="Keys">For each image, in their order, what it is drawn with; images of one key are drawn together.</param>
public sealed record ClusterKeys(ClusterUnit Unit, IReadOnlyList<string> Keys)
{
    /// <summary>The fewest sources of a class that are drawn: with fewer, no bootstrap covers.</summary>
    public const int Fewest = 10;

    /// <summary>The keys of images.</summary>
    /// <param name="images">Where each comes from and whose it is, null where that is unknown; what it is called; and its class.</param>
    /// <returns>The same number of keys.</returns>
    public static ClusterKeys Of(IReadOnlyList<(string? Source, string? Patient, string Path, int Class)> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        string[] patients = [.. images.Select(image => image.Patient is { } patient ? $"p{patient}" : $"i{image.Path}")];
        var sources = SampleLinks.Joined(
            [.. images.Select((image, row) => (image.Source is { } source ? $"s{source}" : patients[row], image.Patient))]);
        var bySource = images.Any(image => image.Source is not null)
            && images.Select(image => image.Class).Distinct()
                .All(label => Number(sources, label) >= Math.Min(Fewest, Number(patients, label)));
        return new(
            bySource ? ClusterUnit.Source : images.Any(image => image.Patient is not null) ? ClusterUnit.Patient : ClusterUnit.Image,
            bySource ? sources : patients);

        int Number(string[] keys, int label) =>
            Enumerable.Range(0, keys.Length).Where(row => images[row].Class == label).Select(row => keys[row]).Distinct().Count();
    }
}
