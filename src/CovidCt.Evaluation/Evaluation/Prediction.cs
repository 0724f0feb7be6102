namespace CovidCt.Evaluation;

/// <summary>What one network said about one test image: a row of <c>predictions.csv</c>.</summary>
/// <param name="Path">The image, relative to the root of the data set, with <c>/</c>.</param>
/// <param name="Label">The name of its actual class.</param>
/// <param name="Patient">Whose image it is; null when the data set doesn't say.</param>
/// <param name="Network">The published name of the network.</param>
/// <param name="Fold">The fold whose test part holds the image, from 0.</param>
/// <param name="Probability">Of the positive class, in [0, 1].</param>
public sealed record Prediction(
    string Path, string Label, string? Patient, string Network, int Fold, double Probability)
{
    /// <summary>Where the image comes from; null when the data set doesn't say.</summary>
    public string? Source { get; init; }

    /// <summary>How far the probability lies from one half, where the classes meet; in [0, 0.5].</summary>
    public double Sureness => DecisionThreshold.Sureness(Probability);

    /// <summary>Whether the image is put in the wrong class; a probability of one half is positive.</summary>
    /// <param name="positive">The name of the positive class.</param>
    public bool IsWrong(string positive) => DecisionThreshold.IsPositive(Probability) != (Label == positive);
}
