using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>
/// Writes and reads <c>columns.csv</c>: <c>path</c> and every column, in the data set's order; an unknown value is empty.
/// </summary>
internal static class ColumnsCsv
{
    private const string Path = "path";

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">What it holds.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string file, ImageColumns columns) => Csv.Write(
        file,
        [Path, .. columns.Names],
        columns.Images.Keys.Select(path => (string[])[path, .. columns.Names.Select(name => columns.ValueOf(path, name) ?? "")]));

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static ImageColumns Read(string file)
    {
        var (header, records) = Csv.ReadTable(file);
        if (header is not [Path, _, ..] || header.Contains("") || header.Distinct(StringComparer.OrdinalIgnoreCase).Count() < header.Count)
        {
            throw new InvalidDataException($"{file} does not begin with {Path} and the names of other columns, each once.");
        }

        string[] names = [.. header.Skip(1)];
        var images = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (line, fields) in records)
        {
            var values = CtSample.ColumnsOf(names.Zip(fields.Skip(1), (name, value) => (name, (string?)value)));
            if (fields[0].Length == 0 || !images.TryAdd(fields[0], values))
            {
                throw new InvalidDataException($"{file}, line {line}: the image '{fields[0]}' has no name, or is there twice.");
            }
        }

        return new(names, images);
    }
}
