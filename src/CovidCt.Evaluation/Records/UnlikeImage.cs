namespace CovidCt.Records;

/// <summary>A test image that is unlike the training images of its fold.</summary>
/// <param name="Path">The image.</param>
/// <param name="Fold">The place of its fold in the list that was given.</param>
/// <param name="Distance">How far it is.</param>
/// <param name="Threshold">From where on it is told; that of its fold.</param>
public sealed record UnlikeImage(string Path, int Fold, double Distance, double Threshold);
