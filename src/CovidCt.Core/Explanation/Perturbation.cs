namespace CovidCt.Explanation;

/// <summary>Changes the pixels of an image in the order of a map.</summary>
internal sealed class Perturbation
{
    private readonly PerturbedImage _image;
    private readonly float[] _map;
    private readonly int[] _order;
    private readonly long _key;

    /// <summary>An image and a map of it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="map">[H, W], values that are at least 0.</param>
    /// <param name="key">The random stream's.</param>
    public Perturbation(PerturbedImage image, float[] map, long key)
    {
        (_image, _map, _key) = (image, map, key);
        var random = new CounterRandom(key, 0);

        // Values that are at least 0 are ordered as their bits are; the lower half of the key orders equal ones by chance.
        int[] order = [.. image.Places];
        var keys = Array.ConvertAll(
            order, place => ((ulong)(uint.MaxValue - BitConverter.SingleToUInt32Bits(map[place])) << 32) | (random.NextBits() >> 32));
        Array.Sort(keys, order);
        _order = order;
    }

    /// <summary>The input with the highest share of the map in the image's mean colour.</summary>
    public float[] Deleted(double share) => _image.Without(First(share));

    /// <summary>The blurred input with the highest share of the map as it was.</summary>
    public float[] Inserted(double share) => _image.With(First(share));

    /// <summary>The map's mean in a patch.</summary>
    /// <param name="patch">In pixels of the scaled image; right and bottom exclusive.</param>
    public double MeanIn((int Left, int Top, int Right, int Bottom) patch) => _image.Within(patch).Average(place => (double)_map[place]);

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
        var result = (float[])_image.Pixels.Clone();
        var first = Fill(0, removed);
        for (var channel = 0; channel < PerturbedImage.Channels; channel++)
        {
            var filled = channel == 0 ? first
                : _image.OfFirst[channel] is (var slope, var offset) ? Array.ConvertAll(first, value => (slope * value) + offset)
                : Fill(channel, removed);
            for (var i = 0; i < removed.Length; i++)
            {
                if (removed[i])
                {
                    result[(channel * _image.Plane) + _image.Places[i]] = filled[i] + (float)(noise * Normal(ref random));
                }
            }
        }

        return result;
    }

    private float[] Fill(int channel, bool[] removed)
    {
        var plane = Array.ConvertAll(_image.Places, place => _image.Pixels[(channel * _image.Plane) + place]);
        NoisyLinearImputation.Fill(plane, _image.Geometry.Scaled.Width, removed);
        return plane;
    }

    private int Count(double share) => (int)Math.Round(share * _order.Length);

    private ArraySegment<int> First(double share) => new(_order, 0, Count(share));

    private int ToImage(int place)
    {
        var geometry = _image.Geometry;
        var (y, x) = Math.DivRem(place, geometry.Canvas.Width);
        return ((y - geometry.OffsetY) * geometry.Scaled.Width) + x - geometry.OffsetX;
    }

    // Box and Muller 1958.
    private static double Normal(ref CounterRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextUniform())) * Math.Cos(2 * Math.PI * random.NextUniform());
}
