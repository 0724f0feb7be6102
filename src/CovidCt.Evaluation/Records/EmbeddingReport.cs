namespace CovidCt.Records;

/// <summary>Features of a run's images laid out in the plane: <c>embedding.csv</c> and <c>embedding.json</c>.</summary>
/// <param name="Points">The images.</param>
/// <param name="Facts">How it was made and how good it is; null without <c>embedding.json</c>.</param>
public sealed record EmbeddingReport(IReadOnlyList<EmbeddedImage> Points, EmbeddingFacts? Facts);
