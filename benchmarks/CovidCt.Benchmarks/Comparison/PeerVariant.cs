namespace CovidCt.Benchmarks.Comparison;

/// <summary>A way in which the peer does a work.</summary>
/// <param name="Name">The head of its columns, and what a process of this program is told where it takes the peer's place.</param>
/// <param name="IsChannelsLast">Whether its tensors are channels-last.</param>
/// <param name="IsAutocast">Whether autocast computes in bfloat16.</param>
/// <param name="IsCompiled">Whether the network goes through torch.compile.</param>
/// <param name="Build">The benchmarks' assembly of another build of this library, which then is the peer; null for Python.</param>
internal sealed record PeerVariant(
    string Name, bool IsChannelsLast = false, bool IsAutocast = false, bool IsCompiled = false, string? Build = null)
{
    /// <summary>This library as it was built elsewhere, before a change say.</summary>
    public static PeerVariant OtherBuild(string assembly) => new("other build", Build: assembly);

    /// <summary>PyTorch as it is.</summary>
    public static readonly PeerVariant Ordinary = new("PyTorch");

    /// <summary>With the layout of tensors that convolutions like best.</summary>
    public static readonly PeerVariant ChannelsLast = new("channels-last", IsChannelsLast: true);

    /// <summary>ONNX Runtime in .NET on torchvision's export.</summary>
    public static readonly PeerVariant OnnxRuntime = new("ONNX Runtime");

    /// <summary>TorchSharp as its users write it, on the same libtorch.</summary>
    public static readonly PeerVariant TorchSharp = new("TorchSharp");

    /// <summary>This library by CovidCt.Onnx.</summary>
    public static readonly PeerVariant OursByOnnx = new("ours by ONNX");

    /// <summary>What is customary on a card.</summary>
    public static readonly PeerVariant Autocast = new("channels-last, autocast", IsChannelsLast: true, IsAutocast: true);

    /// <summary>The same, compiled.</summary>
    public static readonly PeerVariant Compiled = new("torch.compile", IsChannelsLast: true, IsAutocast: true, IsCompiled: true);
}
