using CovidCt.Data;

namespace CovidCt.Volumes;

/// <summary>A row of a manifest by series.</summary>
internal sealed record VolumeRow(int Line, string Series, string Label, string? Patient, string? Split, string? Source, string? Collection)
{
    /// <summary>What else stands there, by column.</summary>
    public IReadOnlyList<(string Name, string? Value)> Others { get; private init; } = [];

    /// <exception cref="UnusableDataException">A field is missing, or the split is none.</exception>
    public static IEnumerable<VolumeRow> Read(CsvTable table, string series)
    {
        var (name, label, patient) = (table.Require(series), table.Require("label"), table.Find("patient"));
        var (split, source, collection) = (table.Find("split"), table.Find("source"), table.Find("collection"));
        int[] others = [.. Enumerable.Range(0, table.Header.Length).Except([name, label, patient, split, source, collection])];
        foreach (var (line, fields) in table.Rows)
        {
            yield return new(
                line, Required(name, series), Required(label, "label"), Optional(patient),
                ManifestReader.SplitOf(table.File, line, Optional(split)), Optional(source), Optional(collection))
            {
                Others = [.. others.Select(column => (table.Header[column], Optional(column)))],
            };

            string Required(int column, string columnName) =>
                Optional(column) ?? throw new UnusableDataException($"{table.File}, line {line}: the {columnName} is missing.");

            string? Optional(int column) => CsvTable.Field(fields, column) is { Length: > 0 } value ? value : null;
        }
    }
}
