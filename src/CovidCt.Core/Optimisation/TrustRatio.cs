using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Optimisation;

/// <summary>LAMB's r = φ(‖w‖)/‖u‖ within the limits of its options, and 1 where either norm is 0.</summary>
internal static class TrustRatio
{
    public static double Of(LambOptions options, double weightNorm, double updateNorm)
    {
        if (weightNorm == 0 || updateNorm == 0)
        {
            return 1;
        }

        var ratio = Math.Min(weightNorm, options.WeightNormLimit ?? double.PositiveInfinity) / updateNorm;
        ratio = Math.Max(ratio, options.TrustRatioMin ?? double.NegativeInfinity);
        return Math.Min(ratio, options.TrustRatioMax ?? double.PositiveInfinity);
    }

    /// <summary>The same on the device, for one parameter or for a vector of them; it takes the memory of ‖w‖.</summary>
    public static Tensor Of(LambOptions options, Tensor weightNorm, Tensor updateNorm)
    {
        var undefined = weightNorm.minimum(updateNorm).eq(0);
        var limited = options.WeightNormLimit is { } limit ? weightNorm.clamp_(max: limit) : weightNorm;
        var ratio = limited.div_(updateNorm);
        if (options.TrustRatioMin is { } least)
        {
            ratio.clamp_(min: least);
        }

        if (options.TrustRatioMax is { } greatest)
        {
            ratio.clamp_(max: greatest);
        }

        return ratio.masked_fill_(undefined, 1);
    }
}
