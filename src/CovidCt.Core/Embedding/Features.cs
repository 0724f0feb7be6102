using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>What features must be before anything is computed from them.</summary>
internal static class Features
{
    /// <summary>Rows in double precision on a device, less a mean, which changes no distance and spares rounding errors.</summary>
    /// <param name="features">[N, D], finite.</param>
    /// <param name="mean">[1, D]; null takes that of the features.</param>
    /// <exception cref="ArgumentException">It isn't a matrix of finite numbers; the message names the first bad row.</exception>
    public static Tensor Centred(Tensor features, Device device, string parameter, Tensor? mean = null)
    {
        ArgumentNullException.ThrowIfNull(features, parameter);
        if (features.dim() != 2 || features.shape[1] == 0 || features.is_complex())
        {
            throw new ArgumentException($"Features are a matrix of real numbers, a row each point; these have the shape [{string.Join(", ", features.shape)}].", parameter);
        }

        using var scope = NewDisposeScope();
        var rows = features.detach().to(ScalarType.Float64, device, copy: true);
        var sums = rows.sum(1);
        if (rows.shape[0] > 0 && !sums.isfinite().all().item<bool>())
        {
            var bad = rows.isfinite().all(1).logical_not();
            if (bad.any().item<bool>())
            {
                throw new ArgumentException($"Row {bad.to(ScalarType.Int32).argmax().item<long>()} of the features holds NaN or an infinite value; leave such rows out, or find out where they come from.", parameter);
            }
        }

        return rows.sub_(mean ?? rows.mean([0], keepdim: true)).MoveToOuterDisposeScope();
    }
}
