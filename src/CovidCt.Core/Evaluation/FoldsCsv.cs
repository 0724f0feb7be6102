using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Evaluation;

/// <summary>In which fold an image is tested: a row of <c>folds.csv</c>.</summary>
/// <param name="Path">The image, relative to the root of the data set, with <c>/</c>.</param>
/// <param name="Label">The name of its actual class.</param>
/// <param name="Patient">Whose image it is; null when the data set doesn't say.</param>
/// <param name="Source">Where it comes from; null when the data set doesn't say.</param>
/// <param name="Fold">The fold that tests it, from 0; null of one that is trained on alone. All other folds train on it.</param>
public sealed record FoldRow(string Path, string Label, string? Patient, string? Source, int? Fold)
{
    /// <summary>
    /// The test images of a fold whose patient the fold trains on too; null where a patient is unknown.
    /// </summary>
    /// <param name="rows">All rows of the study.</param>
    /// <param name="fold">The fold.</param>
    public static int? SharedPatients(IReadOnlyCollection<FoldRow> rows, int fold)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Any(row => row.Patient is null))
        {
            return null;
        }

        var trained = rows.Where(row => row.Fold != fold).Select(row => row.Patient).ToHashSet(StringComparer.Ordinal);
        return rows.Count(row => row.Fold == fold && trained.Contains(row.Patient));
    }
}

/// <summary>Writes and reads <c>folds.csv</c>: <c>path,label,patient,source,fold</c>, in the data set's order.</summary>
public static class FoldsCsv
{
    /// <summary>The file's name in a study's folder.</summary>
    public const string Name = "folds.csv";

    private static readonly string[] Header = ["path", "label", "patient", "source", "fold"];

    /// <summary>The rows of a data set under some folds.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="folds">The folds of its rows.</param>
    public static IReadOnlyList<FoldRow> Rows(CtDataset dataset, IReadOnlyList<Fold> folds)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(folds);
        var tested = new int?[dataset.Samples.Count];
        foreach (var fold in folds)
        {
            foreach (var row in fold.Test)
            {
                tested[row] = fold.Index;
            }
        }

        return [.. dataset.Samples.Select((sample, row) => new FoldRow(sample.Path, dataset.Classes[sample.Label], sample.Patient, sample.Source, tested[row]))];
    }

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">In the data set's order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<FoldRow> rows) => Csv.Write(
        path, Header, rows.Select(row => (string[])[row.Path, row.Label, row.Patient ?? "", row.Source ?? "", row.Fold?.ToString(CultureInfo.InvariantCulture) ?? ""]));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyList<FoldRow> Read(string path) =>
    [
        .. Csv.Read(path, Header).Select(record => new FoldRow(
            record.Fields[0], record.Fields[1], Optional(record.Fields[2]), Optional(record.Fields[3]), Fold(path, record.Line, record.Fields[4]))),
    ];

    private static string? Optional(string text) => text.Length == 0 ? null : text;

    private static int? Fold(string path, int line, string text) => text.Length == 0 ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var fold) ? fold
        : throw new InvalidDataException($"{path}, line {line}: the fold '{text}' is no whole number from 0.");
}
