namespace CovidCt.Audit;

/// <summary>How large images are, in pixels.</summary>
/// <param name="SmallestWidth">The least width.</param>
/// <param name="SmallestHeight">The least height.</param>
/// <param name="MedianWidth">The width in the middle, the lower of two.</param>
/// <param name="MedianHeight">The height in the middle, the lower of two.</param>
/// <param name="LargestWidth">The greatest width.</param>
/// <param name="LargestHeight">The greatest height.</param>
internal sealed record ImageSizes(
    int SmallestWidth, int SmallestHeight, int MedianWidth, int MedianHeight, int LargestWidth, int LargestHeight);
