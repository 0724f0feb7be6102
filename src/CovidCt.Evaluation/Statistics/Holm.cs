namespace CovidCt.Statistics;

/// <summary>
/// Holm's correction for many tests: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
/// of Statistics 1979, 6, 65-70. The chance of any false rejection among them stays below the level, however the tests
/// depend on each other.
/// </summary>
internal static class Holm
{
    /// <summary>
    /// Adjusted p-values, to be compared with the level itself: the i-th smallest of m, times m - i + 1, made
    /// non-decreasing and at most 1.
    /// </summary>
    /// <param name="pValues">In [0, 1].</param>
    /// <returns>In the order of the p-values.</returns>
    /// <exception cref="ArgumentException">A value is not in [0, 1].</exception>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        foreach (var p in pValues)
        {
            if (p is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"A p-value is {p}, not in 0…1.", nameof(pValues));
            }
        }

        var adjusted = new double[pValues.Count];
        double largest = 0;
        foreach (var (rank, index) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (pValues.Count - rank) * pValues[index]));
            adjusted[index] = largest;
        }

        return adjusted;
    }
}
