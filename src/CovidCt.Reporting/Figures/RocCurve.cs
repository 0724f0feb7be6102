namespace CovidCt.Reporting.Figures;

/// <summary>A point of a curve over false-positive rates, and how far the folds lie apart there.</summary>
/// <param name="X">False-positive rate in [0, 1].</param>
/// <param name="Y">True-positive rate in [0, 1].</param>
/// <param name="Deviation">Sample standard deviation of the rates averaged; 0 for a single curve.</param>
internal readonly record struct RocPoint(double X, double Y, double Deviation);

/// <summary>
/// Receiver operating characteristics: one test's curve, and several tests' mean by vertical averaging (Fawcett, "An
/// introduction to ROC analysis", Pattern Recognition Letters 2006, 27, algorithm 4).
/// </summary>
/// <remarks>
/// Fawcett samples at fixed rates; here the mean is taken at every rate at which some curve bends, from the left and
/// from the right, so that nothing is lost: the area under the mean curve is the mean of the areas.
/// </remarks>
internal static class RocCurve
{
    /// <summary>
    /// The curve from (0, 0) to (1, 1) over falling thresholds; images of equal probability make a slanted step.
    /// </summary>
    /// <returns>Points with X and Y that do not fall; none where one of the classes is missing.</returns>
    public static IReadOnlyList<RocPoint> Of(IEnumerable<(bool Actual, double Probability)> outcomes)
    {
        var groups = outcomes.GroupBy(o => o.Probability).OrderByDescending(g => g.Key)
            .Select(g => (Positives: g.Count(o => o.Actual), Negatives: g.Count(o => !o.Actual))).ToList();
        var (positives, negatives) = (groups.Sum(g => g.Positives), groups.Sum(g => g.Negatives));
        if (positives == 0 || negatives == 0)
        {
            return [];
        }

        List<RocPoint> points = [new(0, 0, 0)];
        var (truePositives, falsePositives) = (0, 0);
        foreach (var group in groups)
        {
            truePositives += group.Positives;
            falsePositives += group.Negatives;
            points.Add(new((double)falsePositives / negatives, (double)truePositives / positives, 0));
        }

        return points;
    }

    /// <summary>The vertical average of curves, with the sample standard deviation between them.</summary>
    public static IReadOnlyList<RocPoint> Mean(IReadOnlyList<IReadOnlyList<RocPoint>> curves)
    {
        if (curves.Count == 0)
        {
            return [];
        }

        var points = new List<RocPoint>();
        foreach (var x in curves.SelectMany(curve => curve).Select(point => point.X).Distinct().Order())
        {
            var limits = curves.Select(curve => Limits(curve, x)).ToList();
            points.Add(Average(x, limits.Select(limit => limit.Left)));
            if (limits.Exists(limit => limit.Left != limit.Right))
            {
                points.Add(Average(x, limits.Select(limit => limit.Right)));
            }
        }

        return points;
    }

    /// <summary>The area under a curve, by trapezoids.</summary>
    public static double Area(IReadOnlyList<RocPoint> curve) =>
        curve.Zip(curve.Skip(1), (a, b) => (b.X - a.X) * (a.Y + b.Y) / 2).Sum();

    /// <summary>The heights that a curve tends to at a place from the left and from the right: they differ where it is upright.</summary>
    private static (double Left, double Right) Limits(IReadOnlyList<RocPoint> curve, double x)
    {
        // At either end there is no other side, and the curve begins at 0.
        var first = FirstFrom(curve, x);
        if (curve[first].X > x)
        {
            var (a, b) = (curve[first - 1], curve[first]);
            var between = a.Y + ((b.Y - a.Y) * (x - a.X) / (b.X - a.X));
            return (between, between);
        }

        var last = first;
        while (last + 1 < curve.Count && curve[last + 1].X == x)
        {
            last++;
        }

        return (curve[first].Y, curve[last].Y);
    }

    private static int FirstFrom(IReadOnlyList<RocPoint> curve, double x)
    {
        var (low, high) = (0, curve.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (curve[middle].X < x)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static RocPoint Average(double x, IEnumerable<double> heights)
    {
        var values = heights.ToList();
        var mean = values.Average();
        var deviation = values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return new(x, mean, deviation);
    }
}
