using System.Globalization;
using CovidCt.Data;
using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>
/// Writes and reads <c>predictions.csv</c>: <c>path,label,patient,network,fold,probability</c> and, where the source of an image is
/// known, <c>source</c>; ordered by network, fold and path (ordinal), in RFC 4180's quoting, with digits that round-trip whatever the
/// culture. An unknown patient or source is an empty field.
/// </summary>
internal static class PredictionsCsv
{
    private const string SourceColumn = "source";

    private static readonly string[] Header = ["path", "label", "patient", "network", "fold", "probability"];

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="predictions">In any order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<Prediction> predictions)
    {
        List<Prediction> rows =
        [
            .. predictions.OrderBy(p => p.Network, StringComparer.Ordinal).ThenBy(p => p.Fold).ThenBy(p => p.Path, StringComparer.Ordinal),
        ];
        var knowsSources = rows.Exists(p => p.Source is not null);
        Csv.Write(path, knowsSources ? [.. Header, SourceColumn] : Header, rows.Select(p => (string[])
        [
            p.Path,
            p.Label,
            p.Patient ?? "",
            p.Network,
            p.Fold.ToString(CultureInfo.InvariantCulture),
            p.Probability.ToString("R", CultureInfo.InvariantCulture),
            .. knowsSources ? (string[])[p.Source ?? ""] : [],
        ]));
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyList<Prediction> Read(string path) =>
        [.. Csv.Read(path, Header, SourceColumn).Select(record => Parse(path, record.Line, record.Fields))];

    private static Prediction Parse(string path, int line, IReadOnlyList<string> fields)
    {
        if (!int.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var fold))
        {
            throw new InvalidDataException($"{path}, line {line}: the fold '{fields[4]}' is no number from 0.");
        }

        if (!double.TryParse(fields[5], NumberStyles.Float, CultureInfo.InvariantCulture, out var probability)
            || !double.IsFinite(probability))
        {
            throw new InvalidDataException($"{path}, line {line}: the probability '{fields[5]}' is no number.");
        }

        return new Prediction(fields[0], fields[1], Optional(fields[2]), fields[3], fold, probability) { Source = Optional(fields[6]) };
    }

    private static string? Optional(string field) => field.Length == 0 ? null : field;
}
