using CovidCt.Recipes;

namespace CovidCt.Training;

/// <summary>Which rows each epoch of a training shows, and in which order: a function of the seed and the epoch.</summary>
internal sealed class RowSampler
{
    private const int OrderStream = 1;
    private const int PatientStream = 3;

    private readonly int[][] _groups;
    private readonly long _seed;

    /// <param name="sampling">Which rows an epoch shows.</param>
    /// <param name="rows">The rows to train on.</param>
    /// <param name="patients">The patient of each row of the data set; null where nobody knows.</param>
    /// <param name="seed">Decides draws and order.</param>
    public RowSampler(RowSampling sampling, IReadOnlyList<int> rows, IReadOnlyList<string?>? patients, long seed)
    {
        _seed = seed;
        _groups = sampling == RowSampling.Image || patients is null
            ? [.. rows.Select(row => new[] { row })]
            : [.. rows.GroupBy(row => (Patient: patients[row], Row: patients[row] is null ? row : -1)).Select(group => group.ToArray())];
    }

    /// <summary>The rows of an epoch, in their order.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public int[] Epoch(int epoch)
    {
        var order = Array.ConvertAll(
            _groups, rows => rows is [var only] ? only : rows.MinBy(row => CounterRandom.Key(_seed, PatientStream, epoch, row)));
        var keys = Array.ConvertAll(order, row => CounterRandom.Key(_seed, OrderStream, epoch, row));
        Array.Sort(keys, order);
        return order;
    }
}
