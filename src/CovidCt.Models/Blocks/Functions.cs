using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CovidCt.Models.Blocks;

/// <summary>max(x, 0).</summary>
/// <param name="inPlace">Whether the argument becomes the result.</param>
internal sealed class ReluStep(bool inPlace) : Step
{
    public override Tensor Run(Tensor x) => inPlace ? x.relu_() : x.relu();
}

/// <summary>The step that does nothing.</summary>
internal sealed class IdentityStep : Step
{
    public override Tensor Run(Tensor x) => x;

    public override IEnumerable<Step> Flat() => [];
}

/// <summary>The largest value of each window.</summary>
/// <param name="window">How the window goes over the image.</param>
/// <param name="ceil">Whether a window that ends beyond the padding counts too.</param>
internal sealed class MaxPoolStep(PoolWindow window, bool ceil) : Step
{
    public PoolWindow Window => window;

    public bool Ceil => ceil;

    public override Tensor Run(Tensor x) => F.max_pool2d(x, window.Size, window.Stride, window.Padding, ceil_mode: ceil);
}

/// <summary>The mean of each window, of which padding is a part.</summary>
/// <param name="window">How the window goes over the image.</param>
internal sealed class AvgPoolStep(PoolWindow window) : Step
{
    public PoolWindow Window => window;

    public override Tensor Run(Tensor x) => F.avg_pool2d(x, window.Size, window.Stride, window.Padding);
}

/// <summary>A square window that goes over an image, in pixels.</summary>
/// <param name="Size">Of a side.</param>
/// <param name="Stride">From one to the next.</param>
/// <param name="Padding">On each side of the image.</param>
internal sealed record PoolWindow(int Size, int Stride, int Padding);

/// <summary>Global average pooling: [N, C, H, W] to [N, C].</summary>
internal sealed class GlobalPoolStep : Step
{
    public override Tensor Run(Tensor x) => x.mean([2, 3]);
}

/// <summary>A view of one half of the channels.</summary>
/// <param name="which">The first (0) or the second (1).</param>
internal sealed class HalfStep(int which) : Step
{
    public int Which => which;

    public override bool IsView => true;

    public override Tensor Run(Tensor x) => x.narrow(1, which * (x.shape[1] / 2), x.shape[1] / 2);
}
