namespace CovidCt.Audit;

/// <summary>Test images of a class that share a source with training.</summary>
/// <param name="Name">The class.</param>
/// <param name="TestImages">Its images tested over all folds.</param>
/// <param name="SharedImages">Those of them with an image of the same source in training.</param>
internal sealed record ClassLeakage(string Name, int TestImages, int SharedImages);
