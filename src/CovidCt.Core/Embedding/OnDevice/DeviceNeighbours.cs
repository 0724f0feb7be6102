using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>The nearest neighbours of every row, exactly, without a block of distances leaving the device.</summary>
/// <param name="Indices">[N, k], int64, the nearest first; equal distances go by their index.</param>
/// <param name="Squared">[N, k], float64: squared distances.</param>
/// <remarks>
/// <para>
/// A matrix product gives approximate distances, of which the k + 8 least are candidates; those are measured again by differences in
/// float64. In single
/// precision, an approximate distance |b|² - 2ab errs by at most (D + 4) · u · (|a| + |b|)², u = 2⁻²⁴ (the bound of a sum of products:
/// Higham, Accuracy and Stability of
/// Numerical Algorithms, 2nd edition, section 3.1). Whoever is nearer to a than its kth candidate, at the distance r, has |b| below |a| +
/// r. So where the last
/// candidate's approximate distance lies beyond r² by that bound, nobody nearer was missed; the other rows are looked at again with
/// products in float64.
/// </para>
/// <para>Memory: the outcome, 16 · k bytes a row, and one of <see cref="RowBlocks"/>.</para>
/// </remarks>
internal sealed record DeviceNeighbours(Tensor Indices, Tensor Squared)
{
    private const int Spare = 8;

    // Far above what float32 makes of numbers that are too small for it, far below any distance between others.
    private const double Underflow = 1e-30;

    // Below this, sums in float32 are finite.
    private const double Overflow = 1e37;

    public int PerRow => (int)Indices.shape[1];

    /// <summary>Searches.</summary>
    /// <param name="rows">[N, D], float64, centred.</param>
    /// <param name="neighbours">k, below N.</param>
    /// <param name="first">The precision of the first look; rows that it leaves in doubt get a second one in float64.</param>
    public static DeviceNeighbours Search(Tensor rows, int neighbours, RowBlocks blocks, ScalarType first)
    {
        using var scope = NewDisposeScope();
        var count = rows.shape[0];
        var result = new DeviceNeighbours(
            empty([count, neighbours], ScalarType.Int64, rows.device), empty([count, neighbours], ScalarType.Float64, rows.device));
        var inDoubt = result.Look(new(rows, first), arange(count, ScalarType.Int64, rows.device), blocks);
        if (inDoubt.shape[0] > 0)
        {
            result.Look(new(rows, ScalarType.Float64), inDoubt, blocks);
        }

        result.Indices.MoveToOuterDisposeScope();
        result.Squared.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>Looks for the neighbours of some rows.</summary>
    /// <returns>[M], int64: the rows for which these distances don't settle who they are.</returns>
    private Tensor Look(DeviceDistances distances, Tensor numbers, RowBlocks blocks)
    {
        using var scope = NewDisposeScope();
        var candidates = (int)Math.Min(PerRow + Spare, distances.Count - 1);
        var sure = new List<Tensor>();
        foreach (var block in blocks.Of(numbers.shape[0], distances.BytesARow + (candidates * ((distances.Rows.shape[1] * 24) + 64))))
        {
            using var inner = NewDisposeScope();
            var own = numbers.narrow(0, block.Begin, block.Count);
            var (approximate, found) = distances.Of(own).topk(candidates, dim: 1, largest: false, sorted: false);
            var (indices, squared) = Measured(distances.Rows, own, found);
            Indices.index_copy_(0, own, indices.narrow(1, 0, PerRow));
            Squared.index_copy_(0, own, squared.narrow(1, 0, PerRow));
            sure.Add(IsSure(distances, own, approximate.amax([1]), squared.select(1, PerRow - 1)).MoveToOuterDisposeScope());
        }

        return numbers.index_select(0, cat(sure).logical_not().nonzero().squeeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Candidates in the order of their distances, by differences in float64.</summary>
    private static (Tensor Indices, Tensor Squared) Measured(Tensor rows, Tensor own, Tensor candidates)
    {
        var ascending = candidates.sort(1).Values;
        var differences = rows.index_select(0, ascending.reshape(-1)).reshape(
            ascending.shape[0], ascending.shape[1], -1).sub_(rows.index_select(0, own).unsqueeze(1));
        var (squared, order) = differences.pow_(2).sum(2).sort(1, stable: true);
        return (ascending.gather(1, order), squared);
    }

    /// <param name="last">[B]: the greatest approximate distance of a candidate.</param>
    /// <param name="reach">[B]: the squared distance of the kth candidate.</param>
    private Tensor IsSure(DeviceDistances distances, Tensor own, Tensor last, Tensor reach)
    {
        if (distances.Type == ScalarType.Float64 || distances.Count - 1 <= PerRow + Spare)
        {
            return ones_like(own, ScalarType.Bool);
        }

        var norms = distances.Rows.index_select(0, own).square().sum(1);
        var size = (norms.sqrt() * 2).add_(reach.sqrt()).pow_(2);
        var error = (size * ((distances.Rows.shape[1] + 8) * Math.ScaleB(1, -24))).add_(Underflow);
        return (norms + last.to(ScalarType.Float64)).ge(reach + error).logical_and_(size.lt(Overflow));
    }
}
