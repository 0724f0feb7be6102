using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Canvases;

/// <summary>Canvases in memory, while images are decoded and after.</summary>
internal sealed class DrawnCanvases : ICanvasTarget, ICanvasSource
{
    private readonly Tensor _gray;
    private readonly CanvasGeometry[] _geometries;
    private readonly string?[] _reasons;

    public DrawnCanvases(ImageSize size, int count)
    {
        Size = size;
        _gray = zeros([count, size.Height, size.Width], ScalarType.Byte).DetachFromDisposeScope();
        _geometries = new CanvasGeometry[count];
        _reasons = new string?[count];
    }

    public ImageSize Size { get; }

    public bool Has(int sample) => false;

    public void Draw(CanvasTransform transform, GrayImage image, int sample)
    {
        _geometries[sample] = transform.Place(image, Size, sample);
        using var canvas = _gray.select(0, sample);
        CanvasTransform.Draw(image, _geometries[sample], canvas.bytes);
    }

    public void Reject(int sample, string reason, bool wasRead) => _reasons[sample] = reason;

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
