namespace CovidCt.Inference;

/// <summary>What a network answers about one image.</summary>
/// <param name="Label">The name of the most probable class.</param>
/// <param name="Probability">The probability of the positive class, in [0, 1].</param>
/// <param name="Probabilities">The probability of each class, in the order of the classes; they add up to 1.</param>
public sealed record Classification(string Label, double Probability, IReadOnlyList<double> Probabilities);
