using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>
/// The joint probabilities of <see cref="SparseAffinities"/>, p(ij) = (p(j|i) + p(i|j)) / 2N, as compressed sparse rows with ascending
/// columns.
/// </summary>
/// <param name="Starts">[N + 1], int64: where each row begins.</param>
/// <param name="Columns">[E], int32.</param>
/// <param name="Values">[E], float64.</param>
internal sealed record DeviceAffinities(Tensor Starts, Tensor Columns, Tensor Values)
{
    /// <summary>Pairs go through one sort, whose length libtorch counts in 32 bits.</summary>
    /// <exception cref="ArgumentException">There are more.</exception>
    public static void CheckCount(long points, int neighbours, string parameter)
    {
        if (2 * points * neighbours > int.MaxValue)
        {
            throw new ArgumentException(
                $"{points} points of {neighbours} neighbours are more pairs than a card sorts at once: with this perplexity, "
                    + $"{int.MaxValue / (2L * neighbours)} points go. Lower the perplexity or embed a sample.", parameter);
        }
    }

    /// <summary>Makes the conditional probabilities symmetric.</summary>
    /// <param name="conditional">[N, k], float64.</param>
    /// <remarks>
    /// Every pair is an entry i · N + j, and one j · N + i; sorted, the two that make one p(ij) lie side by side, which no order of work
    /// changes. Some 110 bytes for each
    /// of the N · k pairs while it lasts, and 12 for each that is left, of which there are at most 2 · N · k.
    /// </remarks>
    public static DeviceAffinities Joint(Tensor indices, Tensor conditional)
    {
        using var scope = NewDisposeScope();
        var (count, pairs) = (indices.shape[0], indices.numel());
        var (keys, order) = Keys(indices);
        var values = conditional.reshape(-1).index_select(0, order.remainder_(pairs)).mul_(0.5 / count);
        order.Dispose();

        var repeats = keys.narrow(0, 1, (2 * pairs) - 1).eq(keys.narrow(0, 0, (2 * pairs) - 1));
        values.narrow(0, 0, (2 * pairs) - 1).add_(values.narrow(0, 1, (2 * pairs) - 1) * repeats);
        var left = cat([zeros_like(repeats.narrow(0, 0, 1)), repeats]).logical_not_().nonzero().squeeze(1);
        (keys, values) = (Selected(keys, left), Selected(values, left));
        var starts = searchsorted(keys, arange(count + 1, ScalarType.Int64, keys.device) * count);
        return new(
            starts.MoveToOuterDisposeScope(), keys.remainder_(count).to(ScalarType.Int32)
                .MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope());
    }

    private static (Tensor Keys, Tensor Order) Keys(Tensor indices)
    {
        using var scope = NewDisposeScope();
        var count = indices.shape[0];
        var own = arange(count, ScalarType.Int64, indices.device).unsqueeze(1);
        var both = stack([indices, indices]);
        both[0].add_(own * count);
        both[1].mul_(count).add_(own);
        var (keys, order) = both.reshape(-1).sort(0);
        return (keys.MoveToOuterDisposeScope(), order.MoveToOuterDisposeScope());
    }

    private static Tensor Selected(Tensor from, Tensor places)
    {
        using (from)
        {
            return from.index_select(0, places);
        }
    }
}
