using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Answers;

/// <summary>What a network, or an ensemble of them, answers about a series.</summary>
/// <param name="Label">The name of the class that is called.</param>
/// <param name="Positive">The name of the positive class.</param>
/// <param name="Score">
/// What <paramref name="Rule"/> makes of the slices' probabilities of the positive class, in [0, 1]: raw ones, not calibrated.
/// </param>
/// <param name="Rule">The rule, fixed beforehand.</param>
/// <param name="Slices">All slices, those that were left out too, from the feet to the head.</param>
public sealed record SeriesClassification(
    string Label, string Positive, double Score, SeriesRule Rule, IReadOnlyList<SliceAnswer> Slices)
{
    /// <summary>The slices that were answered about.</summary>
    public IEnumerable<SliceAnswer> Answered => Slices.Where(slice => slice.LeftOut is null);

    /// <summary>Writes the curve along the body: a row a slice, its probability empty where it was left out.</summary>
    /// <param name="path">A CSV file in RFC 4180's quoting, whole or not there.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void WriteCurve(string path) => Csv.Write(
        path,
        ["slice", "location_mm", "lung_share", "probability", "map_in_lungs", "left_out"],
        Slices.Select(slice => (string[])
        [
            slice.Slice.ToString(CultureInfo.InvariantCulture), Number(slice.Location), Number(slice.LungShare), Number(slice.Probability),
            Number(slice.MapInLungs), slice.LeftOut ?? "",
        ]));

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
