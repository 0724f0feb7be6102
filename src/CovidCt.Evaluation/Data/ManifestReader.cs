namespace CovidCt.Data;

/// <summary>
/// A CSV file with the columns path, label and, where known, patient, split, source, collection, findings and lungs, and any
/// others.
/// </summary>
internal static class ManifestReader
{
    /// <summary>What a manifest is called where only its folder is named.</summary>
    public const string FileName = "manifest.csv";

    public static CtDataset Read(string file)
    {
        var root = Path.GetDirectoryName(file)!;
        var table = CsvTable.Read(file);
        var (path, label) = (table.Require("path"), table.Require("label"));
        var (patient, split, findings) = (table.Find("patient"), table.Find("split"), table.Find("findings"));
        var (source, collection, lungs) = (table.Find("source"), table.Find("collection"), table.Find("lungs"));
        int[] known = [path, label, patient, split, findings, source, collection, lungs];
        int[] others = [.. Enumerable.Range(0, table.Header.Length).Except(known)];
        var rows = new List<(CtSample Sample, string Label)>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, fields) in table.Rows)
        {
            var name = Normalised(root, Required(path, "path"));
            if (!lines.TryAdd(name, line))
            {
                throw new UnusableDataException($"{file}: {name} is on line {lines[name]} and again on line {line}; list each image once.");
            }

            string? Picture(int column) => Optional(column) is { } picture ? Normalised(root, picture) : null;
            var sample = new CtSample(name, 0, Optional(patient), SplitOf(file, line, Optional(split)))
            {
                Findings = Picture(findings),
                Lungs = Picture(lungs),
                Source = Optional(source),
                Collection = Optional(collection),
                Columns = CtSample.ColumnsOf(others.Select(column => (table.Header[column], Optional(column)))),
            };
            rows.Add((sample, Required(label, "label")));

            string Required(int column, string columnName) => CsvTable.Field(fields, column) is { Length: > 0 } value
                ? value
                : throw new UnusableDataException($"{file}, line {line}: the {columnName} is missing.");

            string? Optional(int column) => CsvTable.Field(fields, column) is { Length: > 0 } value ? value : null;
        }

        string[] classes = [.. rows.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length < 2)
        {
            throw new UnusableDataException(
                $"{file} has {rows.Count} images {(classes is [var only] ? $"and the one label '{only}'" : "")}; a study needs two "
                    + "classes or more.");
        }

        return DatasetReader.Build(
            NameOf(file), root, classes, positive: null,
            rows.Select(row => row.Sample with { Label = Array.IndexOf(classes, row.Label) }));
    }

    /// <summary>The part of a split by one of its usual names.</summary>
    /// <exception cref="UnusableDataException">It is none.</exception>
    public static string? SplitOf(string file, int line, string? value) => value?.ToUpperInvariant() switch
    {
        null => null,
        "TRAIN" or "TRAINING" => "train",
        "VAL" or "VALID" or "VALIDATION" => "val",
        "TEST" or "TESTING" => "test",
        _ => throw new UnusableDataException($"{file}, line {line}: the split '{value}' is none of train, val and test."),
    };

    /// <summary>The data set's name: the manifest's, or where that has none of its own, its folder's.</summary>
    public static string NameOf(string file) =>
        Path.GetFileNameWithoutExtension(file) is var name && name.Equals("manifest", StringComparison.OrdinalIgnoreCase)
            ? Path.GetFileName(Path.GetDirectoryName(file)!)
            : name;

    // Manifests written on Windows have backslashes, which elsewhere may be part of a name.
    internal static string Normalised(string root, string path)
    {
        var isForeign = path.Contains('\\', StringComparison.Ordinal) && !File.Exists(Path.GetFullPath(path, root));
        return DatasetReader.Relative(root, Path.GetFullPath(isForeign ? path.Replace('\\', '/') : path, root));
    }
}
