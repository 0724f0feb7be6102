namespace CovidCt.Calibration;

/// <summary>
/// One number that makes probabilities less sure, or surer, and changes no order and no call at 0.5: p becomes
/// σ(logit p / T). Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017, §4.2. It is to
/// be fitted on images that neither trained the network nor test it.
/// </summary>
/// <param name="Temperature">T: above 1 the network was too sure, below 1 not sure enough.</param>
internal sealed record TemperatureScaling(double Temperature)
{
    /// <summary>The lowest temperature that is fitted.</summary>
    public const double Least = 0.01;

    /// <summary>The highest temperature that is fitted.</summary>
    public const double Most = 100;

    /// <summary>
    /// Whether the likelihood would rise on beyond <see cref="Least"/> (a perfect separation) or <see cref="Most"/>
    /// (probabilities that say nothing, or the opposite).
    /// </summary>
    public bool AtBound => Temperature is Least or Most;

    /// <summary>The temperature of least negative log-likelihood.</summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1], or there aren't images of both classes.</exception>
    public static TemperatureScaling Fit(IReadOnlyCollection<(bool Actual, double Probability)> outcomes)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        return FitLogits([.. outcomes.Select(o => (o.Actual, Logits.Of(o.Probability)))]);
    }

    /// <summary>The temperature of least negative log-likelihood.</summary>
    /// <param name="outcomes">Whether an image is positive, and the positive class's logit less the negative one's.</param>
    /// <exception cref="ArgumentException">A logit is not a finite number, or there aren't images of both classes.</exception>
    public static TemperatureScaling FitLogits(IReadOnlyCollection<(bool Actual, double Logit)> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        foreach (var (_, logit) in outcomes)
        {
            if (!double.IsFinite(logit))
            {
                throw new ArgumentException($"A logit is {logit}, not a finite number.", nameof(outcomes));
            }
        }

        var positives = outcomes.Count(o => o.Actual);
        if (positives == 0 || positives == outcomes.Count)
        {
            throw new ArgumentException(
                $"A temperature needs held-out images of both classes; here are {positives} positive and {outcomes.Count - positives} "
                    + "negative ones.",
                nameof(outcomes));
        }

        // In β = 1 / T the loss is convex, and a margin is right where it is above 0.
        double[] margins = [.. outcomes.Select(o => o.Actual ? o.Logit : -o.Logit)];
        return new(Minimum(margins));
    }

    /// <summary>The scaled probability.</summary>
    /// <param name="probability">In [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
    public double Apply(double probability)
    {
        if (probability is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in 0…1.");
        }

        return Logits.Sigmoid(Logits.Of(probability) / Temperature);
    }

    /// <summary>Mean negative log-likelihood of probabilities, in nats, from 0; null without images.</summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static double? NegativeLogLikelihood(IReadOnlyCollection<(bool Actual, double Probability)> outcomes)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        return outcomes.Count == 0
            ? null
            : outcomes.Average(o => Softplus(o.Actual ? -Logits.Of(o.Probability) : Logits.Of(o.Probability)));
    }

    /// <summary>Newton's method on the slope, kept within a bracket that it halves where a step would leave it.</summary>
    private static double Minimum(double[] margins)
    {
        const double lowest = 1 / Most, highest = 1 / Least;
        if (Slope(lowest).First >= 0)
        {
            return Most;
        }

        if (Slope(highest).First <= 0)
        {
            return Least;
        }

        double low = lowest, high = highest, beta = 1;
        for (var step = 0; step < 200; step++)
        {
            var (first, second) = Slope(beta);
            if (first == 0)
            {
                break;
            }

            if (first < 0)
            {
                low = beta;
            }
            else
            {
                high = beta;
            }

            var next = beta - first / second;
            if (!(next > low && next < high))
            {
                next = (low + high) / 2;
            }

            var settled = Math.Abs(next - beta) <= 1e-15 * beta;
            beta = next;
            if (settled)
            {
                break;
            }
        }

        return 1 / beta;

        (double First, double Second) Slope(double at)
        {
            double first = 0, second = 0;
            foreach (var margin in margins)
            {
                var wrong = Logits.Sigmoid(-at * margin);
                first -= margin * wrong;
                second += margin * margin * wrong * (1 - wrong);
            }

            return (first, second);
        }
    }

    private static double Softplus(double value) => Math.Max(value, 0) + double.LogP1(Math.Exp(-Math.Abs(value)));
}
