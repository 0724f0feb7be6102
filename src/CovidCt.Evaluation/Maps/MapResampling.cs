using CovidCt.Imaging;

namespace CovidCt.Maps;

/// <summary>Brings maps from one grid to another.</summary>
internal static class MapResampling
{
    /// <summary>
    /// Interpolates between the centres of cells, as PyTorch's <c>interpolate(mode="bilinear", align_corners=False)</c>.
    /// </summary>
    public static float[] Bilinear(float[] values, ImageSize from, ImageSize to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to.Width, 1, nameof(to));
        ArgumentOutOfRangeException.ThrowIfLessThan(to.Height, 1, nameof(to));
        var columns = Places(from.Width, to.Width);
        var rows = Places(from.Height, to.Height);
        var result = new float[checked(to.Width * to.Height)];
        for (var y = 0; y < to.Height; y++)
        {
            var (top, bottom, down) = rows[y];
            var above = values.AsSpan(top * from.Width, from.Width);
            var below = values.AsSpan(bottom * from.Width, from.Width);
            var row = result.AsSpan(y * to.Width, to.Width);
            for (var x = 0; x < row.Length; x++)
            {
                var (left, right, across) = columns[x];
                row[x] = Between(Between(above[left], above[right], across), Between(below[left], below[right], across), down);
            }
        }

        return result;
    }

    /// <summary>Cuts the padding off a map over the canvas and brings the rest to the original's pixels.</summary>
    public static float[] ToOriginal(float[] canvas, CanvasGeometry geometry) =>
        Bilinear(Inside(canvas, geometry), geometry.Scaled, geometry.Original);

    /// <summary>The part of a map over the canvas that lies on the image, row by row.</summary>
    public static float[] Inside(float[] canvas, CanvasGeometry geometry)
    {
        var (width, height) = (geometry.Scaled.Width, geometry.Scaled.Height);
        var inside = new float[width * height];
        for (var y = 0; y < height; y++)
        {
            canvas.AsSpan(((y + geometry.OffsetY) * geometry.Canvas.Width) + geometry.OffsetX, width).CopyTo(inside.AsSpan(y * width));
        }

        return inside;
    }

    private static (int Before, int After, float Share)[] Places(int from, int to)
    {
        var places = new (int, int, float)[to];
        for (var i = 0; i < to; i++)
        {
            var source = Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1);
            var before = (int)source;
            places[i] = (before, Math.Min(before + 1, from - 1), (float)(source - before));
        }

        return places;
    }

    private static float Between(float one, float other, float share) => one + (share * (other - one));
}
