using System.ComponentModel.DataAnnotations;

namespace CovidCt.Recipes;

/// <summary>
/// What the variants of LAMB differ in. The defaults are those of the paper's authors (<see cref="LambOptions.Authors"/>).
/// </summary>
/// <remarks>
/// A step is g̃ = g/s; m = β₁m + (1−β₁)g̃; v = β₂v + (1−β₂)g̃²; u = m̂/(√v̂ + ε) + λw; w ← w − η·r·u, with the trust ratio
/// r = φ(‖w‖)/‖u‖ of each parameter tensor, and r = 1 where ‖w‖ or ‖u‖ is 0. You et al., "Large Batch Optimization for
/// Deep Learning: Training BERT in 76 minutes", ICLR 2020, algorithm 2 (arXiv 1904.00962v5).
/// </remarks>
public sealed class LambOptions : IValidatableObject
{
    /// <summary>η, the learning rate; a schedule multiplies it. Default 3e-4, the paper's. Greater than or equal to 0.</summary>
    [Range(0, double.MaxValue)]
    public double LearningRate { get; set; } = 3e-4;

    /// <summary>β₁, the decay of the mean of gradients. Default 0.9, in [0, 1).</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, the decay of the mean of squared gradients. Default 0.999, in [0, 1).</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, added to √v̂. Default 1e-6; greater than 0, so that a gradient of 0 leads to no update.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Epsilon { get; set; } = 1e-6;

    /// <summary>λ, the decoupled weight decay, which the trust ratio scales too. Default 0; not negative.</summary>
    [Range(0, double.MaxValue)]
    public double WeightDecay { get; set; }

    /// <summary>
    /// Whether m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ) take the place of m and v, t being the number of steps. Default false.
    /// </summary>
    public bool BiasCorrection { get; set; }

    /// <summary>
    /// The L of s = max(1, ‖g‖/L), ‖g‖ being the norm over the gradients of all parameters; null, the default, for s = 1.
    /// </summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? GradientNormLimit { get; set; }

    /// <summary>The M of φ(‖w‖) = min(‖w‖, M); null for the identity. Default 10.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? WeightNormLimit { get; set; } = 10;

    /// <summary>
    /// The least trust ratio; null, the default, for none. A ratio of 1 that stands in for a norm of 0 isn't touched.
    /// </summary>
    [Range(0, double.MaxValue)]
    public double? TrustRatioMin { get; set; }

    /// <summary>
    /// The greatest trust ratio; null, the default, for none. A ratio of 1 that stands in for a norm of 0 isn't touched.
    /// </summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? TrustRatioMax { get; set; }

    /// <summary>
    /// Whether the trust ratio is applied where the weight decay is 0 too; otherwise r = 1 there, which is Adam.
    /// Default true.
    /// </summary>
    public bool AdaptWithoutDecay { get; set; } = true;

    /// <summary>A copy.</summary>
    public LambOptions Clone() => (LambOptions)MemberwiseClone();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TrustRatioMin > TrustRatioMax)
        {
            yield return new ValidationResult(
                FormattableString.Invariant($"{nameof(TrustRatioMin)} is {TrustRatioMin}, above {nameof(TrustRatioMax)}, {TrustRatioMax}: ")
                    + "lower the one or raise the other.",
                [nameof(TrustRatioMin), nameof(TrustRatioMax)]);
        }
    }

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
