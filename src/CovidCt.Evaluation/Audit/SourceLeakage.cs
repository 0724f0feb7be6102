using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>What lies on both sides of folds of what comes from one source.</summary>
/// <param name="GroupBy">What the folds keep together.</param>
/// <param name="TestImages">Images tested over all folds.</param>
/// <param name="SharedImages">Test images with an image of the same source in training.</param>
/// <param name="SharedSources">Sources with images on both sides of a fold.</param>
/// <param name="Classes">The same of each class, in the order of the labels.</param>
internal sealed record SourceLeakage(
    GroupBy GroupBy, int TestImages, int SharedImages, int SharedSources, IReadOnlyList<ClassLeakage> Classes)
{
    /// <summary><see cref="SharedImages"/> of <see cref="TestImages"/>, in [0, 1].</summary>
    public double SharedShare => TestImages > 0 ? (double)SharedImages / TestImages : 0;
}
