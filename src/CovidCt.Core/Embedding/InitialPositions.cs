using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>Where an embedding begins.</summary>
internal static class InitialPositions
{
    private const double Deviation = 1e-4;

    /// <summary>Where the options have it begin.</summary>
    /// <inheritdoc cref="Pca"/>
    public static (float[] X, float[] Y) Of(Tensor features, TsneOptions options) =>
        options.Initialization == TsneInitialization.Pca ? Pca(features, options.Seed) : Random((int)features.shape[0], options.Seed);

    /// <summary>Normally distributed, by seed.</summary>
    public static (float[] X, float[] Y) Random(int count, long seed) =>
        (Normal(count, seed, 0, Deviation), Normal(count, seed, 1, Deviation));

    /// <summary>The first two principal components, with jitter.</summary>
    /// <param name="features">[N, D], float64, centred, not all rows equal.</param>
    public static (float[] X, float[] Y) Pca(Tensor features, long seed)
    {
        using var scope = NewDisposeScope();
        var components = Components(features, seed).cpu();
        components /= components[TensorIndex.Colon, 0].std(unbiased: false) / Deviation;
        var (x, y) = Random((int)features.shape[0], seed);
        var values = components.to(ScalarType.Float32).t().contiguous().data<float>().ToArray();
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = values[i] + (0.01f * x[i]);
            y[i] = (values.Length > x.Length ? values[x.Length + i] : 0) + (0.01f * y[i]);
        }

        return (x, y);
    }

    /// <summary>
    /// The first two principal components by subspace iteration (Halko, Martinsson and Tropp, SIAM Review 2011, algorithm 4.4), signs such
    /// that the greatest loading is positive.
    /// </summary>
    private static Tensor Components(Tensor features, long seed)
    {
        var (rows, columns) = ((int)features.shape[0], (int)features.shape[1]);
        var width = Math.Min(12, Math.Min(rows, columns));
        var basis = tensor(Normal(columns * width, seed, 2, 1), [columns, width]).to(ScalarType.Float64, features.device);
        for (var i = 0; i < 10; i++)
        {
            basis = linalg.qr(features.t().mm(features.mm(basis))).Q;
        }

        var projected = features.mm(basis);
        var (_, vectors) = linalg.eigh(projected.t().mm(projected));
        var first = vectors.flip(1).slice(1, 0, Math.Min(2, width), 1);
        var loadings = basis.mm(first);
        var signs = loadings.gather(0, loadings.abs().argmax(0, keepdim: true)).sign();
        return projected.mm(first) * signs;
    }

    private static float[] Normal(int count, long seed, long stream, double deviation)
    {
        var random = new CounterRandom(seed, stream);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)(
                deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextUniform())) * Math.Cos(2 * Math.PI * random.NextUniform()));
        }

        return values;
    }
}
