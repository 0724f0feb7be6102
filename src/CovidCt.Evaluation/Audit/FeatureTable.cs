namespace CovidCt.Audit;

/// <summary>One thing to tell classes by: a number, or words.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Group">The group it belongs to.</param>
internal sealed record ProbeFeature(string Name, string Group);

/// <summary>Features in whole numbers that trees split at: numbers in bins of about equal counts, words one column each.</summary>
internal sealed class FeatureTable
{
    /// <summary>The most bins of a column.</summary>
    public const int Bins = 64;

    private readonly List<byte[]> _columns = [];
    private readonly List<(ProbeFeature Feature, int[] Columns)> _features = [];

    public IReadOnlyList<(ProbeFeature Feature, int[] Columns)> Features => _features;

    public byte[] Column(int column) => _columns[column];

    /// <summary>Adds a number; its bins are drawn without a look at labels.</summary>
    public void Add(ProbeFeature feature, double[] values)
    {
        var sorted = values.Order().ToArray();
        double[] bounds = [.. Enumerable.Range(1, Bins - 1).Select(bin => sorted[(int)((long)bin * sorted.Length / Bins)]).Distinct()];
        _features.Add((feature, [_columns.Count]));
        _columns.Add([.. values.Select(value => (byte)Above(bounds, value))]);
    }

    /// <summary>Adds words, a column for each that is there.</summary>
    public void Add(ProbeFeature feature, string[] values)
    {
        var words = values.Distinct().Order(StringComparer.Ordinal).ToArray();
        _features.Add((feature, [.. Enumerable.Range(_columns.Count, words.Length)]));
        _columns.AddRange(words.Select(word => values.Select(value => (byte)(value == word ? 1 : 0)).ToArray()));
    }

    // The number of bounds that a value reaches.
    private static int Above(double[] bounds, double value)
    {
        var at = Array.BinarySearch(bounds, value);
        return at >= 0 ? at + 1 : ~at;
    }
}
