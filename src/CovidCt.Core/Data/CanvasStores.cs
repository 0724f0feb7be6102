using System.Runtime.ExceptionServices;
using CovidCt.Imaging;
using CovidCt.Models;
using static TorchSharp.torch;

namespace CovidCt.Data;

/// <summary>A data set whose images have been read, with their canvases. It owns its stores.</summary>
/// <param name="Dataset">The readable images alone; the others have become rejections.</param>
/// <param name="Stores">The canvases by size; row i of each is sample i.</param>
public sealed record DecodedDataset(CtDataset Dataset, IReadOnlyDictionary<ImageSize, CanvasStore> Stores) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var store in Stores.Values)
        {
            store.Dispose();
        }
    }
}

/// <summary>Decodes data sets.</summary>
public static class CanvasStores
{
    /// <summary>Reads and decodes every image once, on all cores, and brings it onto a canvas of each size.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="sizes">The canvas sizes, at least one.</param>
    /// <param name="transform">How images are brought onto canvases; random placement is drawn for an image's row in <paramref name="dataset"/>.</param>
    /// <param name="decoder">What decodes a file.</param>
    /// <param name="progress">Told how many images are done, rejected ones included: ascending, one call at a time.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The readable images in the order of <paramref name="dataset"/>, whatever the number of cores.</returns>
    /// <exception cref="UnusableDataException">No image can be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DecodedDataset Decode(
        CtDataset dataset,
        IReadOnlyCollection<ImageSize> sizes,
        CanvasTransform transform,
        IImageDecoder decoder,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentOutOfRangeException.ThrowIfZero(sizes.Count, nameof(sizes));

        using var scope = NewDisposeScope();
        var count = dataset.Samples.Count;
        var canvases = sizes.Distinct().Select(size => new Canvases(size, count)).ToArray();
        var reasons = new string?[count];
        var done = 0;
        ForEachRow(count, row =>
        {
            try
            {
                var image = decoder.DecodeFile(dataset.FullPath(dataset.Samples[row]));
                foreach (var canvas in canvases)
                {
                    canvas.Draw(transform, image, row);
                }
            }
            catch (ImageRejectedException rejected)
            {
                reasons[row] = rejected.Message;
            }

            lock (canvases)
            {
                progress?.Report(++done);
            }
        }, cancellationToken);

        int[] readable = [.. Enumerable.Range(0, count).Where(row => reasons[row] is null)];
        var rejections = Enumerable.Range(0, count).Where(row => reasons[row] is not null)
            .Select(row => new Rejection(dataset.Samples[row].Path, reasons[row]!));
        var decoded = dataset with
        {
            Samples = [.. readable.Select(row => dataset.Samples[row])],
            Rejected = [.. dataset.Rejected.Concat(rejections).OrderBy(rejection => rejection.Path, StringComparer.Ordinal)],
        };
        return readable.Length > 0
            ? new DecodedDataset(decoded, canvases.ToDictionary(canvas => canvas.Size, canvas => canvas.Keep(readable)))
            : throw DatasetReader.NothingReadable(dataset.Root, decoded.Rejected);
    }

    private static void ForEachRow(int count, Action<int> body, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = Environment.ProcessorCount,
        };
        try
        {
            Parallel.For(0, count, options, body);
        }
        catch (AggregateException e)
        {
            // A fault of the decoder itself shows as it was thrown.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private sealed class Canvases(ImageSize size, int count)
    {
        private readonly Tensor _gray = zeros([count, size.Height, size.Width], ScalarType.Byte);
        private readonly CanvasGeometry[] _geometries = new CanvasGeometry[count];

        public ImageSize Size => size;

        public void Draw(CanvasTransform transform, GrayImage image, int row)
        {
            _geometries[row] = transform.Place(image, size, row);
            using var canvas = _gray.select(0, row);
            CanvasTransform.Draw(image, _geometries[row], canvas.bytes);
        }

        public CanvasStore Keep(int[] rows) => rows.Length == count
            ? new CanvasStore(size, _gray, _geometries)
            : new CanvasStore(size, _gray.index_select(0, tensor(rows.Select(row => (long)row).ToArray())), [.. rows.Select(row => _geometries[row])]);
    }
}
