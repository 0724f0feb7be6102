using static TorchSharp.torch;

namespace CovidCt.Models.Blocks;

/// <summary>Fills a tensor with a layer's initial values.</summary>
/// <param name="values">float32 on the CPU, changed in place.</param>
/// <param name="fans">
/// The layer's fans, as PyTorch counts them: [O, I, h, w] has the fans I·h·w and O·h·w, whatever its groups.
/// </param>
/// <param name="random">Where the values are drawn from.</param>
internal delegate void InitialValue(Tensor values, (long In, long Out) fans, Generator random);

/// <summary>The rules that the published networks draw their initial values by.</summary>
internal static class InitialValues
{
    /// <summary>Zeros.</summary>
    public static void Zero(Tensor values, (long In, long Out) fans, Generator random) => values.zero_();

    /// <summary>He et al. 2015, for a ReLU, normal, keeping the forward pass's variance.</summary>
    public static void KaimingNormalFanIn(Tensor values, (long In, long Out) fans, Generator random) =>
        values.normal_(0, Math.Sqrt(2.0 / fans.In), random);

    /// <summary>He et al. 2015, for a ReLU, normal, keeping the backward pass's variance.</summary>
    public static void KaimingNormalFanOut(Tensor values, (long In, long Out) fans, Generator random) =>
        values.normal_(0, Math.Sqrt(2.0 / fans.Out), random);

    /// <summary>He et al. 2015, for a ReLU, uniform, keeping the forward pass's variance.</summary>
    public static void KaimingUniform(Tensor values, (long In, long Out) fans, Generator random) =>
        Uniform(values, Math.Sqrt(6.0 / fans.In), random);

    /// <summary>PyTorch's own rule for convolutions, linear layers and their biases: uniform in ±1/√fan-in.</summary>
    public static void PyTorchDefault(Tensor values, (long In, long Out) fans, Generator random) =>
        Uniform(values, 1 / Math.Sqrt(fans.In), random);

    /// <summary>Normal around 0.</summary>
    public static InitialValue Normal(double deviation) => (values, _, random) => values.normal_(0, deviation, random);

    /// <summary>Normal around 0, within ±2, which is so many deviations that a clamp does.</summary>
    public static InitialValue TruncatedNormal(double deviation) =>
        (values, _, random) => values.normal_(0, deviation, random).clamp_(-2, 2);

    private static void Uniform(Tensor values, double bound, Generator random) => values.uniform_(-bound, bound, random);
}
