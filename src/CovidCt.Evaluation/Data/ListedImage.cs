namespace CovidCt.Data;

/// <summary>An image that is to be answered about.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Patient">Whose image it is; null where that is unknown.</param>
/// <param name="Label">The name of its class; null where that is unknown.</param>
public sealed record ListedImage(string Path, string? Patient, string? Label)
{
    /// <summary>
    /// Reads a CSV file that lists images of patients, whose classes need not be known: the columns <c>path</c>, relative to the file, and
    /// <c>patient</c>, and, where it is there, <c>label</c>.
    /// </summary>
    /// <param name="file">The file, as UTF-8 in RFC 4180's quoting; fields may be empty but for the path.</param>
    /// <returns>The images in the file's order, whether they are there or not.</returns>
    /// <exception cref="UnusableDataException">
    /// It can't be read, lists nothing, lacks a column or a path, or lists an image twice.
    /// </exception>
    public static IReadOnlyList<ListedImage> Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        var root = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!;
        var table = CsvTable.Read(file);
        var (path, patient, label) = (table.Require("path"), table.Require("patient"), table.Find("label"));
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var images = new List<ListedImage>();
        foreach (var (line, fields) in table.Rows)
        {
            var given = Field(fields, path) ?? throw new UnusableDataException($"{file}, line {line}: the path is missing.");
            var name = ManifestReader.Normalised(root, given);
            if (!lines.TryAdd(name, line))
            {
                throw new UnusableDataException($"{file}: {name} is on line {lines[name]} and again on line {line}; list each image once.");
            }

            images.Add(new(System.IO.Path.GetFullPath(name, root), Field(fields, patient), Field(fields, label)));
        }

        return images.Count > 0 ? images : throw new UnusableDataException($"{file} lists no image.");

        static string? Field(string[] fields, int column) => CsvTable.Field(fields, column) is { Length: > 0 } value ? value : null;
    }
}
