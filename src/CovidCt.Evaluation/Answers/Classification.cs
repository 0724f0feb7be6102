using System.Globalization;
using System.Text;

namespace CovidCt.Answers;

/// <summary>What a network, or an ensemble of them, answers about one image.</summary>
/// <remarks>Two are equal where all of their values are, those of classes and members included.</remarks>
/// <param name="Label">The name of the most probable class, by the network's own probabilities.</param>
/// <param name="Probability">
/// The probability of the class <see cref="Positive"/> as the network states it, in [0, 1]: the raw one, which a study's predictions and
/// figures are of.
/// </param>
/// <param name="Probabilities">The probability of each class, in the order of the classes; they add up to 1.</param>
public sealed record Classification(string Label, double Probability, IReadOnlyList<double> Probabilities)
{
    /// <summary>
    /// The name of the positive class, which <see cref="Probability"/> and <see cref="CalibratedProbability"/> are of, whatever
    /// <see cref="Label"/> is.
    /// </summary>
    public required string Positive { get; init; }

    /// <summary>
    /// The same probability calibrated, in [0, 1]: of images that get 0.8, about four fifths are positive, among images like the study's
    /// with as many positive ones (<see cref="Calibration.NetworkCalibration"/>). <see cref="Label"/> doesn't go by it, so that it may lie
    /// on the other side of one half. Of an ensemble over seeds, that of its mean by its own calibration; of another, the mean of its
    /// members' calibrated ones. Null where a network has no calibration.
    /// </summary>
    public double? CalibratedProbability { get; init; }

    /// <summary>
    /// The classes that can't be ruled out, in the order of the classes: both, where the network can't tell; none, where it answers as
    /// about neither class (<see cref="Calibration.ConformalSets"/>). Of an ensemble over seeds, by its own thresholds; of another,
    /// those in more than half of its members' sets (<see cref="Calibration.ConformalSets.Majority"/>). Null where a network has no sets. How
    /// often they hold the class is <see cref="ICtClassifier.SetLevel"/>.
    /// </summary>
    public IReadOnlyList<string>? PredictionSet { get; init; }

    /// <summary>
    /// How far the image is from those that the network was trained on; null where it carries no <c>TrainingReference</c>.
    /// </summary>
    public TrainingDistance? TrainingDistance { get; init; }

    /// <summary>What had to be assumed of the image's file (<see cref="Imaging.GrayImage.Note"/>); null where nothing had to be.</summary>
    public string? ImageNote { get; init; }

    /// <summary>What each member of a <c>CtEnsemble</c> answers, in their order; empty for a single network.</summary>
    public IReadOnlyList<Classification> Members { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(Classification? other) => other is not null
        && (Label, Positive, Probability, CalibratedProbability, TrainingDistance, ImageNote).Equals(
            (other.Label, other.Positive, other.Probability, other.CalibratedProbability, other.TrainingDistance, other.ImageNote))
        && (PredictionSet is null) == (other.PredictionSet is null) && (PredictionSet ?? []).SequenceEqual(other.PredictionSet ?? [])
        && Probabilities.SequenceEqual(other.Probabilities) && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Label, Positive, Probability, Probabilities.Count, Members.Count);

    private bool PrintMembers(StringBuilder builder)
    {
        var (culture, members) = (CultureInfo.InvariantCulture, string.Join("; ", Members));
        builder.Append(culture, $"Label = {Label}, Positive = {Positive}, Probability = {Probability}, Probabilities = [")
            .AppendJoin(", ", Probabilities.Select(probability => probability.ToString(culture))).Append(']');
        _ = CalibratedProbability is { } calibrated ? builder.Append(culture, $", CalibratedProbability = {calibrated}") : builder;
        _ = PredictionSet is { } set ? builder.Append(", PredictionSet = [").AppendJoin(", ", set).Append(']') : builder;
        _ = TrainingDistance is { } distance ? builder.Append(culture, $", TrainingDistance = {distance}") : builder;
        _ = Members.Count > 0 ? builder.Append(culture, $", Members = [{members}]") : builder;
        return true;
    }
}
