
namespace CovidCt.Answers;

/// <summary>How far an input is from the training images, in the features of a network.</summary>
/// <param name="Distance">
/// The distance to the k-th nearest training image, in [0, 2]: between features of length 1, as <c>TrainingReference</c> has it.
/// </param>
/// <param name="Threshold">The distance that few of the test images exceeded.</param>
public sealed record TrainingDistance(double Distance, double Threshold)
{
    /// <summary>Whether the input is unlike the training images, so that the answer to it means little.</summary>
    public bool IsUnlike => Distance > Threshold;
}
