namespace CovidCt.Evaluation;

/// <summary>From which probability on an image, or a patient, is called positive: fixed beforehand, and the same everywhere.</summary>
internal static class DecisionThreshold
{
    /// <summary>One half, which is positive itself.</summary>
    public const double Value = 0.5;

    /// <summary>Whether a probability of the positive class is called positive.</summary>
    /// <param name="probability">In [0, 1].</param>
    public static bool IsPositive(double probability) => probability >= Value;

    /// <summary>How far a probability lies from where the classes meet, in [0, 0.5].</summary>
    /// <param name="probability">In [0, 1].</param>
    public static double Sureness(double probability) => Math.Abs(probability - Value);
}
