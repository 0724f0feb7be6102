using CovidCt.Compute;
using static TorchSharp.torch;

namespace CovidCt.Canvases;

/// <summary>Rows of a store that lie on a device for as long as a training lasts, where batches are gathered from them.</summary>
internal sealed class ResidentCanvases : IDisposable
{
    private const int RowsAtOnce = 64; // So much is read before it is sent.

    private readonly DeviceMemory _memory;
    private readonly CanvasStore _canvases;
    private readonly Dictionary<int, long> _places;
    private readonly Tensor _gray;

    private ResidentCanvases(CanvasStore canvases, int[] rows, DeviceMemory memory)
    {
        (_memory, _canvases) = (memory, canvases);
        _places = Enumerable.Range(0, rows.Length).ToDictionary(place => rows[place], place => (long)place);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        _gray = empty([rows.Length, canvases.Size.Height, canvases.Size.Width], ScalarType.Byte, memory.Device).DetachFromDisposeScope();
        try
        {
            for (var start = 0; start < rows.Length; start += RowsAtOnce)
            {
                using var part = NewDisposeScope();
                var chosen = rows.AsSpan(start, Math.Min(RowsAtOnce, rows.Length - start));
                _gray.narrow(0, start, chosen.Length).copy_(memory.Upload(canvases.Pixels(chosen)));
            }
        }
        catch
        {
            _gray.Dispose();
            throw;
        }
    }

    /// <summary>Sends rows to a device; null where they would take more than canvases may.</summary>
    /// <param name="canvases">The store.</param>
    /// <param name="rows">The rows, in any order.</param>
    /// <param name="memory">Where they go.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is not in the store.</exception>
    /// <exception cref="IOException">The store is a file, which can't be read any more or was damaged.</exception>
    public static ResidentCanvases? TryMake(CanvasStore canvases, IEnumerable<int> rows, DeviceMemory memory)
    {
        int[] needed = [.. rows.Distinct().Order()];
        return (long)needed.Length * canvases.Size.Width * canvases.Size.Height <= memory.RoomForCanvases
            ? new(canvases, needed, memory)
            : null;
    }

    /// <summary>Gathers batch after batch; which rows they take is sent once, before the first.</summary>
    /// <param name="parts">The rows of each batch, all of them resident.</param>
    /// <returns>One batch a part, which the caller disposes.</returns>
    public IEnumerable<CanvasBatch> Batches(IReadOnlyList<int[]> parts)
    {
        int[] order = [.. parts.SelectMany(part => part)];
        using var places = Kept(tensor(Array.ConvertAll(order, row => _places[row])));
        using var inside = Kept(_canvases.Inside(order));
        var start = 0;
        foreach (var part in parts)
        {
            yield return Gather(places, inside, start, part.Length);
            start += part.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gray.Dispose();

    private CanvasBatch Gather(Tensor places, Tensor inside, int start, int count)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return new(_gray.index_select(0, places.narrow(0, start, count)), inside.narrow(0, start, count));
    }

    /// <summary>Whoever asks for a batch may have a dispose scope of its own for it; this outlives that.</summary>
    private Tensor Kept(Tensor host) => _memory.Upload(host).DetachFromDisposeScope();
}
