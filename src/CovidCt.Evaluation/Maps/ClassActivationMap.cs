using CovidCt.Imaging;

namespace CovidCt.Maps;

/// <summary>Where a network saw one class in one image, on the grid of the explained layer.</summary>
/// <remarks>
/// The grid covers the whole canvas: cell (i, j) of w × h stands for [i, i+1) · W/w by [j, j+1) · H/h canvas pixels.
/// Enlarged, the map is interpolated between the centres of its cells and constant beyond the outermost ones, as
/// PyTorch's <c>interpolate(mode="bilinear", align_corners=False)</c> does it: pixel x takes its value at
/// <c>(x + 0.5) · w/W − 0.5</c>.
/// </remarks>
/// <param name="Class">The class that is explained: the number of its logit.</param>
/// <param name="Score">Its logit.</param>
/// <param name="Width">Cells a row, w.</param>
/// <param name="Height">Rows, h.</param>
/// <param name="Raw">
/// w × h signed values, row by row, before any ReLU: positive where the class was supported, in units of the logit
/// times activation.
/// </param>
public sealed record ClassActivationMap(int Class, double Score, int Width, int Height, float[] Raw)
{
    /// <summary>w × h signed values, row by row.</summary>
    public float[] Raw { get; } = Raw.LongLength == (long)Width * Height
        ? Raw
        : throw new ArgumentException($"{Width}×{Height} values were expected, {Raw.Length} given.", nameof(Raw));

    /// <summary>
    /// The map's positive part divided by its maximum: w × h values in [0, 1], the largest 1. All 0 where nothing is
    /// positive.
    /// </summary>
    public float[] Normalised { get; } = Normalise(Raw);

    /// <summary>The normalised map over the whole canvas, padding included.</summary>
    /// <param name="canvas">The size of the network's input in pixels.</param>
    /// <returns>One value in [0, 1] a pixel, row by row.</returns>
    public float[] OnCanvas(ImageSize canvas) => MapResampling.Bilinear(Normalised, new(Width, Height), canvas);

    /// <summary>
    /// The normalised map over the original image: brought to the pixels of the canvas, the padding cut off, and what
    /// is left brought to the pixels of the original, by the same rule both times. Nothing that lies in the padding's
    /// pixels has a part in it; the largest value is less than 1 where the map's maximum lies there.
    /// </summary>
    /// <param name="geometry">How the image lies on the canvas that the network saw.</param>
    /// <returns>One value in [0, 1] a pixel of the original, row by row.</returns>
    public float[] OnOriginal(CanvasGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        return MapResampling.ToOriginal(OnCanvas(geometry.Canvas), geometry);
    }

    /// <summary>
    /// The mean of several networks' maps of one class, each in [0, 1], and of their scores.
    /// </summary>
    /// <param name="maps">One or more on one grid.</param>
    public static ClassActivationMap Mean(IReadOnlyList<ClassActivationMap> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var mean = new float[maps[0].Raw.Length];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = maps.Average(map => map.Normalised[i]);
        }

        return new(maps[0].Class, maps.Average(map => map.Score), maps[0].Width, maps[0].Height, mean);
    }

    private static float[] Normalise(float[] raw)
    {
        var most = raw.Length == 0 ? 0 : raw.Max();
        return most > 0 ? Array.ConvertAll(raw, value => Math.Max(value, 0) / most) : new float[raw.Length];
    }
}
