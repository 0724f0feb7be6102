using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Canvases;

/// <summary>Some rows of a <see cref="CanvasStore"/> on a device. It owns its tensors.</summary>
internal sealed class CanvasBatch : IDisposable
{
    /// <summary>A batch of these tensors, which it takes over.</summary>
    /// <param name="gray">uint8 [B, H, W].</param>
    /// <param name="inside">int64 [B, 4].</param>
    public CanvasBatch(Tensor gray, Tensor inside)
    {
        ArgumentNullException.ThrowIfNull(gray);
        ArgumentNullException.ThrowIfNull(inside);
        Gray = gray.DetachFromDisposeScope();
        Inside = inside.DetachFromDisposeScope();
    }

    /// <summary>A batch of one canvas, on the CPU.</summary>
    public static CanvasBatch Of((byte[] Pixels, CanvasGeometry Geometry) image)
    {
        using var scope = NewDisposeScope();
        var (canvas, scaled) = (image.Geometry.Canvas, image.Geometry.Scaled);
        var (left, top) = (image.Geometry.OffsetX, image.Geometry.OffsetY);
        return new(
            tensor(image.Pixels, [1, canvas.Height, canvas.Width]),
            tensor(new long[] { left, top, left + scaled.Width, top + scaled.Height }, [1, 4]));
    }

    /// <summary>uint8 [B, H, W], gray in 0…255; 0 in the padding.</summary>
    public Tensor Gray { get; }

    /// <summary>int64 [B, 4]: left, top, right and bottom of the image inside the canvas; the last two exclusive.</summary>
    public Tensor Inside { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Gray.Dispose();
        Inside.Dispose();
    }
}
