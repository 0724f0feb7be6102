
namespace CovidCt.Answers;

/// <summary>What a network, or an ensemble of them, answers about one image.</summary>
/// <param name="Label">The name of the most probable class, by the network's own probabilities.</param>
/// <param name="Probability">
/// The probability of the positive class as the network states it, in [0, 1]: the raw one, which a study's predictions and figures are of.
/// </param>
/// <param name="Probabilities">The probability of each class, in the order of the classes; they add up to 1.</param>
public sealed record Classification(string Label, double Probability, IReadOnlyList<double> Probabilities)
{
    /// <summary>
    /// The same probability calibrated, in [0, 1]: of images that get 0.8, about four fifths are positive, among images like the study's
    /// with as many positive ones (<see cref="Calibration.NetworkCalibration"/>). <see cref="Label"/> doesn't go by it, so that it may lie
    /// on the other side of one half. Of an ensemble, the mean of its members' calibrated ones. Null where a network has no calibration.
    /// </summary>
    public double? CalibratedProbability { get; init; }

    /// <summary>
    /// How far the image is from those that the network was trained on; null where it carries no <c>TrainingReference</c>.
    /// </summary>
    public TrainingDistance? TrainingDistance { get; init; }

    /// <summary>What had to be assumed of the image's file (<see cref="Imaging.GrayImage.Note"/>); null where nothing had to be.</summary>
    public string? ImageNote { get; init; }

    /// <summary>What each member of a <c>CtEnsemble</c> answers, in their order; empty for a single network.</summary>
    public IReadOnlyList<Classification> Members { get; init; } = [];
}
