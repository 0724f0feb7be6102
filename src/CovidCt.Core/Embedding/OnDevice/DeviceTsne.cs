using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>
/// t-SNE in tensor operators alone, for a card: what grows with N², with N · k or with the iterations stays on the device, and what grows
/// with N² in blocks. The same
/// method as on the processor, from the same positions; the outcome differs by rounding.
/// </summary>
/// <remarks>
/// <para>
/// An iteration waits for the device once, for the bounds of the embedding, by which the grid is chosen; cancellation and progress ride on
/// that. The other
/// waits are one for each search for neighbours, one for each step of the bandwidths and one for each block of ranks.
/// </para>
/// <para>
/// Memory in bytes, for N points of D dimensions with k neighbours: 12 · D · N for the features; some 110 · N · k for a moment while
/// affinities are made
/// symmetric, afterwards at most 18 · N · k; about 1000 · N, and the grid, in an iteration; and one block of <see cref="RowBlocks.Usual"/>.
/// </para>
/// <para>Sums have one order, or are of whole numbers where the hardware decides their order, so that nothing here keeps a card from
/// repeating its bits.</para>
/// </remarks>
internal sealed class DeviceTsne(TsneOptions options, IProgress<TsneProgress>? progress, CancellationToken cancellationToken)
{
    private readonly RowBlocks _blocks = new(cancellationToken: cancellationToken);
    private readonly int _iterations = options.EarlyIterations + options.Iterations;

    /// <summary>Embeds.</summary>
    /// <param name="rows">[N, D], float64, centred, on the device, not all the same.</param>
    public TsneEmbedding Embed(Tensor rows, bool exact)
    {
        using var scope = NewDisposeScope();
        var count = (int)rows.shape[0];
        progress?.Report(new(TsneStage.Affinities, 0, _iterations));
        var slabs = Affinities(rows);
        var (x, y) = InitialPositions.Of(rows, options);
        var positions = stack([tensor(x), tensor(y)]).to(rows.device);
        using IDeviceRepulsion repulsion = exact
            ? new DeviceExactRepulsion(_blocks)
            : new InterpolatedRepulsion(rows.device, inAnyOrder: true);
        Descend(slabs, repulsion, positions);

        progress?.Report(new(TsneStage.Quality, _iterations, _iterations));
        var neighbours = Math.Min(options.QualityNeighbours, (count - 1) / 2);
        var ranks = DeviceQuality.Ranks(rows, positions, neighbours, _blocks);
        var quality = new EmbeddingQuality(
            DeviceQuality.KlDivergence(slabs, positions, _blocks), ranks.Trustworthiness, ranks.Recall, neighbours);
        var values = positions.cpu().data<float>().ToArray();
        return new(
            [.. Enumerable.Range(0, count).Select(i => (values[i], values[count + i]))],
            options.PerplexityFor(count), exact ? TsneMethod.Exact : TsneMethod.Interpolation, quality);
    }

    private DeviceSlabs Affinities(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var perplexity = options.PerplexityFor((int)rows.shape[0]);
        var reach = SparseAffinities.Reach(perplexity, (int)rows.shape[0]);
        DeviceAffinities.CheckCount(rows.shape[0], reach, nameof(rows));
        var (indices, squared) = DeviceNeighbours.Search(rows, reach, _blocks, DeviceDistances.Single);
        var conditional = DeviceBandwidths.Conditional(squared, perplexity, _blocks);
        squared.Dispose();
        return new DeviceSlabs(DeviceAffinities.Joint(indices, conditional), _blocks).MoveToOuterDisposeScope();
    }

    private void Descend(DeviceSlabs slabs, IDeviceRepulsion repulsion, Tensor positions)
    {
        var rate = options.RateFor((int)positions.shape[1]);
        Phase(0, options.EarlyIterations, options.EarlyExaggeration, options.EarlyMomentum);
        Phase(options.EarlyIterations, _iterations, 1, options.Momentum);

        void Phase(int begin, int end, double exaggeration, double momentum)
        {
            using var scope = NewDisposeScope();
            var descent = new DeviceDescent(slabs, repulsion, positions);
            for (var i = begin; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                descent.Step(exaggeration, rate, momentum, options.MaxStepNorm);
                progress?.Report(new(TsneStage.Descent, i + 1, _iterations));
            }
        }
    }
}
