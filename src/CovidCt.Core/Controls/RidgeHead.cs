using static TorchSharp.torch;

namespace CovidCt.Controls;

/// <summary>
/// A linear head on standardised features, fitted by ridge regression on labels of ±1, the weight of the penalty chosen by
/// the exact leave-one-out error of the training rows (Rifkin and Lippert, "Notes on regularized least squares", MIT 2007,
/// equations 3 and 4). Many sets of labels are fitted at once.
/// </summary>
internal static class RidgeHead
{
    private static readonly double[] Penalties = [.. Enumerable.Range(-3, 9).Select(power => Math.Pow(10, power))];

    /// <summary>The scores of test rows: positive for the positive class.</summary>
    /// <param name="train">float64 [n, d].</param>
    /// <param name="labels">float64 [n, k] of 0 and 1: k sets of labels.</param>
    /// <param name="test">float64 [m, d].</param>
    /// <returns>float64 [m, k], which the caller owns.</returns>
    public static Tensor Scores(Tensor train, Tensor labels, Tensor test)
    {
        using var scope = NewDisposeScope();
        var mean = train.mean([0], keepdim: true);
        var spread = (train - mean).square().mean([0], keepdim: true).sqrt();
        spread = where(spread > 1e-12, spread, ones_like(spread));
        var (x, z) = ((train - mean) / spread, (test - mean) / spread);
        var signs = (labels * 2) - 1;
        var intercept = signs.mean([0], keepdim: true);
        var y = signs - intercept;

        // x = U S Vᵀ by the smaller Gram matrix; directions without spread carry nothing.
        var wide = x.shape[1] > x.shape[0];
        var gram = wide ? x.matmul(x.t()) : x.t().matmul(x);
        var (values, vectors) = linalg.eigh(gram);
        var kept = (values > values.max() * 1e-10).nonzero().flatten();
        var squares = values.index_select(0, kept).clamp_min(1e-300);
        var basis = vectors.index_select(1, kept);
        var u = wide ? basis : x.matmul(basis) / squares.sqrt();
        var projected = u.t().matmul(y);
        var towardTest = (wide ? z.matmul(x.t().matmul(basis)) / squares.sqrt() : z.matmul(basis)) / squares.sqrt();

        var (best, chosen) = ((Tensor?)null, (Tensor?)null);
        foreach (var penalty in Penalties)
        {
            var shrink = squares / (squares + (penalty * x.shape[0]));
            var residual = y - u.matmul(shrink.unsqueeze(1) * projected);
            var leverage = (u.square() * shrink).sum(1, keepdim: true) + (1.0 / x.shape[0]);
            var error = (residual / (1 - leverage).clamp_min(1e-9)).square().mean([0]);
            var scores = towardTest.matmul(shrink.unsqueeze(1) * projected) + intercept;
            var better = best is null ? ones_like(error).to_type(ScalarType.Bool) : error < best;
            chosen = chosen is null ? scores : where(better.unsqueeze(0), scores, chosen);
            best = best is null ? error : minimum(best, error);
        }

        return chosen!.MoveToOuterDisposeScope();
    }
}
