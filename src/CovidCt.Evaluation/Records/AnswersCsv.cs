using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>
/// Writes and reads <c>answers.csv</c>: <c>path,calibrated,set,distance,threshold</c>, ordered by path, with digits that round-trip; what
/// there is none of is empty. A set is <c>positive</c>, <c>negative</c>, <c>both</c> or <c>neither</c>.
/// </summary>
internal static class AnswersCsv
{
    private const string Positive = "positive", Negative = "negative", Both = "both", Neither = "neither";

    private static readonly string[] Header = ["path", "calibrated", "set", "distance", "threshold"];

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="answers">In any order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<TestedModel.Answer> answers) =>
        Csv.Write(path, Header, answers.OrderBy(answer => answer.Path, StringComparer.Ordinal).Select(FieldsOf));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyList<TestedModel.Answer> Read(string path) => [.. Csv.Read(path, Header).Select(row => Parsed(path, row))];

    /// <summary>An answer as fields.</summary>
    public static string[] FieldsOf(TestedModel.Answer answer) =>
    [
        answer.Path,
        Text(answer.Calibrated),
        answer.Set switch
        {
            null => "",
            (true, true) => Both,
            (true, false) => Positive,
            (false, true) => Negative,
            _ => Neither,
        },
        Text(answer.Distance?.Distance),
        Text(answer.Distance?.Threshold),
    ];

    /// <summary>An answer from the fields of <see cref="FieldsOf"/>.</summary>
    /// <exception cref="FormatException">They are no answer; the message says why.</exception>
    public static TestedModel.Answer Of(IReadOnlyList<string> fields)
    {
        (bool, bool)? set = fields[2] switch
        {
            "" => null,
            Both => (true, true),
            Positive => (true, false),
            Negative => (false, true),
            Neither => (false, false),
            _ => throw new FormatException($"the set '{fields[2]}' is none of {Positive}, {Negative}, {Both} and {Neither}."),
        };
        return new(fields[0], NumberOf(fields[1], 1), set, (NumberOf(fields[3], 2), NumberOf(fields[4], 2)) switch
        {
            ({ } distance, { } threshold) => new(distance, threshold),
            (null, null) => null,
            _ => throw new FormatException("a distance takes a threshold with it, and a threshold a distance."),
        });
    }

    private static TestedModel.Answer Parsed(string path, (int Line, IReadOnlyList<string> Fields) row)
    {
        try
        {
            return Of(row.Fields);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{path}, line {row.Line}: {e.Message}", e);
        }
    }

    private static string Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static double? NumberOf(string field, double most) => field.Length == 0 ? null
        : double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= most
            ? number
            : throw new FormatException($"'{field}' is no number from 0 to {most}.");
}
