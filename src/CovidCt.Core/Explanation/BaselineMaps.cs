using CovidCt.Maps;

namespace CovidCt.Explanation;

/// <summary>Makes maps that know nothing of the network, for an image and a map of it.</summary>
internal static class BaselineMaps
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<BaselineMap> All { get; } = [BaselineMap.Random, BaselineMap.Centred, BaselineMap.Edges];

    /// <summary>Makes a map, with values in [0, 1] before anything is normalised.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="image">The image.</param>
    /// <param name="map">The network's map of it, whose class and grid are taken.</param>
    /// <param name="key">The random stream's.</param>
    public static ClassActivationMap Of(BaselineMap kind, PerturbedImage image, ClassActivationMap map, long key) => kind switch
    {
        BaselineMap.Random => new(map.Class, map.Score, map.Width, map.Height, Uniform(map.Width * map.Height, key)),
        BaselineMap.Centred => OnCanvas(map, image, Centred(image)),
        BaselineMap.Edges => OnCanvas(map, image, Edges(image)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such map."),
    };

    private static ClassActivationMap OnCanvas(ClassActivationMap map, PerturbedImage image, float[] values) =>
        new(map.Class, map.Score, image.Geometry.Canvas.Width, image.Geometry.Canvas.Height, values);

    private static float[] Uniform(int count, long key)
    {
        var random = new CounterRandom(key);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)random.NextUniform();
        }

        return values;
    }

    /// <summary>A normal spot in the middle of the image, with a deviation of a quarter of each side.</summary>
    private static float[] Centred(PerturbedImage image)
    {
        var (canvas, scaled) = (image.Geometry.Canvas, image.Geometry.Scaled);
        var spot = new float[image.Plane];
        for (var place = 0; place < spot.Length; place++)
        {
            var across = Deviations((place % canvas.Width) - image.Geometry.OffsetX, scaled.Width);
            var down = Deviations((place / canvas.Width) - image.Geometry.OffsetY, scaled.Height);
            spot[place] = (float)Math.Exp(-((across * across) + (down * down)) / 2);
        }

        return spot;

        static double Deviations(int pixel, int length) => (pixel + 0.5 - (length / 2.0)) / (length / 4.0);
    }

    /// <summary>
    /// The magnitude of Sobel's gradient of the image's first channel, its edges continued; 0 in the padding. Its largest value is 1,
    /// unless the image is of one colour.
    /// </summary>
    private static float[] Edges(PerturbedImage image)
    {
        var (width, height) = (image.Geometry.Scaled.Width, image.Geometry.Scaled.Height);
        var magnitudes = new double[image.Places.Length];
        for (var i = 0; i < magnitudes.Length; i++)
        {
            var (x, y) = (i % width, i / width);
            var across = Column(x + 1, y) - Column(x - 1, y);
            var down = Row(x, y + 1) - Row(x, y - 1);
            magnitudes[i] = Math.Sqrt((across * across) + (down * down));
        }

        var (most, edges) = (magnitudes.Max(), new float[image.Plane]);
        for (var i = 0; i < magnitudes.Length && most > 0; i++)
        {
            edges[image.Places[i]] = (float)(magnitudes[i] / most);
        }

        return edges;

        double Column(int x, int y) => At(x, y - 1) + (2 * At(x, y)) + At(x, y + 1);

        double Row(int x, int y) => At(x - 1, y) + (2 * At(x, y)) + At(x + 1, y);

        double At(int x, int y) => image.Pixels[image.Places[(Math.Clamp(y, 0, height - 1) * width) + Math.Clamp(x, 0, width - 1)]];
    }
}
