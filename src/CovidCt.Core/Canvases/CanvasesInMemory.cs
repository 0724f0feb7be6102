using static TorchSharp.torch;

namespace CovidCt.Canvases;

/// <summary>Canvases in a tensor, which it takes over.</summary>
internal sealed unsafe class CanvasesInMemory : ICanvasPixels
{
    private readonly Tensor _gray;
    private readonly byte* _first;
    private readonly long _length;

    /// <param name="gray">uint8 [N, H, W] on the CPU.</param>
    public CanvasesInMemory(Tensor gray)
    {
        using var scope = NewDisposeScope();
        _gray = (gray.is_contiguous() ? gray : gray.contiguous()).DetachFromDisposeScope();
        _length = _gray.shape[1] * _gray.shape[2];
        if (_gray.numel() > 0)
        {
            // A span over all canvases of a large data set would be longer than spans can be; native memory stays where it is.
            fixed (byte* first = _gray.view(-1).narrow(0, 0, 1).bytes)
            {
                _first = first;
            }
        }
    }

    public void Read(int row, Span<byte> pixels) => new ReadOnlySpan<byte>(_first + (row * _length), (int)_length).CopyTo(pixels);

    public void Dispose() => _gray.Dispose();
}
