using System.Globalization;
using CovidCt.Records;

namespace CovidCt.Cli.Output;

/// <summary>How evenly the images of a class are shared out among the folds' test parts.</summary>
/// <param name="Label">The name of the class.</param>
/// <param name="FewestImages">Images in the test part that has fewest.</param>
/// <param name="MostImages">Images in the test part that has most.</param>
/// <param name="FewestPatients">Patients in the test part that has fewest; null where a patient is unknown.</param>
/// <param name="MostPatients">Patients in the test part that has most; null where a patient is unknown.</param>
internal sealed record FoldBalance(string Label, int FewestImages, int MostImages, int? FewestPatients, int? MostPatients)
{
    /// <summary>The balance of each class, in ordinal order of their names.</summary>
    /// <param name="rows">The rows of a study.</param>
    public static IReadOnlyList<FoldBalance> Of(IReadOnlyCollection<FoldRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int[] folds = [.. rows.Select(row => row.Fold).OfType<int>().Distinct()];
        var known = rows.All(row => row.Patient is not null);
        return
        [
            .. rows.GroupBy(row => row.Label, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
            {
                int[] images = [.. folds.Select(fold => group.Count(row => row.Fold == fold))];
                int[] patients =
                [
                    .. folds.Select(fold =>
                        group.Where(row => row.Fold == fold).Select(row => row.Patient).Distinct(StringComparer.Ordinal).Count()),
                ];
                return new FoldBalance(group.Key, images.Min(), images.Max(), known ? patients.Min() : null, known ? patients.Max() : null);
            }),
        ];
    }

    /// <summary>A short text, such as <c>COVID 42 to 43 patients, 69 to 70 images</c>.</summary>
    public override string ToString()
    {
        var patients = FewestPatients is { } fewest ? $"{Between(fewest, MostPatients!.Value)} patients, " : "";
        return $"{Label} {patients}{Between(FewestImages, MostImages)} images";
    }

    private static string Between(int fewest, int most) => fewest == most
        ? fewest.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{fewest} to {most}");
}
