using CovidCt.Imaging;

namespace CovidCt.Canvases;

/// <summary>Takes the canvases of a data set at one size while its images are decoded, each sample by one thread.</summary>
internal interface ICanvasTarget
{
    ImageSize Size { get; }

    /// <summary>Whether a sample has been decoded earlier.</summary>
    bool Has(int sample);

    void Draw(CanvasTransform transform, GrayImage image, int sample);

    /// <summary>Keeps why a sample has no canvas.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="reason">The reason, in a sentence.</param>
    /// <param name="wasRead">Whether its file could be read from the disk at all.</param>
    void Reject(int sample, string reason, bool wasRead);
}
