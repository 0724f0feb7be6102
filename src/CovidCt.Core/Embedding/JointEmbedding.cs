namespace CovidCt.Embedding;

/// <summary>Training and test rows in one plane.</summary>
/// <param name="Embedding">All points, those of the training rows first.</param>
/// <param name="Train">The points of the training rows.</param>
/// <param name="Test">The points of the test rows.</param>
internal sealed record JointEmbedding(
    TsneEmbedding Embedding, IReadOnlyList<(double X, double Y)> Train, IReadOnlyList<(double X, double Y)> Test);
