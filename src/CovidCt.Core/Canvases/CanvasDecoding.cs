using System.Globalization;
using CovidCt.Data;
using CovidCt.Imaging;

namespace CovidCt.Canvases;

/// <summary>Decodes data sets.</summary>
internal static class CanvasDecoding
{
    /// <summary>
    /// Reads and decodes every image once, on all cores, and brings it onto a canvas of each size. The canvases lie in memory,
    /// a byte a pixel; for large data sets, and to decode them once for many uses, see <see cref="Open"/>.
    /// </summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="sizes">The canvas sizes, at least one.</param>
    /// <param name="transform">
    /// How images are brought onto canvases; random placement is drawn for an image's row in <paramref name="dataset"/>.
    /// </param>
    /// <param name="decoder">What decodes a file.</param>
    /// <param name="progress">Told how many images are done, rejected ones included: ascending, one call at a time.</param>
    /// <param name="also">
    /// Who wants the decoded images besides; it is shown those that it wants whether canvases are made or found. Null where nobody does.
    /// </param>
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
        IImageTarget? also = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(dataset, sizes, transform, decoder);
        dataset = dataset.WithSampleBits(decoder, cancellationToken);
        List<DrawnCanvases> canvases = [];
        try
        {
            canvases.AddRange(sizes.Distinct().Select(size => new DrawnCanvases(size, dataset.Samples.Count, transform)));
            dataset.Decode(decoder, With(canvases, also), progress, cancellationToken);
            return Keep(dataset, canvases);
        }
        catch
        {
            canvases.ForEach(one => one.Dispose());
            throw;
        }
    }

    /// <summary>
    /// The same canvases from files in a folder, of which only what is asked for is read. The first call makes the files, and
    /// later ones open them, in this process or another, as long as nothing that the pixels depend on has changed: each
    /// image's path, length and time of change, the decoder (<see cref="IImageDecoder.Version"/>), the transform, and the build
    /// of this library. Files that are damaged, or of something else, are made anew.
    /// </summary>
    /// <remarks>
    /// <para>
    /// One process makes files while the others wait for them; they have their names only once they are whole. What a killed or
    /// cancelled call had decoded is kept under the name of a part, and gone on with. A data set of fewer images finds its rows
    /// in the files of the larger one. The time to check a file is that to read it.
    /// </para>
    /// <para>
    /// A folder that can't be written, or a full disk, is no error while the canvases fit into half of the memory: they are then
    /// decoded into it, and <see cref="DecodedDataset.Note"/> says so.
    /// </para>
    /// </remarks>
    /// <param name="folder">The folder, which is made where it is missing. A byte a pixel is taken of the disk.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="sizes">The canvas sizes, at least one.</param>
    /// <param name="transform">
    /// How images are brought onto canvases; random placement is drawn for an image's row in <paramref name="dataset"/>.
    /// </param>
    /// <param name="decoder">What decodes a file.</param>
    /// <param name="progress">
    /// Told how many images are done, rejected ones and those of an earlier call included: ascending, one call at a time; from the first
    /// again where the disk is full.
    /// </param>
    /// <param name="also">
    /// Who wants the decoded images besides; it is shown those that it wants whether canvases are made or found. Null where nobody does.
    /// </param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The readable images in the order of <paramref name="dataset"/>.</returns>
    /// <exception cref="UnusableDataException">No image can be read.</exception>
    /// <exception cref="IOException">There is room for the canvases neither in the folder nor in memory.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DecodedDataset Open(
        string folder,
        CtDataset dataset,
        IReadOnlyCollection<ImageSize> sizes,
        CanvasTransform transform,
        IImageDecoder decoder,
        IProgress<int>? progress = null,
        IImageTarget? also = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ThrowIfInvalid(dataset, sizes, transform, decoder);
        dataset = dataset.WithSampleBits(decoder, cancellationToken);
        decoder = decoder.ForSamples(dataset.SampleBits); // Canvases of another number are not these.
        try
        {
            return OpenFiles(
                new CanvasFolder(Path.GetFullPath(folder), dataset, transform, decoder),
                dataset,
                [.. sizes.Distinct()],
                decoder,
                progress,
                also,
                cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var needed = sizes.Distinct().Sum(size => (long)size.Width * size.Height * dataset.Samples.Count);
            var reason = string.Create(
                CultureInfo.InvariantCulture, $"The canvases, {(needed >> 20) + 1} MiB, can't be kept in {folder}: {e.Message}");
            return needed <= GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2
                ? Decode(dataset, sizes, transform, decoder, progress, also, cancellationToken) with
                {
                    Note = $"{reason} They are kept in memory, and whatever comes later decodes the images again.",
                }
                : throw new IOException($"{reason} Nor is there memory for them. Make room, or choose another folder.", e);
        }
    }

    /// <summary>
    /// The canvases that another process made by <see cref="Open"/>, perhaps on another machine, where the images may lie elsewhere.
    /// Nothing is written, no image is read, and a row is checked when it is read.
    /// </summary>
    /// <inheritdoc cref="Open" path="/param"/>
    /// <inheritdoc cref="Open" path="/returns"/>
    /// <exception cref="Records.RunFolderException">They are not there, or of other images; the message says which.</exception>
    public static DecodedDataset Join(
        string folder, CtDataset dataset, IReadOnlyCollection<ImageSize> sizes, CanvasTransform transform, IImageDecoder decoder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ThrowIfInvalid(dataset, sizes, transform, decoder);
        var made = new CanvasFolder(Path.GetFullPath(folder), dataset, transform, decoder.ForSamples(dataset.SampleBits));
        List<CanvasRows> found = [];
        try
        {
            found.AddRange(sizes.Distinct().Select(made.Join));
            return Keep(dataset, found);
        }
        catch
        {
            found.ForEach(rows => rows.Dispose());
            throw;
        }
    }

    private static DecodedDataset OpenFiles(
        CanvasFolder folder, CtDataset dataset, IReadOnlyList<ImageSize> sizes, IImageDecoder decoder, IProgress<int>? progress,
        IImageTarget? also, CancellationToken cancellationToken)
    {
        List<CanvasRows> found = [];
        try
        {
            FindMissing();
            if (found.Count < sizes.Count)
            {
                using var held = folder.Lock(cancellationToken);
                FindMissing(); // Another may have made them meanwhile.
                if (found.Count < sizes.Count)
                {
                    found.AddRange(Make(folder, dataset, [.. Missing()], decoder, progress, also, cancellationToken));
                    (progress, also) = (null, null); // They have been told and shown all.
                }
            }

            if (also is not null)
            {
                dataset.Decode(decoder, [also], progress, cancellationToken);
            }
            else
            {
                progress?.Report(dataset.Samples.Count);
            }

            return Keep(dataset, [.. sizes.Select(size => found.First(rows => rows.Size == size))]);
        }
        catch
        {
            found.ForEach(rows => rows.Dispose());
            throw;
        }

        IEnumerable<ImageSize> Missing() => sizes.Where(size => found.TrueForAll(rows => rows.Size != size));

        void FindMissing() => found.AddRange(Missing().ToList().Select(size => folder.Find(size, cancellationToken)).OfType<CanvasRows>());
    }

    private static List<CanvasRows> Make(
        CanvasFolder folder, CtDataset dataset, IReadOnlyList<ImageSize> sizes, IImageDecoder decoder, IProgress<int>? progress,
        IImageTarget? also, CancellationToken cancellationToken)
    {
        List<CanvasPart> parts = [];
        try
        {
            foreach (var size in sizes)
            {
                parts.Add(folder.Begin(size));
            }

            dataset.Decode(decoder, With(parts, also), progress, cancellationToken);
            return parts.ConvertAll(part => part.Complete());
        }
        catch (OperationCanceledException)
        {
            parts.ForEach(part => part.Dispose());
            throw;
        }
        catch
        {
            parts.ForEach(part => part.Discard());
            throw;
        }
    }

    private static List<IImageTarget> With(IEnumerable<IImageTarget> canvases, IImageTarget? also) =>
        also is null ? [.. canvases] : [.. canvases, also];

    private static DecodedDataset Keep(CtDataset dataset, IReadOnlyList<ICanvasSource> sources)
    {
        string?[] reasons =
        [
            .. Enumerable.Range(0, dataset.Samples.Count)
                .Select(row => sources.Select(source => source.Rejection(row)).FirstOrDefault(reason => reason is not null)),
        ];
        int[] readable = [.. Enumerable.Range(0, reasons.Length).Where(row => reasons[row] is null)];
        var decoded = dataset.Without(reasons);
        return new DecodedDataset(decoded, sources.ToDictionary(source => source.Size, source => source.Keep(readable)));
    }

    private static void ThrowIfInvalid(
        CtDataset dataset, IReadOnlyCollection<ImageSize> sizes, CanvasTransform transform, IImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentOutOfRangeException.ThrowIfZero(sizes.Count, nameof(sizes));
    }
}
