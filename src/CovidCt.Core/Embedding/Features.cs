using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>What features must be before anything is computed from them.</summary>
internal static class Features
{
    /// <summary>Rows in double precision on a device, a copy.</summary>
    /// <param name="features">[N, D], finite.</param>
    /// <exception cref="ArgumentException">It isn't a matrix of finite numbers; the message names the first bad row.</exception>
    public static Tensor Matrix(Tensor features, Device device, string parameter)
    {
        ArgumentNullException.ThrowIfNull(features, parameter);
        if (features.dim() != 2 || features.shape[1] == 0 || features.is_complex())
        {
            throw new ArgumentException(
                $"Features are a matrix of real numbers, a row each point; these have the shape [{string.Join(", ", features.shape)}].",
                parameter);
        }

        using var scope = NewDisposeScope();
        var rows = features.detach().to(ScalarType.Float64, device, copy: true);
        if (rows.shape[0] > 0 && !rows.sum().isfinite().item<bool>())
        {
            var bad = rows.isfinite().all(1).logical_not();
            if (bad.any().item<bool>())
            {
                throw new ArgumentException($"Row {bad.to(ScalarType.Int32).argmax().item<long>()} of the features holds NaN or an "
                    + "infinite value; leave such rows out, or find out where they come from.", parameter);
            }
        }

        return rows.MoveToOuterDisposeScope();
    }

    /// <summary>The same less their mean, which changes no distance and spares rounding errors.</summary>
    /// <inheritdoc cref="Matrix"/>
    public static Tensor Centred(Tensor features, Device device, string parameter)
    {
        using var scope = NewDisposeScope();
        var rows = Matrix(features, device, parameter);
        return rows.sub_(rows.mean([0], keepdim: true)).MoveToOuterDisposeScope();
    }
}
