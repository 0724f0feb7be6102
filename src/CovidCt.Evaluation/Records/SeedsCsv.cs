using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>
/// Writes <c>seeds.csv</c>: <c>network,what,figure,value,low,high</c>, a figure a row, of each seed, of all on average and together, and
/// the differences, in RFC 4180's quoting. What is undefined, or has no interval, is an empty field.
/// </summary>
internal static class SeedsCsv
{
    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ensembles">One a network.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<SeedEnsemble> ensembles) => Csv.Write(
        path,
        ["network", "what", "figure", "value", "low", "high"],
        ensembles.SelectMany(ensemble => ensemble.Rows().Select(row => (string[])
        [
            ensemble.Network, row.What, row.Figure, Number(row.Value.Value), Number(row.Value.Interval?.Low),
            Number(row.Value.Interval?.High),
        ])));

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
