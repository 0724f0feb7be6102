namespace CovidCt.Imaging;

/// <summary>How an image lies on its canvas, with the map between the coordinates of both.</summary>
/// <remarks>
/// Coordinates are continuous: pixel (i, j) covers [i, i+1) × [j, j+1), and its centre is (i + 0.5, j + 0.5). The whole
/// image is [0, width] × [0, height] and maps onto exactly the rectangle that the scaled image covers.
/// </remarks>
/// <param name="Original">The decoded image.</param>
/// <param name="Canvas">The canvas.</param>
/// <param name="Scaled">The image on the canvas.</param>
/// <param name="OffsetX">Columns left of the image.</param>
/// <param name="OffsetY">Rows above the image.</param>
public sealed record CanvasGeometry(ImageSize Original, ImageSize Canvas, ImageSize Scaled, int OffsetX, int OffsetY)
{
    /// <summary>Canvas pixels per pixel of the original, horizontally.</summary>
    public double ScaleX => (double)Scaled.Width / Original.Width;

    /// <summary>
    /// Canvas pixels per pixel of the original, vertically. It equals <see cref="ScaleX"/> up to the rounding of the
    /// scaled size to whole pixels.
    /// </summary>
    public double ScaleY => (double)Scaled.Height / Original.Height;

    /// <summary>From a place in the original to its place on the canvas.</summary>
    public (double X, double Y) ToCanvas(double x, double y) => ((x * ScaleX) + OffsetX, (y * ScaleY) + OffsetY);

    /// <summary>From a place on the canvas to its place in the original; outside of the image for the padding.</summary>
    public (double X, double Y) ToOriginal(double x, double y) => ((x - OffsetX) / ScaleX, (y - OffsetY) / ScaleY);
}
