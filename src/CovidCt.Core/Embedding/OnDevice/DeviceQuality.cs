using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>The quality figures, in blocks on the device.</summary>
internal static class DeviceQuality
{
    // Of a value compared with a bound: two truths, and their int32 copy, which libtorch makes before it sums.
    private const long BytesAComparison = 6;

    /// <summary>The divergence of <see cref="SparseAffinities.KlDivergence"/>, with an exact normalisation.</summary>
    /// <param name="positions">[2, N], float32.</param>
    public static double KlDivergence(DeviceSlabs slabs, Tensor positions, RowBlocks blocks)
    {
        using var scope = NewDisposeScope();
        var sums = slabs.Divergence(positions.to(ScalarType.Float64)).sum(1);
        return (sums[0] + (sums[1] * KernelSum(positions, blocks).log_())).item<double>();
    }

    /// <summary>Trustworthiness and recall, as <see cref="NeighbourRanks.Of"/> has them.</summary>
    /// <param name="features">[N, D], float64, centred.</param>
    /// <param name="positions">[2, N], float32.</param>
    /// <param name="neighbours">k, below N / 2.</param>
    public static NeighbourRanks Ranks(Tensor features, Tensor positions, int neighbours, RowBlocks blocks)
    {
        using var scope = NewDisposeScope();
        var count = features.shape[0];
        var planar = DeviceNeighbours.Search(positions.t().to(ScalarType.Float64), neighbours, blocks, ScalarType.Float64).Indices;
        var distances = new DeviceDistances(features, DeviceDistances.TypeFor(count));
        var sums = zeros(2, ScalarType.Int64, features.device);
        foreach (var block in blocks.Of(count, (2 * distances.BytesARow) + (BytesAComparison * count * neighbours)))
        {
            using var inner = NewDisposeScope();
            var ranks = Ranked(
                distances.Of(arange(block.Begin, block.Begin + block.Count, ScalarType.Int64, features.device)),
                planar.narrow(0, block.Begin, block.Count));
            sums.add_(stack([(ranks - neighbours).clamp_(min: 0).sum(), ranks.le(neighbours).sum()]));
        }

        var counts = sums.cpu().data<long>();
        return NeighbourRanks.FromSums(counts[0], counts[1], count, neighbours);
    }

    /// <summary>Which ranks some columns have in their rows; equal values go by their column.</summary>
    /// <param name="distances">[B, N].</param>
    /// <param name="columns">[B, k].</param>
    /// <returns>[B, k], int32, from 1.</returns>
    private static Tensor Ranked(Tensor distances, Tensor columns)
    {
        var (all, bounds) = (distances.unsqueeze(1), distances.gather(1, columns).unsqueeze(2));
        var ranks = Number(all.lt(bounds)).add_(1);
        var isTied = Number(all.eq(bounds)).gt(1).any(1);
        var rows = isTied.nonzero().squeeze(1);
        if (rows.shape[0] == 0)
        {
            return ranks;
        }

        var before = arange(distances.shape[1], ScalarType.Int64, distances.device).lt(columns.index_select(0, rows).unsqueeze(2));
        return ranks.index_add_(0, rows, Number(before.logical_and_(all.index_select(0, rows).eq(bounds.index_select(0, rows)))), 1);
    }

    /// <summary>How many are true along the last of three dimensions, int32; they are disposed, for they are large.</summary>
    private static Tensor Number(Tensor areSo)
    {
        using (areSo)
        {
            return areSo.sum(2, type: ScalarType.Int32);
        }
    }

    /// <summary>
    /// The sum of the kernel over all ordered pairs of different points, each pair looked at once: float32, added up in float64.
    /// </summary>
    private static Tensor KernelSum(Tensor positions, RowBlocks blocks)
    {
        using var scope = NewDisposeScope();
        var count = positions.shape[1];
        var sum = zeros([], ScalarType.Float64, positions.device);
        foreach (var block in blocks.Of(count, count * 4 * sizeof(float)))
        {
            using var inner = NewDisposeScope();
            var own = positions.narrow(1, block.Begin, block.Count);
            var later = positions.narrow(1, block.Begin + block.Count, count - block.Begin - block.Count);
            sum.add_(Kernels(own, own)).sub_(block.Count).add_(Kernels(own, later), alpha: 2);
        }

        return sum.MoveToOuterDisposeScope();
    }

    private static Tensor Kernels(Tensor a, Tensor b)
    {
        var (dx, dy) = (a[0].unsqueeze(1) - b[0], a[1].unsqueeze(1) - b[1]);
        return dx.pow_(2).addcmul_(dy, dy, 1).add_(1).reciprocal_().sum(ScalarType.Float64);
    }
}
