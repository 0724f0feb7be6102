using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Explanation;

/// <summary>Figures of single maps and of pairs of maps.</summary>
/// <remarks>
/// Maps are taken as they are: values that are at least 0, row by row. A figure that a map doesn't define is null: an
/// all-zero map has no energy and points nowhere, and a constant one has no order.
/// </remarks>
internal static class MapStatistics
{
    private const int SsimRadius = 5;
    private const double SsimDeviation = 1.5, SsimLuminance = 0.01 * 0.01, SsimContrast = 0.03 * 0.03;

    /// <summary>
    /// The share of a map's energy that lies in the padding: <c>Σ outside / Σ all</c>, in [0, 1]. A map without regard
    /// to the padding has the padding's share of the canvas.
    /// </summary>
    /// <param name="map">A value that is at least 0 for each pixel of the canvas.</param>
    /// <param name="geometry">Where the image lies on the canvas.</param>
    /// <returns>Null of a map that is 0 everywhere.</returns>
    /// <exception cref="ArgumentException">The map has another size than the canvas.</exception>
    public static double? EnergyOutside(ReadOnlySpan<float> map, CanvasGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        Check(map, geometry.Canvas);
        double all = 0, inside = 0;
        for (var y = 0; y < geometry.Canvas.Height; y++)
        {
            var row = map.Slice(y * geometry.Canvas.Width, geometry.Canvas.Width);
            all += Sum(row);
            inside += y >= geometry.OffsetY && y < geometry.OffsetY + geometry.Scaled.Height
                ? Sum(row.Slice(geometry.OffsetX, geometry.Scaled.Width))
                : 0;
        }

        return all > 0 ? Math.Clamp((all - inside) / all, 0, 1) : null;
    }

    /// <summary>
    /// The share of a map's energy that lies on marked findings: <c>Σ in mask / Σ all</c>, in [0, 1] (the energy-based
    /// pointing game of Wang et al., "Score-CAM", CVPR workshops 2020, section 4.3). A map without regard to the
    /// findings has the mask's share of the image.
    /// </summary>
    /// <param name="map">A value that is at least 0 for each pixel.</param>
    /// <param name="mask">Whether each pixel is marked.</param>
    /// <returns>Null of a map that is 0 everywhere.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static double? EnergyInMask(ReadOnlySpan<float> map, ReadOnlySpan<bool> mask)
    {
        if (map.Length != mask.Length)
        {
            throw new ArgumentException($"A mask of {map.Length} pixels was expected, {mask.Length} given.", nameof(mask));
        }

        double all = 0, marked = 0;
        for (var i = 0; i < map.Length; i++)
        {
            all += map[i];
            marked += mask[i] ? map[i] : 0;
        }

        return all > 0 ? marked / all : null;
    }

    /// <summary>
    /// Whether a map points at a finding: 1 if its largest value lies on the mask or no further from it than the
    /// tolerance, else 0 (Zhang et al., "Top-down neural attention by excitation backprop", IJCV 2018, with 15 pixels).
    /// Of several largest values the share that hits is taken, so that a constant map has what chance has.
    /// </summary>
    /// <param name="map">A value that is at least 0 for each pixel.</param>
    /// <param name="mask">Whether each pixel is marked.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="tolerance">A distance in pixels, at least 0.</param>
    /// <returns>Null of a map that is 0 everywhere, and where nothing is marked.</returns>
    /// <exception cref="ArgumentException">The sizes differ, or no whole rows are given.</exception>
    public static double? PointingGame(ReadOnlySpan<float> map, ReadOnlySpan<bool> mask, int width, int tolerance = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        if (map.Length != mask.Length || map.Length % width != 0)
        {
            throw new ArgumentException(
                $"A mask of {map.Length} pixels in rows of {width} was expected, {mask.Length} given.", nameof(mask));
        }

        var most = 0f;
        foreach (var value in map)
        {
            most = Math.Max(most, value);
        }

        if (most <= 0 || !mask.Contains(true))
        {
            return null;
        }

        var near = Near(mask, width, tolerance);
        var (hits, places) = (0, 0);
        for (var i = 0; i < map.Length; i++)
        {
            if (map[i] == most)
            {
                places++;
                hits += near[i] ? 1 : 0;
            }
        }

        return (double)hits / places;
    }

