namespace CovidCt.Records;

/// <summary>How far a test image is from its network's training images: a row of <c>distances.csv</c>.</summary>
/// <param name="Path">The image, relative to the root of the data set, with <c>/</c>.</param>
/// <param name="Distance">As <c>TrainingReference</c> measures it, in [0, 2].</param>
public sealed record TestDistance(string Path, double Distance);
