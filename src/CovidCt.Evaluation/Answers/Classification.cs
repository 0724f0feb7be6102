
namespace CovidCt.Answers;

/// <summary>What a network, or an ensemble of them, answers about one image.</summary>
/// <param name="Label">The name of the most probable class.</param>
/// <param name="Probability">The probability of the positive class, in [0, 1].</param>
/// <param name="Probabilities">The probability of each class, in the order of the classes; they add up to 1.</param>
public sealed record Classification(string Label, double Probability, IReadOnlyList<double> Probabilities)
{
    /// <summary>
    /// How far the image is from those that the network was trained on; null where it carries no <c>TrainingReference</c>.
    /// </summary>
    public TrainingDistance? TrainingDistance { get; init; }

    /// <summary>What each member of a <c>CtEnsemble</c> answers, in their order; empty for a single network.</summary>
    public IReadOnlyList<Classification> Members { get; init; } = [];
}
