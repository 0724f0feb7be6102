using CovidCt.Data;
using CovidCt.Imaging;

namespace CovidCt.Canvases;

/// <summary>A data set whose images have been read, with their canvases. It owns its stores.</summary>
/// <param name="Dataset">The readable images alone; the others have become rejections.</param>
/// <param name="Stores">The canvases by size; row i of each is sample i.</param>
internal sealed record DecodedDataset(CtDataset Dataset, IReadOnlyDictionary<ImageSize, CanvasStore> Stores) : IDisposable
{
    /// <summary>Why the canvases lie in memory although a folder was given, in whole sentences; else null.</summary>
    public string? Note { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var store in Stores.Values)
        {
            store.Dispose();
        }
    }
}
