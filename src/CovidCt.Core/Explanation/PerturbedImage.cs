using CovidCt.Imaging;

namespace CovidCt.Explanation;

/// <summary>One network input whose pixels are changed without regard to any map; its padding stays as it is.</summary>
internal sealed class PerturbedImage
{
    /// <summary>The number of channels.</summary>
    public const int Channels = 3;

    private readonly float[] _means;
    private readonly Lazy<float[]> _blurred;

    /// <summary>An input.</summary>
    /// <param name="pixels">[3, H, W].</param>
    /// <param name="geometry">How the image lies on the canvas.</param>
    /// <param name="blurDeviation">Of the blur that stands for an image without content, in pixels.</param>
    public PerturbedImage(float[] pixels, CanvasGeometry geometry, double blurDeviation)
    {
        (Pixels, Geometry) = (pixels, geometry);
        Places = [.. Within((0, 0, geometry.Scaled.Width, geometry.Scaled.Height))];
        _means =
            [.. Enumerable.Range(0, Channels).Select(channel => (float)Places.Average(place => (double)pixels[(channel * Plane) + place]))];
        OfFirst = [.. Enumerable.Range(0, Channels).Select(ScaleOf)];
        _blurred = new(() => Blur(blurDeviation));
    }

    /// <summary>The input.</summary>
    public float[] Pixels { get; }

    /// <summary>How the image lies on the canvas.</summary>
    public CanvasGeometry Geometry { get; }

    /// <summary>The image's pixels on a plane of the canvas, row by row.</summary>
    public int[] Places { get; }

    /// <summary>The number of values of a channel.</summary>
    public int Plane => Geometry.Canvas.Width * Geometry.Canvas.Height;

    /// <summary>
    /// Each channel as the first one scaled and shifted, as those of gray images are; null of one that isn't. What is linear in the
    /// pixels, with weights that add up to 1, need be computed of the first alone then.
    /// </summary>
    public IReadOnlyList<(float Slope, float Offset)?> OfFirst { get; }

    /// <summary>The input with its image blurred: a normal kernel of three deviations, the image's edges continued.</summary>
    public float[] Blurred => _blurred.Value;

    /// <summary>The input with its image in its mean colour.</summary>
    public float[] Emptied => Without(Places);

    /// <summary>The input with some pixels in the image's mean colour.</summary>
    public float[] Without(IEnumerable<int> places) => Replace(Pixels, places, (channel, _) => _means[channel]);

    /// <summary>The blurred input with some pixels as they were.</summary>
    public float[] With(IEnumerable<int> places) => Replace(Blurred, places, (channel, place) => Pixels[(channel * Plane) + place]);

    /// <summary>The input with a patch of the image blurred.</summary>
    /// <param name="patch">In pixels of the scaled image; right and bottom exclusive.</param>
    public float[] WithoutPatch((int Left, int Top, int Right, int Bottom) patch) =>
        Replace(Pixels, Within(patch), (channel, place) => Blurred[(channel * Plane) + place]);

    /// <summary>The pixels of a patch of the image on a plane of the canvas, row by row.</summary>
    /// <param name="patch">In pixels of the scaled image; right and bottom exclusive.</param>
    public IEnumerable<int> Within((int Left, int Top, int Right, int Bottom) patch)
    {
        for (var y = patch.Top; y < patch.Bottom; y++)
        {
            for (var x = patch.Left; x < patch.Right; x++)
            {
                yield return ((y + Geometry.OffsetY) * Geometry.Canvas.Width) + x + Geometry.OffsetX;
            }
        }
    }

    private float[] Replace(float[] pixels, IEnumerable<int> places, Func<int, int, float> value)
    {
        var result = (float[])pixels.Clone();
        foreach (var place in places)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                result[(channel * Plane) + place] = value(channel, place);
            }
        }

        return result;
    }

    private (float Slope, float Offset)? ScaleOf(int channel)
    {
        var (low, high) = (Places.MinBy(place => Pixels[place]), Places.MaxBy(place => Pixels[place]));
        var span = Pixels[high] - Pixels[low];
        if (span == 0)
        {
            return null;
        }

        var slope = (Pixels[(channel * Plane) + high] - Pixels[(channel * Plane) + low]) / span;
        var offset = Pixels[(channel * Plane) + low] - (slope * Pixels[low]);
        return Array.TrueForAll(Places, place => Math.Abs((slope * Pixels[place]) + offset - Pixels[(channel * Plane) + place]) < 1e-4f)
            ? (slope, offset)
            : null;
    }

    private float[] Blur(double deviation)
    {
        var radius = (int)Math.Ceiling(3 * deviation);
        var taps = Enumerable.Range(-radius, (2 * radius) + 1).Select(i => Math.Exp(-i * i / (2 * deviation * deviation))).ToArray();
        var total = taps.Sum();
        var kernel = Array.ConvertAll(taps, tap => tap / total);
        var result = (float[])Pixels.Clone();
        for (var channel = 0; channel < Channels; channel++)
        {
            if (channel > 0 && OfFirst[channel] is (var slope, var offset))
            {
                foreach (var place in Places)
                {
                    result[(channel * Plane) + place] = (slope * result[place]) + offset;
                }
            }
            else
            {
                Blur(result.AsSpan(channel * Plane, Plane), kernel);
            }
        }

        return result;
    }

    private void Blur(Span<float> plane, double[] kernel)
    {
        var (width, height) = (Geometry.Scaled.Width, Geometry.Scaled.Height);
        var corner = (Geometry.OffsetY * Geometry.Canvas.Width) + Geometry.OffsetX;
        for (var y = 0; y < height; y++)
        {
            Blur(plane[(corner + (y * Geometry.Canvas.Width))..], 1, width, kernel);
        }

        for (var x = 0; x < width; x++)
        {
            Blur(plane[(corner + x)..], Geometry.Canvas.Width, height, kernel);
        }
    }

    private static void Blur(Span<float> line, int stride, int length, double[] kernel)
    {
        var radius = kernel.Length / 2;
        var continued = new double[length + (2 * radius)];
        for (var i = 0; i < continued.Length; i++)
        {
            continued[i] = line[Math.Clamp(i - radius, 0, length - 1) * stride];
        }

        for (var i = 0; i < length; i++)
        {
            var sum = 0.0;
            for (var tap = 0; tap < kernel.Length; tap++)
            {
                sum += kernel[tap] * continued[i + tap];
            }

            line[i * stride] = (float)sum;
        }
    }
}
