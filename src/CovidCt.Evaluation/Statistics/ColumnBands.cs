using System.Globalization;

namespace CovidCt.Statistics;

/// <summary>Into which groups a column's values go: the one place that says so.</summary>
/// <remarks>
/// An age becomes a band of twenty years; another number with many values, thirds. A severity in free text is graded by the word that it
/// begins with. What else has more than <see cref="MostValues"/> values, such as a DOI, makes no groups.
/// </remarks>
internal sealed class ColumnBands
{
    /// <summary>The most values that are a group each.</summary>
    public const int MostValues = 12;

    private const string Mild = "mild", Severe = "severe";

    private static readonly string[] AgeNames = ["age", "patientage", "ageyears", "ageinyears"];

    // Of an adult life in bands of twenty years, and before and after it.
    private static readonly double[] AgeEdges = [18, 40, 60, 80];

    private static readonly string[] Grades = ["asymptomatic", Mild, "moderate", Severe, "critical"];

    private static readonly Dictionary<string, string> GradeOfWord = new(StringComparer.OrdinalIgnoreCase)
    {
        ["light"] = Mild,
        ["serious"] = Severe,
    };

    private static readonly Subgroups.Band Other = new(Subgroups.BandKind.Other), Unknown = new(Subgroups.BandKind.Unknown);

    private readonly Func<string, Subgroups.Band> _of;

    private ColumnBands(int values, IEnumerable<Subgroups.Band> bands, Func<string, Subgroups.Band> of)
    {
        Values = values;
        Bands = [.. bands, Other, Unknown];
        _of = of;
    }

    /// <summary>How many different values there are, in any case.</summary>
    public int Values { get; }

    /// <summary>All groups in their order, whether or not any image is in them; none where the column makes none.</summary>
    public IReadOnlyList<Subgroups.Band> Bands { get; private init; }

    /// <summary>The group of a value; of an unknown one, null, that of the unknown.</summary>
    public Subgroups.Band Of(string? value) => value is null ? Unknown : _of(value);

    /// <summary>The groups of a column.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="known">The values of the images that have one.</param>
    public static ColumnBands Of(string column, IReadOnlyList<string> known)
    {
        var name = string.Concat(column.Where(char.IsLetter));
        var isAge = AgeNames.Contains(name, StringComparer.OrdinalIgnoreCase);
        List<string> values = [.. known.Distinct(StringComparer.OrdinalIgnoreCase)];
        double[] numbers = [.. known.Select(value => NumberOf(value, isAge)).OfType<double>().Order()];
        var areNumbers = 2 * numbers.Length > known.Count;
        return isAge && areNumbers ? Ranges(values.Count, AgeEdges, isAge)
            : values.Count <= MostValues ? Each(values)
            : areNumbers ? Ranges(values.Count, Thirds(numbers), isAge)
            : name.Equals("severity", StringComparison.OrdinalIgnoreCase) && known.Any(value => GradeOf(value) is not null)
            ? new(values.Count, Grades.Select(ValueBand), value => GradeOf(value) is { } grade ? ValueBand(grade) : Other)
            : new(values.Count, [], _ => Other) { Bands = [] };
    }

    private static Subgroups.Band ValueBand(string value) => new(Subgroups.BandKind.Value, value);

    private static ColumnBands Each(List<string> values)
    {
        var spelling = values.ToDictionary(value => value, ValueBand, StringComparer.OrdinalIgnoreCase);
        return new(
            values.Count,
            spelling.Values.OrderBy(band => NumberOf(band.Value!, isAge: false) ?? double.PositiveInfinity)
                .ThenBy(band => band.Value, StringComparer.OrdinalIgnoreCase).ThenBy(band => band.Value, StringComparer.Ordinal),
            value => spelling[value]);
    }

    private static ColumnBands Ranges(int values, double[] edges, bool isAge)
    {
        Subgroups.Band[] bands =
        [
            .. Enumerable.Range(0, edges.Length + 1).Select(i => new Subgroups.Band(
                Subgroups.BandKind.Range, null, i == 0 ? null : edges[i - 1], i == edges.Length ? null : edges[i])),
        ];
        return new(values, bands, value => NumberOf(value, isAge) is { } number ? bands[edges.Count(edge => edge <= number)] : Other);
    }

    /// <summary>Where the second and the last third of ascending numbers begin; one edge where equal numbers leave no more.</summary>
    private static double[] Thirds(double[] ascending)
    {
        var least = Array.Find(ascending, number => number > ascending[0]);
        double[] edges = [ascending[ascending.Length / 3], ascending[2 * ascending.Length / 3]];
        return [.. edges.Select(edge => Math.Max(edge, least)).Distinct()];
    }

    /// <summary>A value as a number; of an age, one that DICOM writes too, such as <c>045Y</c>.</summary>
    private static double? NumberOf(string value, bool isAge) =>
        double.TryParse(
            isAge && value.EndsWith('Y') ? value[..^1] : value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    private static string? GradeOf(string value)
    {
        var word = string.Concat(value.TakeWhile(char.IsLetter));
        return GradeOfWord.GetValueOrDefault(word) ?? Array.Find(Grades, grade => grade.Equals(word, StringComparison.OrdinalIgnoreCase));
    }
}
