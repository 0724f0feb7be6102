using System.Text.Json.Nodes;

namespace CovidCt.Records;

/// <summary>Features of a run's images laid out in the plane: <c>embedding.csv</c> and <c>embedding.json</c>.</summary>
/// <param name="Points">The images.</param>
/// <param name="Facts">How it was made and how good it is, by the names of <c>embedding.json</c>; empty without it.</param>
public sealed record EmbeddingReport(IReadOnlyList<EmbeddedImage> Points, JsonObject Facts);
