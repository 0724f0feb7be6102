using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>
/// Joint probabilities as dense blocks: rows in the order of their number of neighbours, cut into slabs that are as wide as their longest
/// row, where shorter ones
/// are filled up with themselves at the affinity 0 (sliced ELLPACK: Kreutzer, Hager, Wellein, Fehske and Bishop, SIAM Journal on Scientific
/// Computing 2014, 36,
/// C401-C423). Sums over neighbours are then sums over a dimension, in one order. Its tensors belong to the dispose scope of whoever made
/// it.
/// </summary>
internal sealed class DeviceSlabs
{
    // What the widest of the sums below holds of a pair: KL divergence, in float64.
    private const int BytesAPair = 64;

    // A slab's shortest row is at least so much of its longest.
    private const double LeastFilled = 0.875;

    private readonly List<Slab> _slabs = [];
    private readonly Tensor _places;

    public DeviceSlabs(DeviceAffinities affinities, RowBlocks blocks)
    {
        using var scope = NewDisposeScope();
        var count = affinities.Starts.shape[0] - 1;
        var (widths, order) = (affinities.Starts.narrow(0, 1, count) - affinities.Starts.narrow(0, 0, count)).sort(0, stable: true);
        _places = order.argsort().MoveToOuterDisposeScope();
        foreach (var (begin, rows, width) in Cuts(widths.cpu().data<long>().ToArray(), blocks.Rows(BytesAPair)))
        {
            _slabs.Add(Cut(affinities, order.narrow(0, begin, rows), widths.narrow(0, begin, rows), width).MoveToOuterDisposeScope());
        }
    }

    /// <summary>Σ p(ij) · k(ij) · (y(i) - y(j)), k(ij) = 1 / (1 + |y(i) - y(j)|²).</summary>
    /// <param name="positions">[2, N], float32.</param>
    /// <returns>[2, N], float32.</returns>
    public Tensor Attraction(Tensor positions) => OfRows(slab =>
    {
        var (dx, dy) = (slab.Differences(positions[0]), slab.Differences(positions[1]));
        var strength = slab.Values / dx.square().addcmul_(dy, dy, 1).add_(1);
        return stack([dx.mul_(strength).sum(1), dy.mul_(strength).sum(1)]);
    });

    /// <summary>What is left of KL divergence without the normalisation: the sum of p · log(p / k), and the sum of p.</summary>
    /// <param name="positions">[2, N], float64.</param>
    /// <returns>[2, N], float64.</returns>
    public Tensor Divergence(Tensor positions) => OfRows(slab =>
    {
        var (dx, dy) = (slab.Differences(positions[0]), slab.Differences(positions[1]));
        var p = slab.Values.to(ScalarType.Float64);
        return stack([xlogy(p, dx.pow_(2).addcmul_(dy, dy, 1).add_(1).mul_(p)).sum(1), p.sum(1)]);
    });

    /// <summary>Gives its tensors to the dispose scope around the current one.</summary>
    public DeviceSlabs MoveToOuterDisposeScope()
    {
        _places.MoveToOuterDisposeScope();
        _slabs.ForEach(slab => slab.MoveToOuterDisposeScope());
        return this;
    }

    /// <summary>Where to cut rows that are in the order of their lengths.</summary>
    /// <param name="widths">Lengths, ascending.</param>
    /// <param name="pairs">The most that a slab holds, filled up, unless one row is longer.</param>
    internal static IEnumerable<(int Begin, int Rows, long Width)> Cuts(long[] widths, long pairs)
    {
        var begin = 0;
        for (var end = 1; end <= widths.Length; end++)
        {
            if (end == widths.Length || widths[begin] < LeastFilled * widths[end] || (end + 1 - begin) * widths[end] > pairs)
            {
                yield return (begin, end - begin, widths[end - 1]);
                begin = end;
            }
        }
    }

    private static Slab Cut(DeviceAffinities affinities, Tensor rows, Tensor widths, long width)
    {
        using var scope = NewDisposeScope();
        var steps = arange(width, ScalarType.Int64, rows.device);
        var isFilled = steps.lt(widths.unsqueeze(1));
        var entries = (affinities.Starts.index_select(0, rows).unsqueeze(1) + steps).mul_(isFilled).reshape(-1);
        var columns = where(
            isFilled, affinities.Columns.index_select(0, entries).reshape(rows.shape[0], width), rows.to(ScalarType.Int32).unsqueeze(1));
        var values = affinities.Values.index_select(0, entries).to(ScalarType.Float32).reshape(rows.shape[0], width) * isFilled;
        return new Slab(rows.clone(), columns, values).MoveToOuterDisposeScope();
    }

    /// <summary>Two sums a row, computed slab by slab, in the order of the points.</summary>
    private Tensor OfRows(Func<Slab, Tensor> sums)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        foreach (var slab in _slabs)
        {
            using var inner = NewDisposeScope();
            parts.Add(sums(slab).MoveToOuterDisposeScope());
        }

        return cat(parts, 1).index_select(1, _places).MoveToOuterDisposeScope();
    }

    /// <param name="Rows">[R], int64: points.</param>
    /// <param name="Columns">[R, W], int32: their neighbours.</param>
    /// <param name="Values">[R, W], float32: joint probabilities.</param>
    private sealed record Slab(Tensor Rows, Tensor Columns, Tensor Values)
    {
        public Slab MoveToOuterDisposeScope()
        {
            Rows.MoveToOuterDisposeScope();
            Columns.MoveToOuterDisposeScope();
            Values.MoveToOuterDisposeScope();
            return this;
        }

        /// <summary>[R, W]: how far each row is from its neighbours, in one coordinate [N].</summary>
        public Tensor Differences(Tensor coordinate) =>
            coordinate.index_select(0, Columns.reshape(-1)).reshape(Columns.shape).neg_().add_(
                coordinate.index_select(0, Rows).unsqueeze(1));
    }
}
