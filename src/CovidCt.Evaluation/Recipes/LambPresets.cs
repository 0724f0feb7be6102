namespace CovidCt.Recipes;

/// <summary>
/// The variants of LAMB as others define them, each with this study's learning rate of 3e-4. Every access makes options
/// of its own, which may be changed.
/// </summary>
public static class LambPresets
{
    private static readonly (string Name, Func<LambOptions> Create)[] All =
    [
        ("authors", () => Authors),
        ("paper", () => Paper),
        ("apex", () => Apex),
        ("deepspeed", () => DeepSpeed),
    ];

    /// <summary>The names that <see cref="ByName"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(preset => preset.Name)];

    /// <summary>
    /// cybertronai's pytorch-lamb, which the authors of the study use: no bias correction, φ(‖w‖) = min(‖w‖, 10),
    /// ε = 1e-6, λ = 0. The study's default.
    /// </summary>
    public static LambOptions Authors => new();

    /// <summary>
    /// Algorithm 2 of the LAMB paper (arXiv 1904.00962v5): bias correction and φ the identity, with ε = 1e-6 and
    /// λ = 0.01 as in its experiments.
    /// </summary>
    public static LambOptions Paper => new()
    {
        BiasCorrection = true,
        WeightNormLimit = null,
        WeightDecay = 0.01,
    };

    /// <summary>
    /// NVIDIA apex's FusedLAMB, and timm's Lamb: gradients scaled to a global norm of at most 1, bias correction, and
    /// no trust ratio where the weight decay is 0; ε = 1e-6, λ = 0.01.
    /// </summary>
    public static LambOptions Apex => new()
    {
        BiasCorrection = true,
        WeightNormLimit = null,
        WeightDecay = 0.01,
        GradientNormLimit = 1,
        AdaptWithoutDecay = false,
    };

    /// <summary>
    /// DeepSpeed's FusedLamb: bias correction and a trust ratio within [0.01, 10]; ε = 1e-8, λ = 0. What scales the
    /// gradients is left to the caller, as there.
    /// </summary>
    public static LambOptions DeepSpeed => new()
    {
        BiasCorrection = true,
        WeightNormLimit = null,
        Epsilon = 1e-8,
        TrustRatioMin = 0.01,
        TrustRatioMax = 10,
    };

    /// <summary>The options of a variant by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>, in upper or lower case.</param>
    /// <exception cref="ArgumentException">There is no such preset; the message lists those there are.</exception>
    public static LambOptions ByName(string name)
    {
        foreach (var preset in All)
        {
            if (string.Equals(preset.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return preset.Create();
            }
        }

        throw new ArgumentException($"There is no LAMB preset '{name}'; use one of {string.Join(", ", Names)}.", nameof(name));
    }
}
