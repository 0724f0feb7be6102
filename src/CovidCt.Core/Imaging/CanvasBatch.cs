using static TorchSharp.torch;

namespace CovidCt.Imaging;

/// <summary>Canvases of one size on one device, as they enter augmentation; owns its tensors.</summary>
/// <param name="gray">uint8 [B, H, W]; 0 in the padding.</param>
/// <param name="inside">
/// int64 [B, 4]: left, top, right and bottom (both exclusive) of the image inside its canvas, in pixels.
/// </param>
public sealed class CanvasBatch(Tensor gray, Tensor inside) : IDisposable
{
    /// <summary>uint8 [B, H, W]; 0 in the padding.</summary>
    public Tensor Gray { get; } = gray;

    /// <summary>int64 [B, 4]: left, top, right and bottom (both exclusive) of the image inside its canvas, in pixels.</summary>
    public Tensor Inside { get; } = inside;

    /// <inheritdoc/>
    public void Dispose()
    {
        Gray.Dispose();
        Inside.Dispose();
    }
}
