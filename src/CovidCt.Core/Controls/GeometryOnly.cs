using CovidCt.Canvases;
using CovidCt.Imaging;

namespace CovidCt.Controls;

/// <summary>
/// Images without a pixel of their own: black where the image lies, the canvas's fill around it. What a network makes of them is the
/// shape of the image alone, which an image without lungs (<see cref="BackgroundOnly"/>) shows as well. On a stretched canvas nothing is
/// left.
/// </summary>
internal static class GeometryOnly
{
    /// <summary>The canvases with the image blackened as they are read.</summary>
    /// <param name="canvases">The canvases, which are left as they are and must outlive the result.</param>
    public static CanvasStore Of(CanvasStore canvases)
    {
        ArgumentNullException.ThrowIfNull(canvases);
        return canvases.Changed(Blacken);
    }

    private static void Blacken(Span<byte> pixels, CanvasGeometry geometry)
    {
        for (var y = 0; y < geometry.Scaled.Height; y++)
        {
            pixels.Slice(((geometry.OffsetY + y) * geometry.Canvas.Width) + geometry.OffsetX, geometry.Scaled.Width).Clear();
        }
    }
}
