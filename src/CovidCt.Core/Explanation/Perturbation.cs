using CovidCt.Imaging;

namespace CovidCt.Explanation;

/// <summary>Changes the pixels of one network input in the order of a map; its padding stays as it is.</summary>
internal sealed class Perturbation
{
    private const int Channels = 3;

    private readonly float[] _map;
    private readonly int[] _order;
    private readonly float[] _means;
    private readonly Lazy<float[]> _blurred;
    private readonly long _key;

    /// <summary>An input and its map.</summary>
    /// <param name="pixels">[3, H, W].</param>
    /// <param name="geometry">How the image lies on the canvas.</param>
    /// <param name="map">[H, W], values that are at least 0.</param>
    /// <param name="key">The random stream's.</param>
    /// <param name="blurDeviation">Of the blur that stands for an image without content, in pixels.</param>
    public Perturbation(float[] pixels, CanvasGeometry geometry, float[] map, long key, double blurDeviation)
    {
        Pixels = pixels;
        Geometry = geometry;
        _map = map;
        _key = key;
        var random = new CounterRandom(key, 0);

        // Values that are at least 0 are ordered as their bits are; the lower half of the key orders equal ones by chance.
        int[] order = [.. Inside(geometry)];
        var keys = Array.ConvertAll(
            order, place => ((ulong)(uint.MaxValue - BitConverter.SingleToUInt32Bits(map[place])) << 32) | (random.NextBits() >> 32));
        Array.Sort(keys, order);
        _order = order;
        var plane = geometry.Canvas.Width * geometry.Canvas.Height;
        _means =
            [.. Enumerable.Range(0, Channels).Select(channel => (float)order.Average(place => (double)pixels[(channel * plane) + place]))];
        _blurred = new(() => Blur(blurDeviation));
    }

    /// <summary>The input.</summary>
    public float[] Pixels { get; }

    /// <summary>How the image lies on the canvas.</summary>
    public CanvasGeometry Geometry { get; }

    private int Plane => Geometry.Canvas.Width * Geometry.Canvas.Height;

    /// <summary>The input with the highest share of the map in the image's mean colour.</summary>
    public float[] Deleted(double share) => Replace(Pixels, First(share), (channel, _) => _means[channel]);

    /// <summary>The blurred input with the highest share of the map as it was.</summary>
    public float[] Inserted(double share) => Replace(_blurred.Value, First(share), (channel, place) => Pixels[(channel * Plane) + place]);

    /// <summary>The input with a patch of the image blurred.</summary>
    /// <param name="patch">In pixels of the scaled image; right and bottom exclusive.</param>
    public float[] Without((int Left, int Top, int Right, int Bottom) patch) =>
        Replace(Pixels, Places(patch), (channel, place) => _blurred.Value[(channel * Plane) + place]);

    /// <summary>The map's mean in a patch.</summary>
    public double MeanIn((int Left, int Top, int Right, int Bottom) patch) => Places(patch).Average(place => (double)_map[place]);

