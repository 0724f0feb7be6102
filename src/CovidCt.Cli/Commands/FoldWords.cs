using CovidCt.Data;

namespace CovidCt.Cli.Commands;

/// <summary>What the ways of drawing folds are called on the command line.</summary>
internal static class FoldWords
{
    /// <summary>The words, for a help text.</summary>
    public static string Placeholder { get; } = string.Join('|', Words.Select(word => word.Word).Append("COLUMN"));

    private static (string Word, GroupBy Way)[] Words =>
    [
        ("image", GroupBy.Image), ("patient", GroupBy.Patient), ("source", GroupBy.Source), ("each-source", GroupBy.EachSource),
        ("collection", GroupBy.Collection), ("official", GroupBy.Official),
    ];

    /// <summary>The way that a word names: one of these, else the column of that name.</summary>
    /// <exception cref="UsageException">It is empty.</exception>
    public static GroupBy Parse(string word) =>
        string.IsNullOrWhiteSpace(word) ? throw new UsageException($"--group-by is empty; give one of {Placeholder}.")
        : Array.Find(Words, one => one.Word.Equals(word, StringComparison.OrdinalIgnoreCase)) is { Way: { } way } ? way
        : GroupBy.OfColumn(word.Trim());

    /// <summary>Refuses a column that a data set doesn't have, before anything is written.</summary>
    /// <param name="way">What was asked for.</param>
    /// <param name="dataset">The data set; null is the phantom, which has no columns of its own.</param>
    /// <exception cref="UsageException">There is no such column.</exception>
    public static void RequireColumn(GroupBy way, CtDataset? dataset)
    {
        var columns = dataset?.Columns ?? [];
        if (way.Column is { } column && !columns.Contains(column, StringComparer.OrdinalIgnoreCase))
        {
            var own = columns.Count == 0 ? "" : $", or one of the columns {string.Join(", ", columns)}";
            throw new UsageException(
                $"--group-by {column} is neither a way of drawing folds nor a column of {dataset?.Name ?? "the phantom"}; give one of "
                    + $"{string.Join(", ", Words.Select(one => one.Word))}{own}.");
        }
    }
}
