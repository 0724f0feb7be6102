using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Training;

/// <summary>A small phantom data set on disk, and its canvases at a size at which networks train in no time.</summary>
public sealed class PhantomCanvases : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DecodedDataset _decoded;

    public PhantomCanvases()
    {
        Phantom.Write(_folder.Path, patients: 8);
        _decoded = CanvasDecoding.Decode(CtDataset.Open(_folder.Path), [Size], new CanvasTransform(new()), new SkiaImageDecoder());
    }

    public static ImageSize Size { get; } = new(64, 48);

    public static (byte R, byte G, byte B) Fill { get; } = new CanvasOptions().Fill;

    public CtDataset Dataset => _decoded.Dataset;

    internal CanvasStore Store => _decoded.Stores[Size];

    public IReadOnlyList<int> Labels => [.. Dataset.Samples.Select(sample => sample.Label)];

    /// <summary>Ten rows, of both classes.</summary>
    public IReadOnlyList<int> Few => [.. Rows.Where(row => row % 3 == 0)];

    public IReadOnlyList<int> Rows => [.. Enumerable.Range(0, Dataset.Samples.Count)];

    public void Dispose()
    {
        _decoded.Dispose();
        _folder.Dispose();
    }
}
