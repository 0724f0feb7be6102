namespace CovidCt.Inference;

/// <summary>What a network, or an ensemble of them, answers about one image.</summary>
/// <param name="Label">The name of the most probable class.</param>
/// <param name="Probability">The probability of the positive class, in [0, 1].</param>
/// <param name="Probabilities">The probability of each class, in the order of the classes; they add up to 1.</param>
public sealed record Classification(string Label, double Probability, IReadOnlyList<double> Probabilities)
{
    /// <summary>How far the image is from those that the network was trained on; null where it carries no <see cref="TrainingReference"/>.</summary>
    public TrainingDistance? TrainingDistance { get; init; }

    /// <summary>What each member of a <see cref="CtEnsemble"/> answers, in their order; empty for a single network.</summary>
    public IReadOnlyList<Classification> Members { get; init; } = [];
}

/// <summary>How far an input is from the training images, in the features of a network.</summary>
/// <param name="Distance">
/// The distance to the k-th nearest training image, in [0, 2]: between features of length 1, as <see cref="TrainingReference"/> has it.
/// </param>
/// <param name="Threshold">The distance that few of the test images exceeded.</param>
public sealed record TrainingDistance(double Distance, double Threshold)
{
    /// <summary>Whether the input is unlike the training images, so that the answer to it means little.</summary>
    public bool IsUnlike => Distance > Threshold;
}
