namespace CovidCt.Calibration;

/// <summary>
/// Weak calibration: the slope of a logistic regression of the outcome on the logit of the stated probability, 1 where probabilities
/// are as spread out as they should be and below 1 where a network is too sure; and the intercept of one in which that slope is held
/// at 1, the calibration in the large, 0 where as many are positive as was stated and above 0 where more are. Cox, "Two further
/// applications of a model for binary regression", Biometrika 1958, 45, 562-565; Van Calster et al., "A calibration hierarchy for risk
/// models was defined: from utopia to empirical data", Journal of Clinical Epidemiology 2016, 74, 167-176.
/// </summary>
internal sealed class CalibrationRegression
{
    private const int MostSteps = 100;
    private const double Settled = 1e-6, NoRise = 1e-15, Stride = 8;

    private readonly bool[] _actual;
    private readonly double[] _logits;
    private readonly int[] _clusters;
    private readonly Line _fitted, _level = new(0, 1);
    private readonly double[]? _expectedAsFitted, _expectedAsLevel;

    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <param name="clusters">The cluster of each.</param>
    public CalibrationRegression(IReadOnlyList<(bool Actual, double Probability)> outcomes, IReadOnlyList<int> clusters)
    {
        _actual = [.. outcomes.Select(o => o.Actual)];
        _logits = [.. outcomes.Select(o => Logits.Of(o.Probability))];
        _clusters = [.. clusters];

        // The data begin at a slope of 0, where nothing is certain, and resamples where the data end, which saves them half of the steps.
        var ones = new int[_clusters.Length == 0 ? 0 : _clusters.Max() + 1];
        Array.Fill(ones, 1);
        _fitted = Fit(ones) ?? _fitted;
        _level = Level(ones) ?? _level;

        // Where every resample begins, what is expected of an image is the same.
        _expectedAsFitted = Array.ConvertAll(_logits, logit => ExpectedAt(_fitted, logit));
        _expectedAsLevel = Array.ConvertAll(_logits, logit => ExpectedAt(_level, logit));
    }

    /// <summary>The intercept and slope of outcomes that count once each; null where the classes don't overlap.</summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    public static (double Intercept, double Slope)? Of(IReadOnlyList<(bool Actual, double Probability)> outcomes)
    {
        int[] each = [.. Enumerable.Range(0, outcomes.Count)], ones = [.. Enumerable.Repeat(1, outcomes.Count)];
        return new CalibrationRegression(outcomes, each).Fit(ones) is { } line ? (line.Intercept, line.Slope) : null;
    }

    /// <summary>The slope; null where the classes don't overlap, so that no slope is too steep.</summary>
    /// <param name="weights">How many times each cluster counts, from 0.</param>
    public double? Slope(ReadOnlySpan<int> weights) => Fit(weights)?.Slope;

    /// <summary>The intercept at a slope of 1; null where a class is missing.</summary>
    /// <param name="weights">How many times each cluster counts, from 0.</param>
    public double? InTheLarge(ReadOnlySpan<int> weights) => Level(weights)?.Intercept;

    private Line? Fit(ReadOnlySpan<int> weights) =>
        Extent(weights, positive: true) is { } positives && Extent(weights, positive: false) is { } negatives
        && negatives.Most > positives.Least && positives.Most > negatives.Least
            ? Maximum(weights, _fitted, _expectedAsFitted, sums => sums.Step())
            : null;

    private Line? Level(ReadOnlySpan<int> weights) =>
        Extent(weights, positive: true) is not null && Extent(weights, positive: false) is not null
            ? Maximum(weights, _level, _expectedAsLevel, sums => sums.LevelStep())
            : null;

    /// <summary>Newton's method on the log-likelihood, which is concave: a step beyond which it falls too steeply is halved.</summary>
    private Line? Maximum(ReadOnlySpan<int> weights, Line at, double[]? expected, Func<Sums, Line?> newton)
    {
        var (step, rise) = (new Line(0, 0), 0.0);
        for (var count = 0; count < MostSteps; count++)
        {
            var sums = At(weights, at, count == 0 ? expected : null);
            if (sums.Along(step) < -rise)
            {
                (step, rise) = (step.Times(0.5), rise / 2);
                at = at.Plus(step.Times(-1));
                continue;
            }

            if (newton(sums) is not { } next)
            {
                return null;
            }

            step = next.Length > Stride ? next.Times(Stride / next.Length) : next;
            (rise, at) = (sums.Along(step), at.Plus(step));
            // The error that is left after a step goes with the step's square.
            if (step.Length <= Settled || rise <= NoRise)
            {
                return at;
            }
        }

        return null;
    }

    private static double ExpectedAt(Line at, double logit) => Logits.Sigmoid(at.Intercept + (at.Slope * logit));

    private Sums At(ReadOnlySpan<int> weights, Line at, double[]? known)
    {
        double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
        for (var row = 0; row < _logits.Length; row++)
        {
            var weight = weights[_clusters[row]];
            if (weight > 0)
            {
                var x = _logits[row];
                var expected = known is null ? ExpectedAt(at, x) : known[row];
                var rest = weight * ((_actual[row] ? 1 : 0) - expected);
                var spread = weight * expected * (1 - expected);
                g0 += rest;
                g1 += rest * x;
                h00 += spread;
                h01 += spread * x;
                h11 += spread * x * x;
            }
        }

        return new(g0, g1, h00, h01, h11);
    }

    /// <summary>The least and the most logit of a class; null where it is missing.</summary>
    private (double Least, double Most)? Extent(ReadOnlySpan<int> weights, bool positive)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        for (var row = 0; row < _logits.Length; row++)
        {
            if (_actual[row] == positive && weights[_clusters[row]] > 0)
            {
                least = Math.Min(least, _logits[row]);
                most = Math.Max(most, _logits[row]);
            }
        }

        return least <= most ? (least, most) : null;
    }

    private readonly record struct Line(double Intercept, double Slope)
    {
        public double Length => Math.Max(Math.Abs(Intercept), Math.Abs(Slope));

        public Line Times(double factor) => new(factor * Intercept, factor * Slope);

        public Line Plus(Line other) => new(Intercept + other.Intercept, Slope + other.Slope);
    }

    /// <summary>The log-likelihood's gradient, and the negative of its second derivatives.</summary>
    private readonly record struct Sums(double G0, double G1, double H00, double H01, double H11)
    {
        public double Along(Line step) => (G0 * step.Intercept) + (G1 * step.Slope);

        public Line? Step()
        {
            var determinant = (H00 * H11) - (H01 * H01);
            return determinant > 0 ? new(((H11 * G0) - (H01 * G1)) / determinant, ((H00 * G1) - (H01 * G0)) / determinant) : null;
        }

        public Line? LevelStep() => H00 > 0 ? new(G0 / H00, 0) : null;
    }
}
