using System.Collections.Frozen;

namespace CovidCt.Data;

/// <summary>One image of a data set.</summary>
/// <param name="Path">Relative to the data set's root, with <c>/</c> between folders.</param>
/// <param name="Label">The index of its class in <see cref="CtDataset.Classes"/>.</param>
/// <param name="Patient">Whose slice it is, unique over the whole data set; null, the default, where that is unknown.</param>
/// <param name="Split">
/// The part of a published split it belongs to: <c>train</c>, <c>val</c> or <c>test</c>; null, the default, without one.
/// </param>
public sealed record CtSample(string Path, int Label, string? Patient = null, string? Split = null)
{
    /// <summary>
    /// The picture in which an expert marked what speaks for the label: relative to the data set's root, as large as the
    /// image, marked where it is not black; null where nothing is marked.
    /// </summary>
    public string? Findings { get; init; }

    /// <summary>
    /// The picture in which the lungs are marked: relative to the data set's root, as large as the image, marked where it is not black;
    /// null where that is unknown.
    /// </summary>
    public string? Lungs { get; init; }

    /// <summary>Where it comes from: a hospital, a scanner, a publication; null where that is unknown.</summary>
    public string? Source { get; init; }

    /// <summary>The collection that its source belongs to, such as one archive of several; null where that is unknown.</summary>
    public string? Collection { get; init; }

    /// <summary>
    /// What else is known of it, by the name of a column in any case, such as <c>age</c>, <c>sex</c> or <c>severity</c>; what is unknown
    /// is left out.
    /// </summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Whether two samples say the same.</summary>
    public bool Equals(CtSample? other) =>
        other is not null
        && (Path, Label, Patient, Split, Findings, Lungs, Source, Collection)
            == (other.Path, other.Label, other.Patient, other.Split, other.Findings, other.Lungs, other.Source, other.Collection)
        && Columns.Count == other.Columns.Count
        && Columns.All(column => other.Columns.TryGetValue(column.Key, out var value) && value == column.Value);

    /// <summary>Equal for equal samples.</summary>
    public override int GetHashCode() => HashCode.Combine(Path, Label, Patient, Source);

    /// <summary>Columns by their names in any case.</summary>
    /// <param name="columns">The names, the first of which counts, and the values; those without either are left out.</param>
    internal static IReadOnlyDictionary<string, string> ColumnsOf(IEnumerable<(string Name, string? Value)> columns)
    {
        var known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in columns)
        {
            if (name.Length > 0 && value is { Length: > 0 })
            {
                known.TryAdd(name, value);
            }
        }

        return known;
    }
}
