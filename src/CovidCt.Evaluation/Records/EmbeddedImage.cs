namespace CovidCt.Records;

/// <summary>An image's place in an embedding.</summary>
/// <param name="Path">The image, relative to the data set's root.</param>
/// <param name="Label">The name of its actual class.</param>
/// <param name="IsTest">Whether the run tested on it; else it trained on it.</param>
/// <param name="X">Finite, in the embedding's own unit.</param>
/// <param name="Y">Finite, in the embedding's own unit.</param>
public sealed record EmbeddedImage(string Path, string Label, bool IsTest, double X, double Y);
