using static TorchSharp.torch;

namespace CovidCt.Models.Weights.Formats;

/// <summary>The bytes of tensors, in parts: a span ends at 2^31, and a tensor need not.</summary>
internal static class TensorBytes
{
    private const int LongestPart = 1 << 26;

    public delegate void PartReader(ReadOnlySpan<byte> part);

    public delegate void PartWriter(Span<byte> part, long begin);

    /// <summary>
    /// Bytes that a shape takes; null where they are more than a file can have, or would be if no dimension were zero, which
    /// libtorch doesn't take either.
    /// </summary>
    public static long? Length(IReadOnlyList<long> shape, int elementSize)
    {
        Int128 length = elementSize;
        foreach (var size in shape)
        {
            length *= Math.Max(size, 1);
            if (length > long.MaxValue)
            {
                return null;
            }
        }

        return shape.Contains(0) ? 0 : (long)length;
    }

    /// <summary>Bytes that a tensor takes in a file.</summary>
    public static long Length(Tensor tensor) => tensor.numel() * tensor.element_size();

    /// <summary>Reads a tensor's bytes in the order of its indices, from any device and layout.</summary>
    public static void ForEachPart(Tensor tensor, PartReader read)
    {
        using var scope = NewDisposeScope();
        Parts(tensor.detach().cpu().contiguous(), LongestPart, (part, _) => read(part));
    }

    /// <summary>Writes the bytes of a contiguous tensor on the CPU; <c>begin</c> counts bytes.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="longest">The most bytes of a part, a multiple of every element's size.</param>
    /// <param name="write">Fills a part.</param>
    public static void Fill(Tensor tensor, int longest, PartWriter write) => Parts(tensor, longest, write);

    private static void Parts(Tensor tensor, int longest, PartWriter visit)
    {
        if (Length(tensor) <= longest)
        {
            visit(tensor.numel() == 0 ? [] : tensor.bytes, 0);
            return;
        }

        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var flat = tensor.view(-1);
        var size = (int)tensor.element_size();
        var elements = longest / size;
        for (var begin = 0L; begin < flat.numel(); begin += elements)
        {
            visit(flat.narrow(0, begin, Math.Min(elements, flat.numel() - begin)).bytes, begin * size);
        }
    }
}
