namespace CovidCt.Audit;

/// <summary>Two images that show the same, or nearly.</summary>
/// <param name="First">The path of the one that comes first in ordinal order.</param>
/// <param name="Second">The path of the other.</param>
/// <param name="Kind">How they are the same.</param>
/// <param name="Similarity">
/// The normalised cross-correlation of their fine structure after registration, in [−1, 1]; 1 for equal pixels.
/// </param>
/// <param name="Mirrored">Whether one is the mirror image of the other, left to right.</param>
/// <param name="SameLabel">Whether they have one label.</param>
/// <param name="SamePatient">Whether they are of one patient; null where one of them is unknown.</param>
internal sealed record ImagePair(
    string First, string Second, PairKind Kind, double Similarity, bool Mirrored, bool SameLabel, bool? SamePatient);
