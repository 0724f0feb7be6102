using CovidCt.Models;
using static TorchSharp.torch;

namespace CovidCt.Imaging;

/// <summary>The canvases of one data set at one size, decoded once for every network and fold that shares it.</summary>
/// <remarks>It owns its tensor. Batches may be made from several threads at once.</remarks>
public sealed class CanvasStore : IDisposable
{
    private readonly long[] _inside;

    /// <summary>A store of these canvases, which it takes over.</summary>
    /// <param name="size">The size of every canvas.</param>
    /// <param name="gray">uint8 [N, H, W] on the CPU; 0 in the padding.</param>
    /// <param name="geometries">Where each of the N images lies.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public CanvasStore(ImageSize size, Tensor gray, IReadOnlyList<CanvasGeometry> geometries)
    {
        ArgumentNullException.ThrowIfNull(gray);
        ArgumentNullException.ThrowIfNull(geometries);
        if (gray.dtype != ScalarType.Byte || !gray.shape.AsSpan().SequenceEqual([geometries.Count, size.Height, size.Width]))
        {
            throw new ArgumentException(
                $"uint8 [{geometries.Count}, {size.Height}, {size.Width}] was expected, "
                + $"{gray.dtype} [{string.Join(", ", gray.shape)}] given.",
                nameof(gray));
        }

        if (geometries.FirstOrDefault(g => g.Canvas != size) is { } other)
        {
            throw new ArgumentException($"A geometry for {other.Canvas} is in a store for {size}.", nameof(geometries));
        }

        Size = size;
        Gray = gray.DetachFromDisposeScope();
        Geometries = geometries;
        _inside =
        [
            .. geometries.SelectMany(g => new long[]
            {
                g.OffsetX, g.OffsetY, g.OffsetX + g.Scaled.Width, g.OffsetY + g.Scaled.Height,
            }),
        ];
    }

    /// <summary>The size of every canvas.</summary>
    public ImageSize Size { get; }

    /// <summary>uint8 [N, H, W] on the CPU, gray in 0…255; 0 in the padding.</summary>
    public Tensor Gray { get; }

    /// <summary>Where each of the N images lies on its canvas.</summary>
    public IReadOnlyList<CanvasGeometry> Geometries { get; }

    /// <summary>Copies some rows to a device.</summary>
    /// <param name="rows">Rows in 0…N−1, in any order.</param>
    /// <param name="device">Where the batch goes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is not in the store.</exception>
    public CanvasBatch Batch(ReadOnlySpan<int> rows, Device device)
    {
        var index = new long[rows.Length];
        var inside = new long[4 * rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rows[i], nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows[i], Geometries.Count, nameof(rows));
            index[i] = rows[i];
            _inside.AsSpan(4 * rows[i], 4).CopyTo(inside.AsSpan(4 * i));
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return new CanvasBatch(
            Gray.index_select(0, tensor(index)).to(device),
            tensor(inside, [rows.Length, 4]).to(device));
    }

    /// <inheritdoc/>
    public void Dispose() => Gray.Dispose();
}
