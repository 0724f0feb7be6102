using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>The search of <see cref="BandwidthSearch"/> for many rows at once: the same steps, until the last row is done.</summary>
internal static class DeviceBandwidths
{
    private const double Tolerance = 1e-11;

    /// <summary>Each row's conditional probabilities p(j | i), which sum to 1.</summary>
    /// <param name="squared">[N, k], float64: squared distances.</param>
    /// <returns>[N, k], float64.</returns>
    public static Tensor Conditional(Tensor squared, double perplexity, RowBlocks blocks)
    {
        using var scope = NewDisposeScope();
        var probabilities = empty_like(squared);
        foreach (var block in blocks.Of(squared.shape[0], squared.shape[1] * 5 * sizeof(double)))
        {
            using var inner = NewDisposeScope();
            var rows = squared.narrow(0, block.Begin, block.Count);
            var above = rows - rows.amin([1], keepdim: true);
            var kernels = above.mul(Betas(above, perplexity).neg_().unsqueeze(1)).exp_();
            probabilities.narrow(0, block.Begin, block.Count).copy_(kernels.div_(kernels.sum(1, keepdim: true)));
        }

        return probabilities.MoveToOuterDisposeScope();
    }

    /// <param name="squared">[B, k]: squared distances less each row's least.</param>
    /// <returns>[B]: β.</returns>
    private static Tensor Betas(Tensor squared, double perplexity)
    {
        using var scope = NewDisposeScope();
        var mean = squared.mean([1]);
        var beta = where(mean.gt(0), mean.reciprocal(), ones_like(mean));
        var (low, high, done) = (zeros_like(beta), full_like(beta, double.PositiveInfinity), zeros_like(beta, ScalarType.Bool));
        for (var step = 0; step < 200; step++)
        {
            using var inner = NewDisposeScope();
            var kernels = squared.mul(beta.neg().unsqueeze(1)).exp_();
            var zero = kernels.sum(1);
            var first = kernels.mul_(squared).sum(1).div_(zero);
            var second = kernels.mul_(squared).sum(1).div_(zero);
            var error = zero.log() + (beta * first) - Math.Log(perplexity);
            done.logical_or_(error.abs().lt(Tolerance)).logical_or_(beta.ge(1e290));
            if (done.all().item<bool>())
            {
                break;
            }

            var isTooWide = error.gt(0);
            low.copy_(where(isTooWide, beta, low));
            high.copy_(where(isTooWide, high, beta));
            var newton = (error / ((second - first.square()) * beta.square())).clamp_(min: -3, max: 3).exp_().mul_(beta);
            var next = where(newton.gt(low).logical_and_(newton.lt(high)), newton, where(high.isinf(), beta * 16, (low + high) / 2));
            done.logical_or_(next.eq(beta));
            beta.copy_(where(done, beta, next));
        }

        return beta.MoveToOuterDisposeScope();
    }
}
