using CovidCt.Canvases;
using CovidCt.Imaging;

namespace CovidCt.Controls;

/// <summary>
/// Images without what they are about: the ellipse that touches the image's edges at <see cref="Reach"/> of their
/// distance, in which the lungs lie, is black. What a network makes of the rest is not of the lungs (after Maguolo and
/// Nanni, "A critic evaluation of methods for COVID-19 automatic detection from X-ray images", Information Fusion 76, 2021,
/// who blackened the centre of radiographs). The ellipse is the same for every image of a size, so that it tells nothing but that size,
/// which <see cref="GeometryOnly"/> asks by itself.
/// </summary>
internal static class BackgroundOnly
{
    /// <summary>The ellipse's half axes as a share of the image's half width and half height.</summary>
    public const double Reach = 0.95;

    /// <summary>The canvases with the ellipse blackened as they are read.</summary>
    /// <param name="canvases">The canvases, which are left as they are and must outlive the result.</param>
    public static CanvasStore Of(CanvasStore canvases)
    {
        ArgumentNullException.ThrowIfNull(canvases);
        return canvases.Changed(Blacken);
    }

    private static void Blacken(Span<byte> pixels, CanvasGeometry geometry)
    {
        var (width, height) = (geometry.Scaled.Width, geometry.Scaled.Height);
        for (var y = 0; y < height; y++)
        {
            var v = ((2 * y) + 1.0 - height) / (height * Reach);
            var half = Math.Abs(v) < 1 ? Math.Sqrt(1 - (v * v)) * width * Reach / 2 : 0;
            var (left, right) = ((int)Math.Ceiling((width / 2.0) - half - 0.5), (int)Math.Floor((width / 2.0) + half - 0.5));
            if (half > 0 && right >= left)
            {
                pixels.Slice(((geometry.OffsetY + y) * geometry.Canvas.Width) + geometry.OffsetX + left, right - left + 1).Clear();
            }
        }
    }
}
