using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Augmentation;

/// <summary>Pixels of a canvas; right and bottom are exclusive.</summary>
internal readonly record struct PixelRectangle(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Where an image lies on its canvas.</summary>
    public static PixelRectangle On(CanvasGeometry geometry) => new(
        geometry.OffsetX, geometry.OffsetY, geometry.OffsetX + geometry.Scaled.Width, geometry.OffsetY + geometry.Scaled.Height);

    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public bool IsEmpty => Right <= Left || Bottom <= Top;

    /// <summary>Where the rectangle is after left and right of the canvas were swapped.</summary>
    public PixelRectangle Mirrored(int canvasWidth) => new(canvasWidth - Right, Top, canvasWidth - Left, Bottom);

    /// <summary>The part of a [H, W] or [H, W, …] tensor inside the rectangle, as a view.</summary>
    public Tensor Of(Tensor canvas) => canvas.narrow(0, Top, Bottom - Top).narrow(1, Left, Right - Left);

    /// <summary>At most four rectangles that cover the rest of the canvas.</summary>
    public IEnumerable<PixelRectangle> Around(int canvasWidth, int canvasHeight) =>
        new PixelRectangle[]
        {
            new(0, 0, canvasWidth, Top),
            new(0, Bottom, canvasWidth, canvasHeight),
            new(0, Top, Left, Bottom),
            new(Right, Top, canvasWidth, Bottom),
        }.Where(strip => !strip.IsEmpty);
}
