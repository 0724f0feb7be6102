using CovidCt.Imaging;

namespace CovidCt.Canvases;

/// <summary>The canvases of all samples of a data set at one size, those that were rejected included.</summary>
internal interface ICanvasSource : IDisposable
{
    ImageSize Size { get; }

    /// <summary>Why a sample has no canvas; null where it has one.</summary>
    string? Rejection(int sample);

    /// <summary>A store of these samples, none of them rejected, which takes over what the canvases lie in.</summary>
    CanvasStore Keep(int[] samples);
}
