
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

    /// <summary>
    /// The distance that is in the middle by how far it exceeds its threshold, the lower of two: beyond the threshold exactly where
    /// more than half of them are. Null where one is missing.
    /// </summary>
    /// <param name="distances">Of several networks, one or more.</param>
    public static TrainingDistance? Middle(IReadOnlyList<TrainingDistance?> distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        return distances.Contains(null)
            ? null
            : distances.OrderBy(distance => distance!.Distance - distance.Threshold).ElementAt((distances.Count - 1) / 2);
    }
}
