using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>
/// What a data set says of its images besides class, patient and source, such as age or sex: what <c>columns.csv</c> holds.
/// </summary>
/// <param name="Names">The names of the columns, in ordinal order, different in any case.</param>
/// <param name="Images">By an image's path, its values by the name of the column; what is unknown is left out.</param>
public sealed record ImageColumns(
    IReadOnlyList<string> Names, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Images)
{
    private const string Collection = "collection";

    /// <summary>A value of an image; null where it is unknown.</summary>
    /// <param name="path">The image, relative to the root of the data set, with <c>/</c>.</param>
    /// <param name="column">One of the names.</param>
    public string? ValueOf(string path, string column) =>
        Images.TryGetValue(path, out var values) ? values.GetValueOrDefault(column) : null;

    /// <summary>The columns of a data set, and the collections of its images; null where it has neither.</summary>
    /// <param name="dataset">The data set.</param>
    public static ImageColumns? Of(CtDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var images = dataset.Samples.ToDictionary(
            sample => sample.Path,
            sample => CtSample.ColumnsOf(
                sample.Columns.Select(column => (column.Key, (string?)column.Value)).Append((Collection, sample.Collection))),
            StringComparer.Ordinal);
        string[] names =
        [
            .. images.Values.SelectMany(values => values.Keys).Order(StringComparer.Ordinal).Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        return names.Length == 0 ? null : new(names, images);
    }
}
