using CovidCt.Compute;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Canvases;

/// <summary>The canvases of one data set at one size, decoded once for every network and fold that shares it.</summary>
/// <remarks>
/// They lie in memory, or in a file of which only what is asked for is read
/// (<see cref="CanvasDecoding.Open"/>). It owns what they lie in. Batches may be made from several threads at once.
/// </remarks>
internal sealed class CanvasStore : IDisposable
{
    private readonly ICanvasPixels _pixels;

    /// <summary>A store of canvases in memory, which it takes over.</summary>
    /// <param name="size">The size of every canvas.</param>
    /// <param name="gray">uint8 [N, H, W] on the CPU; 0 in the padding.</param>
    /// <param name="geometries">Where each of the N images lies.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public CanvasStore(ImageSize size, Tensor gray, IReadOnlyList<CanvasGeometry> geometries)
        : this(size, new CanvasesInMemory(Checked(size, gray, geometries)), geometries)
    {
    }

    internal CanvasStore(ImageSize size, ICanvasPixels pixels, IReadOnlyList<CanvasGeometry> geometries) =>
        (Size, _pixels, Geometries) = (size, pixels, geometries);

    /// <summary>The size of every canvas.</summary>
    public ImageSize Size { get; }

    /// <summary>Where each of the N images lies on its canvas.</summary>
    public IReadOnlyList<CanvasGeometry> Geometries { get; }

    /// <summary>How many canvases there are.</summary>
    public int Count => Geometries.Count;

    /// <summary>Copies the pixels of one canvas.</summary>
    /// <param name="row">A row in 0…N−1.</param>
    /// <param name="pixels">Takes H × W gray values in 0…255, row by row; 0 in the padding.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row is not in the store.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    /// <exception cref="IOException">
    /// The store is a file, which can't be read any more or was damaged; the message says what to do.
    /// </exception>
    public void Read(int row, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        if (pixels.Length != Size.Width * Size.Height)
        {
            throw new ArgumentException(
                $"A canvas of {Size} has {Size.Width * Size.Height} pixels; there is room for {pixels.Length}.", nameof(pixels));
        }

        _pixels.Read(row, pixels);
    }

    /// <summary>Copies some rows to a device.</summary>
    /// <param name="rows">Rows in 0…N−1, in any order.</param>
    /// <param name="device">Where the batch goes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is not in the store.</exception>
    /// <exception cref="IOException">
    /// The store is a file, which can't be read any more or was damaged; the message says what to do.
    /// </exception>
    public CanvasBatch Batch(ReadOnlySpan<int> rows, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Batch(rows, new DeviceMemory(device));
    }

    /// <summary>Copies batch after batch to a device, each while the one before it is in use.</summary>
    /// <param name="parts">The rows of each batch.</param>
    /// <param name="device">Where the batches go.</param>
    /// <returns>One batch a part, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A row is not in the store.</exception>
    /// <exception cref="IOException">
    /// The store is a file, which can't be read any more or was damaged; the message says what to do.
    /// </exception>
    public IEnumerable<CanvasBatch> Batches(IEnumerable<int[]> parts, Device device)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(device);
        return Ahead(parts, new(device));
    }

    /// <inheritdoc cref="Batches(IEnumerable{int[]}, Device)"/>
    internal IEnumerable<CanvasBatch> Batches(IEnumerable<int[]> parts, DeviceMemory memory) => Ahead(parts, memory);

    /// <summary>Some rows as uint8 [B, H, W] on the CPU.</summary>
    internal Tensor Pixels(ReadOnlySpan<int> rows)
    {
        using var noGrad = no_grad();
        var length = Size.Width * Size.Height;
        var gray = empty([rows.Length, Size.Height, Size.Width], ScalarType.Byte);
        var pixels = gray.bytes;
        for (var i = 0; i < rows.Length; i++)
        {
            Read(rows[i], pixels.Slice(i * length, length));
        }

        return gray;
    }

    /// <summary>Where some rows' images lie, int64 [B, 4] on the CPU, as <see cref="CanvasBatch.Inside"/> has it.</summary>
    internal Tensor Inside(ReadOnlySpan<int> rows)
    {
        using var noGrad = no_grad();
        var inside = new long[4 * rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var geometry = Geometries[rows[i]];
            inside[4 * i] = geometry.OffsetX;
            inside[(4 * i) + 1] = geometry.OffsetY;
            inside[(4 * i) + 2] = geometry.OffsetX + geometry.Scaled.Width;
            inside[(4 * i) + 3] = geometry.OffsetY + geometry.Scaled.Height;
        }

        return tensor(inside, [rows.Length, 4]);
    }

    /// <summary>These canvases, changed as they are read; this store must outlive it.</summary>
    internal CanvasStore Changed(CanvasChange change) => new(Size, new AlteredCanvases(this, change), Geometries);

    /// <inheritdoc/>
    public void Dispose() => _pixels.Dispose();

    private CanvasBatch Batch(ReadOnlySpan<int> rows, DeviceMemory memory)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gray = memory.Upload(Pixels(rows));
        return new CanvasBatch(gray, memory.Upload(Inside(rows)));
    }

    private IEnumerable<CanvasBatch> Ahead(IEnumerable<int[]> parts, DeviceMemory memory)
    {
        using var freed = FreedMemory.Keep(); // What is made of one batch is as large as what was made of the last.
        var isFirst = true;
        Task<CanvasBatch>? next = null;
        try
        {
            foreach (var part in parts)
            {
                var ready = next;
                next = null; // What fails here is not waited for again.
                var batch = ready?.GetAwaiter().GetResult();
                next = Task.Run(() => Batch(part, memory));
                if (batch is null)
                {
                    continue;
                }

                yield return batch;
                if (isFirst)
                {
                    isFirst = false;
                    FreedMemory.KeepLargeIfPlentiful();
                }
            }

            if (next is not null)
            {
                var last = next;
                next = null;
                yield return last.GetAwaiter().GetResult();
            }
        }
        finally
        {
            // Whoever stops early leaves a batch behind that nobody asks for; what went wrong with it doesn't matter.
            if (next is not null)
            {
                Task.WhenAny(next).Wait();
                if (next.IsCompletedSuccessfully)
                {
                    next.Result.Dispose();
                }
            }
        }
    }

    private static Tensor Checked(ImageSize size, Tensor gray, IReadOnlyList<CanvasGeometry> geometries)
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

        return geometries.FirstOrDefault(g => g.Canvas != size) is { } other
            ? throw new ArgumentException($"A geometry for {other.Canvas} is in a store for {size}.", nameof(geometries))
            : gray;
    }
}
