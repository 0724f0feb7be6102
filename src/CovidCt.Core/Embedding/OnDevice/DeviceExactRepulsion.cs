using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>The repulsion between every pair of points, in blocks: time grows with N², memory with N.</summary>
internal sealed class DeviceExactRepulsion(RowBlocks blocks) : IDeviceRepulsion
{
    public (Tensor Push, Tensor Z) Compute(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var count = positions.shape[1];
        var push = empty_like(positions);

        // Each point's kernel with itself is 1.
        var z = full([], -(double)count, ScalarType.Float64, positions.device);
        foreach (var block in blocks.Of(count, count * 8 * sizeof(float)))
        {
            using var inner = NewDisposeScope();
            var own = positions.narrow(1, block.Begin, block.Count);
            var differences = own.unsqueeze(2) - positions.unsqueeze(1);
            var kernels = differences.square().sum([0L]).add_(1).reciprocal_();
            z.add_(kernels.sum(ScalarType.Float64));
            push.narrow(1, block.Begin, block.Count).copy_(differences.mul_(kernels.pow_(2)).sum(2));
        }

        return (push.MoveToOuterDisposeScope(), z.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
    }
}
