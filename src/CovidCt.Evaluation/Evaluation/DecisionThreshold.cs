namespace CovidCt.Evaluation;

/// <summary>From which probability on an image, or a patient, is called positive: fixed beforehand, and the same everywhere.</summary>
public static class DecisionThreshold
{
    /// <summary>One half, which is positive itself.</summary>
    public const double Value = 0.5;

    /// <summary>Whether a probability of the positive class is called positive.</summary>
    /// <param name="probability">In [0, 1].</param>
    public static bool IsPositive(double probability) => probability >= Value;

    /// <summary>Whether an image is put in the wrong class.</summary>
    /// <param name="prediction">The answer.</param>
    /// <param name="positive">The name of the positive class.</param>
    public static bool IsWrong(Prediction prediction, string positive)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return IsPositive(prediction.Probability) != (prediction.Label == positive);
    }
}