    /// <summary>The input with a share of its pixels removed by noisy linear imputation.</summary>
    public float[] Imputed(double share, bool mostFirst, double noise)
    {
        var removed = new bool[_order.Length];
        var count = Count(share);
        foreach (var place in mostFirst ? _order.AsSpan(0, count) : _order.AsSpan(_order.Length - count))
        {
            removed[ToImage(place)] = true;
        }

        var random = new CounterRandom(_key, mostFirst ? 1 : 2, count);
        var result = (float[])Pixels.Clone();
        int[] places = [.. Inside(Geometry)];
        var first = Fill(0);
        for (var channel = 0; channel < Channels; channel++)
        {
            // Gray images have channels that are one scaled and shifted; so are their imputations, as the weights add up to 1.
            var filled = channel == 0 ? first : Copied(channel) ?? Fill(channel);
            for (var i = 0; i < places.Length; i++)
            {
                if (removed[i])
                {
                    result[(channel * Plane) + places[i]] = filled[i] + (float)(noise * Normal(ref random));
                }
            }
        }

        return result;

        float[] Fill(int channel)
        {
            var plane = Array.ConvertAll(places, place => Pixels[(channel * Plane) + place]);
            NoisyLinearImputation.Fill(plane, Geometry.Scaled.Width, removed);
            return plane;
        }

        float[]? Copied(int channel)
        {
            var (low, high) = (places.MinBy(place => Pixels[place]), places.MaxBy(place => Pixels[place]));
            var span = Pixels[high] - Pixels[low];
            if (span == 0)
            {
                return null;
            }

            var slope = (Pixels[(channel * Plane) + high] - Pixels[(channel * Plane) + low]) / span;
            var offset = Pixels[(channel * Plane) + low] - (slope * Pixels[low]);
            return Array.TrueForAll(places, place => Math.Abs((slope * Pixels[place]) + offset - Pixels[(channel * Plane) + place]) < 1e-4f)
                ? Array.ConvertAll(first, value => (slope * value) + offset)
                : null;
        }
    }

    private int Count(double share) => (int)Math.Round(share * _order.Length);

    private ArraySegment<int> First(double share) => new(_order, 0, Count(share));

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

    private IEnumerable<int> Places((int Left, int Top, int Right, int Bottom) patch)
    {
        for (var y = patch.Top; y < patch.Bottom; y++)
        {
            for (var x = patch.Left; x < patch.Right; x++)
            {
                yield return ((y + Geometry.OffsetY) * Geometry.Canvas.Width) + x + Geometry.OffsetX;
            }
        }
    }

    private static IEnumerable<int> Inside(CanvasGeometry geometry) =>
        Enumerable.Range(0, geometry.Scaled.Width * geometry.Scaled.Height).Select(i =>
            (((i / geometry.Scaled.Width) + geometry.OffsetY) * geometry.Canvas.Width) + (i % geometry.Scaled.Width) + geometry.OffsetX);

    private int ToImage(int place) =>
        (((place / Geometry.Canvas.Width) - Geometry.OffsetY) * Geometry.Scaled.Width) + (place % Geometry.Canvas.Width) - Geometry.OffsetX;

    /// <summary>The input with its image blurred: a normal kernel of three deviations, the image's edges continued.</summary>
    private float[] Blur(double deviation)
    {
        var radius = (int)Math.Ceiling(3 * deviation);
        var taps = Enumerable.Range(-radius, (2 * radius) + 1).Select(i => Math.Exp(-i * i / (2 * deviation * deviation))).ToArray();
        var total = taps.Sum();
        var (width, height) = (Geometry.Scaled.Width, Geometry.Scaled.Height);
        var result = (float[])Pixels.Clone();
        var line = new double[Math.Max(width, height)];
        for (var channel = 0; channel < Channels; channel++)
        {
            var corner = (channel * Plane) + (Geometry.OffsetY * Geometry.Canvas.Width) + Geometry.OffsetX;
            for (var y = 0; y < height; y++)
            {
                Along(corner + (y * Geometry.Canvas.Width), 1, width);
            }

            for (var x = 0; x < width; x++)
            {
                Along(corner + x, Geometry.Canvas.Width, height);
            }
        }

        return result;

        void Along(int start, int stride, int length)
        {
            for (var i = 0; i < length; i++)
            {
                line[i] = result[start + (i * stride)];
            }

            for (var i = 0; i < length; i++)
            {
                var sum = 0.0;
                for (var tap = 0; tap < taps.Length; tap++)
                {
                    sum += taps[tap] * line[Math.Clamp(i + tap - radius, 0, length - 1)];
                }

                result[start + (i * stride)] = (float)(sum / total);
            }
        }
    }

    // Box and Muller 1958.
    private static double Normal(ref CounterRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextUniform())) * Math.Cos(2 * Math.PI * random.NextUniform());
}