    /// <summary>What the pointing game gives to pointing anywhere: the share of the pixels that would hit.</summary>
    /// <param name="mask">Whether each pixel is marked.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="tolerance">A distance in pixels, at least 0.</param>
    /// <returns>Null where nothing is marked.</returns>
    /// <exception cref="ArgumentException">No whole rows are given.</exception>
    public static double? PointingChance(ReadOnlySpan<bool> mask, int width, int tolerance = 0)
    {
        var constant = new float[mask.Length];
        Array.Fill(constant, 1);
        return PointingGame(constant, mask, width, tolerance);
    }

    /// <summary>
    /// Spearman's rank correlation, in [−1, 1]: that of the ranks, where equal values share the mean of theirs.
    /// </summary>
    /// <returns>Null where one of the two is constant, or both have fewer than two values.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static double? RankCorrelation(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        if (one.Length != other.Length)
        {
            throw new ArgumentException(
                $"Maps of one size have a rank correlation; these have {one.Length} and {other.Length} values.", nameof(other));
        }

        return Correlation(Ranks(one), Ranks(other));
    }

    /// <summary>
    /// The agreement of several networks' maps of one image, such as the five folds': the mean of
    /// <see cref="RankCorrelation"/> over all pairs of raw maps that define one.
    /// </summary>
    /// <param name="maps">At least two maps of one image and class, on one grid.</param>
    /// <returns>Null where no pair defines a correlation.</returns>
    /// <exception cref="ArgumentException">There are fewer than two maps, or they have several classes or grids.</exception>
    public static double? Agreement(IReadOnlyList<ClassActivationMap> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.Count < 2 || maps.Any(map => (map.Class, map.Width, map.Height) != (maps[0].Class, maps[0].Width, maps[0].Height)))
        {
            throw new ArgumentException($"At least two maps of one class on one grid were expected, {maps.Count} given.", nameof(maps));
        }

        var ranks = maps.Select(map => Ranks(map.Raw)).ToList();
        return Mean(ranks.SelectMany((one, i) => ranks.Skip(i + 1).Select(other => Correlation(one, other))));
    }

    /// <summary>
    /// The structural similarity of two maps with values in [0, 1]: Wang et al., IEEE Transactions on Image Processing
    /// 13(4), 2004, equation 13, with their Gaussian window of 11 × 11 and deviation 1.5, K1 = 0.01, K2 = 0.03, averaged
    /// over all pixels. At the border the window is cut off and weighs 1 again. Two equal maps have 1, constant ones too.
    /// </summary>
    /// <param name="one">A value in [0, 1] for each pixel.</param>
    /// <param name="other">The same.</param>
    /// <param name="size">The size of both.</param>
    /// <exception cref="ArgumentException">A map has another size.</exception>
    public static double Ssim(ReadOnlySpan<float> one, ReadOnlySpan<float> other, ImageSize size)
    {
        Check(one, size);
        Check(other, size);
        double[] x = Doubles(one), y = Doubles(other);
        double[] meanX = Window(x, size), meanY = Window(y, size);
        double[] xx = Window(Product(x, x), size), yy = Window(Product(y, y), size), xy = Window(Product(x, y), size);
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            double varianceX = xx[i] - (meanX[i] * meanX[i]), varianceY = yy[i] - (meanY[i] * meanY[i]), covariance = xy[i] - (
                meanX[i] * meanY[i]);
            sum += ((2 * meanX[i] * meanY[i]) + SsimLuminance) * ((2 * covariance) + SsimContrast)
                / (((meanX[i] * meanX[i]) + (meanY[i] * meanY[i]) + SsimLuminance) * (varianceX + varianceY + SsimContrast));
        }

        return sum / x.Length;
    }

    /// <summary>The mean of those that are numbers; null where none is.</summary>
    public static double? Mean(IEnumerable<double?> values) => values.Average();

    /// <summary>Pearson's correlation; null where one of the two is constant.</summary>
    public static double? Correlation(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var (covariance, variance, otherVariance) = Moments(one, other);
        return variance > 0 && otherVariance > 0 ? Math.Clamp(covariance / Math.Sqrt(variance * otherVariance), -1, 1) : null;
    }

    /// <summary>The covariance of two series and the variance of each, over n.</summary>
    public static (double Covariance, double Variance, double OtherVariance) Moments(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        double mean = 0, otherMean = 0;
        for (var i = 0; i < one.Length; i++)
        {
            mean += one[i] / one.Length;
            otherMean += other[i] / other.Length;
        }

        double covariance = 0, variance = 0, otherVariance = 0;
        for (var i = 0; i < one.Length; i++)
        {
            covariance += (one[i] - mean) * (other[i] - otherMean) / one.Length;
            variance += (one[i] - mean) * (one[i] - mean) / one.Length;
            otherVariance += (other[i] - otherMean) * (other[i] - otherMean) / one.Length;
        }

        // What rounding leaves of a constant series is no variance.
        return (covariance, Above(variance, mean), Above(otherVariance, otherMean));

        static double Above(double variance, double mean) => variance > 1e-24 * mean * mean ? variance : 0;
    }

    private static double[] Ranks(ReadOnlySpan<float> values)
    {
        var keys = values.ToArray();
        var order = Enumerable.Range(0, keys.Length).ToArray();
        Array.Sort(keys, order);
        var ranks = new double[keys.Length];
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            for (var i = start; i < end; i++)
            {
                ranks[order[i]] = (start + end - 1) / 2.0;
            }

            start = end;
        }

        return ranks;
    }

    /// <summary>The pixels that are marked or no further from one than the tolerance.</summary>
    private static bool[] Near(ReadOnlySpan<bool> mask, int width, int tolerance)
    {
        var height = mask.Length / width;
        var near = new bool[mask.Length];
        for (var away = -tolerance; away <= tolerance; away++)
        {
            var reach = (int)Math.Sqrt((tolerance * tolerance) - (away * away));
            for (var y = Math.Max(0, -away); y < Math.Min(height, height - away); y++)
            {
                Widen(mask.Slice((y + away) * width, width), near.AsSpan(y * width, width), reach);
            }
        }

        return near;
    }

    private static void Widen(ReadOnlySpan<bool> marked, Span<bool> near, int reach)
    {
        var filled = 0;
        for (var x = marked.IndexOf(true); x >= 0 && x < marked.Length; x++)
        {
            if (marked[x])
            {
                var end = Math.Min(marked.Length, x + reach + 1);
                for (filled = Math.Max(filled, x - reach); filled < end; filled++)
                {
                    near[filled] = true;
                }
            }
        }
    }

    private static double[] Window(double[] values, ImageSize size)
    {
        var taps = Enumerable.Range(-SsimRadius, (2 * SsimRadius) + 1).Select(i => Math.Exp(-i * i / (2 * SsimDeviation * SsimDeviation)))
            .ToArray();
        return Along(Along(values, size, taps, 1, size.Width), size, taps, size.Width, size.Height);
    }

    private static double[] Along(double[] values, ImageSize size, double[] taps, int stride, int length)
    {
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var place = stride == 1 ? i % size.Width : i / size.Width;
            var (sum, weight) = (0.0, 0.0);
            for (var step = Math.Max(-SsimRadius, -place); step <= Math.Min(SsimRadius, length - 1 - place); step++)
            {
                var tap = taps[step + SsimRadius];
                sum += tap * values[i + (step * stride)];
                weight += tap;
            }

            result[i] = sum / weight;
        }

        return result;
    }

    private static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);

    private static double[] Product(double[] one, double[] other) => [.. one.Zip(other, (x, y) => x * y)];

    private static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static void Check(ReadOnlySpan<float> map, ImageSize size)
    {
        if (map.Length != (long)size.Width * size.Height)
        {
            throw new ArgumentException($"A map of {size} pixels was expected, {map.Length} values given.", nameof(map));
        }
    }
}
