using System.Text.Json.Serialization;

namespace CovidCt.Data;

/// <summary>What folds keep together; equal where the names are.</summary>
[JsonConverter(typeof(GroupByJson))]
public sealed record GroupBy
{
    internal const string Sources = "sources";
    internal const string OfficialSplit = "official";
    internal const string Collections = "collections";

    /// <summary>The word is older than folds of whole sources, and older studies are read by it.</summary>
    internal const string OneSource = "source";

    private const string ColumnPrefix = "column:";

    private GroupBy(string name) => Name = name;

    /// <summary>Nothing: slices of one patient may lie on both sides, which flatters the figures. The paper's way.</summary>
    public static GroupBy Image { get; } = new("image");

    /// <summary>The slices of a patient.</summary>
    public static GroupBy Patient { get; } = new("patient");

    /// <summary>All that comes from one source, such as a publication, and each patient too: folds of whole sources.</summary>
    public static GroupBy Source { get; } = new(Sources);

    /// <summary>All that comes from one source, a fold a source: each is tested by a network that has seen none of it.</summary>
    public static GroupBy EachSource { get; } = new(OneSource);

    /// <summary>
    /// Two folds, each tested by a network that was trained on other collections (<see cref="Fold.ByCollection"/>): the nearest thing to
    /// another data set that one holds.
    /// </summary>
    public static GroupBy Collection { get; } = new(Collections);

    /// <summary>The data set's own split: one fold, tested on its test part and trained on all the rest.</summary>
    public static GroupBy Official { get; } = new(OfficialSplit);

    /// <summary>
    /// The name in files: <c>image</c>, <c>patient</c>, <c>sources</c> for folds of whole sources, <c>source</c> for each source left out
    /// in turn, <c>collections</c>, <c>official</c>, or <c>column:</c> and the name of a column.
    /// </summary>
    public string Name { get; }

    /// <summary>The column of <see cref="CtSample.Columns"/> whose values are kept together; null of the other ways.</summary>
    public string? Column => Name.StartsWith(ColumnPrefix, StringComparison.Ordinal) ? Name[ColumnPrefix.Length..] : null;

    private static GroupBy[] All => [Image, Patient, Source, EachSource, Collection, Official];

    /// <summary>All images with one value in a column, and each patient too: folds of whole values.</summary>
    /// <param name="column">The name of the column.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static GroupBy OfColumn(string column)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        return new(ColumnPrefix + column);
    }

    /// <summary>The way that has a name in files.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static GroupBy Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Find(All, way => way.Name == name)
            ?? (name.Length > ColumnPrefix.Length && name.StartsWith(ColumnPrefix, StringComparison.Ordinal)
                ? new(name)
                : throw new FormatException($"'{name}' is no way of drawing folds."));
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
