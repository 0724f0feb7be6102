using CovidCt.Evaluation;

namespace CovidCt.Calibration;

/// <summary>Outcomes as calibration takes them.</summary>
internal static class Outcomes
{
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static void RequireProbabilities(IReadOnlyCollection<(bool Actual, double Probability)> outcomes, string parameter)
    {
        ArgumentNullException.ThrowIfNull(outcomes, parameter);
        foreach (var (_, probability) in outcomes)
        {
            if (probability is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"A probability is {probability}, not in 0…1.", parameter);
            }
        }
    }

    /// <summary>Whether the likelier class is the actual one, and its probability, in [0.5, 1]; even ones are called positive.</summary>
    public static (bool Right, double Confidence)[] TopLabel(IReadOnlyCollection<(bool Actual, double Probability)> outcomes) =>
        [.. outcomes.Select(o => DecisionThreshold.IsPositive(o.Probability) ? (o.Actual, o.Probability) : (!o.Actual, 1 - o.Probability))];
}
