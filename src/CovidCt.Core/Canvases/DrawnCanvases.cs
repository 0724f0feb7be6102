using CovidCt.Data;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Canvases;

/// <summary>Canvases in memory, while images are decoded and after.</summary>
internal sealed class DrawnCanvases : IImageTarget, ICanvasSource
{
    private readonly CanvasTransform _transform;
    private readonly Tensor _gray;
    private readonly CanvasGeometry[] _geometries;
    private readonly string?[] _reasons;

    public DrawnCanvases(ImageSize size, int count, CanvasTransform transform)
    {
        (Size, _transform) = (size, transform);
        _gray = zeros([count, size.Height, size.Width], ScalarType.Byte).DetachFromDisposeScope();
        _geometries = new CanvasGeometry[count];
        _reasons = new string?[count];
    }

    public ImageSize Size { get; }

    public bool Wants(int row) => true;

    public void Take(int row, ReadOnlyMemory<byte> file, GrayImage image)
    {
        _geometries[row] = _transform.Place(image, Size, row);
        using var canvas = _gray.select(0, row);
        CanvasTransform.Draw(image, _geometries[row], canvas.bytes);
    }

    public void Reject(int row, string reason, bool wasRead) => _reasons[row] = reason;

    public string? Rejection(int sample) => _reasons[sample];

    public CanvasStore Keep(int[] samples)
    {
        if (samples.Length == _geometries.Length)
        {
            return new(Size, _gray, _geometries);
        }

        using var scope = NewDisposeScope();
        var kept = _gray.index_select(0, tensor(Array.ConvertAll(samples, sample => (long)sample)));
        _gray.Dispose();
        return new(Size, kept, [.. samples.Select(sample => _geometries[sample])]);
    }

    public void Dispose() => _gray.Dispose();
}
