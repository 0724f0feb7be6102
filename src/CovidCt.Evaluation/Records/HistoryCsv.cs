using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>
/// Writes and reads <c>history.csv</c>: <c>network,fold,epoch,learning_rate,train_loss,train_accuracy,seconds</c>,
/// ordered by network (ordinal), fold and epoch, with digits that round-trip whatever the culture.
/// </summary>
internal static class HistoryCsv
{
    private static readonly string[] Header =
        ["network", "fold", "epoch", "learning_rate", "train_loss", "train_accuracy", "seconds"];

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entries">In any order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<HistoryEntry> entries) => Csv.Write(
        path,
        Header,
        entries
            .OrderBy(e => e.Network, StringComparer.Ordinal)
            .ThenBy(e => e.Fold)
            .ThenBy(e => e.Epoch.Epoch)
            .Select(e => (string[])
            [
                e.Network,
                e.Fold.ToString(CultureInfo.InvariantCulture),
                e.Epoch.Epoch.ToString(CultureInfo.InvariantCulture),
                e.Epoch.LearningRate.ToString("R", CultureInfo.InvariantCulture),
                e.Epoch.Loss.ToString("R", CultureInfo.InvariantCulture),
                e.Epoch.Accuracy.ToString("R", CultureInfo.InvariantCulture),
                e.Epoch.Seconds.ToString("R", CultureInfo.InvariantCulture),
            ]));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyList<HistoryEntry> Read(string path) =>
    [
        .. Csv.Read(path, Header).Select(record =>
        {
            var (line, fields) = record;
            return new HistoryEntry(
                fields[0],
                Parse<int>(1),
                new(Parse<int>(2), Parse<double>(3), Parse<double>(4), Parse<double>(5), Parse<double>(6)));

            T Parse<T>(int column)
                where T : IParsable<T> => T.TryParse(fields[column], CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new InvalidDataException(
                        $"{path}, line {line}: '{fields[column]}' in the column {Header[column]} is no number.");
        }),
    ];
}
