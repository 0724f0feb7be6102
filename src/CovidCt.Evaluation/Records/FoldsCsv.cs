using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>Writes and reads <c>folds.csv</c>: <c>path,label,patient,source,fold</c>, in the data set's order.</summary>
internal static class FoldsCsv
{
    private static readonly string[] Header = ["path", "label", "patient", "source", "fold"];

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">In the data set's order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<FoldRow> rows) => Csv.Write(path, Header, rows.Select(Fields));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyList<FoldRow> Read(string path) =>
    [
        .. Csv.Read(path, Header).Select(record => new FoldRow(
            record.Fields[0], record.Fields[1], Optional(record.Fields[2]), Optional(record.Fields[3]),
            Fold(path, record.Line, record.Fields[4]))),
    ];

    private static string[] Fields(FoldRow row) =>
        [row.Path, row.Label, row.Patient ?? "", row.Source ?? "", row.Fold?.ToString(CultureInfo.InvariantCulture) ?? ""];

    private static string? Optional(string text) => text.Length == 0 ? null : text;

    private static int? Fold(string path, int line, string text) => text.Length == 0 ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var fold) ? fold
        : throw new InvalidDataException($"{path}, line {line}: the fold '{text}' is no whole number from 0.");
}
