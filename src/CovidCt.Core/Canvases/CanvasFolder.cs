using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Records;

namespace CovidCt.Canvases;

/// <summary>
/// A folder with the canvases of a data set: a file for each canvas size and way to place images. A file has its name only
/// once it holds every row; until then it is <c>NAME.part</c>, which a later try goes on with. Whoever holds <c>.lock</c> makes
/// files; the others wait for them.
/// </summary>
internal sealed class CanvasFolder
{
    private readonly string _folder;
    private readonly CanvasTransform _transform;
    private readonly CtDataset _dataset;
    private readonly ImageStamp[] _stamps;
    private readonly byte[] _origin;

    /// <param name="folder">The folder.</param>
    /// <param name="dataset">The data set; how its files look now is what canvases are compared with.</param>
    /// <param name="transform">How images are brought onto canvases.</param>
    /// <param name="decoder">What decodes a file.</param>
    public CanvasFolder(string folder, CtDataset dataset, CanvasTransform transform, IImageDecoder decoder)
    {
        _folder = folder;
        _transform = transform;
        _dataset = dataset;
        _stamps = new ImageStamp[dataset.Samples.Count];
        try
        {
            Parallel.For(0, _stamps.Length, row =>
            {
                var (place, hash) = dataset.OriginOf(dataset.Samples[row]);
                _stamps[row] = ImageStamp.Of(dataset.Samples[row].Path, place, hash);
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        _origin = SHA256.HashData(Encoding.UTF8.GetBytes($"{typeof(CanvasFolder).Module.ModuleVersionId}\n{decoder.Version}"));
    }

    /// <summary>Waits for the others and keeps them away.</summary>
    public IDisposable Lock(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        return FileLock.Take(Path.Combine(_folder, ".lock"), cancellationToken);
    }

    /// <summary>The canvases of all samples, where there is a file with them that is whole and as the images are now; else null.</summary>
    public CanvasRows? Find(ImageSize size, CancellationToken cancellationToken)
    {
        if (CanvasFile.Open(NameOf(size), size, _origin, FileAccess.Read) is not { } file)
        {
            return null;
        }

        var isWhole = false;
        try
        {
            var rows = RowsIn(file);
            return (isWhole = AllFit(file, size, rows, cancellationToken)) ? new CanvasRows(file, size, rows) : null;
        }
        finally
        {
            if (!isWhole)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>
    /// The canvases of all samples as another process made them, which alone may make them: images that can be those are taken for them,
    /// and a row is looked at when it is read.
    /// </summary>
    /// <exception cref="RunFolderException">There are none, or they are of other images; the message says which.</exception>
    public CanvasRows Join(ImageSize size)
    {
        var name = NameOf(size);
        var file = CanvasFile.Open(name, size, _origin, FileAccess.Read) ?? throw new RunFolderException(
            $"{name} isn't there, is damaged, or was made by another build of this program. Prepare the study again, with this build.");
        var rows = RowsIn(file);
        for (var sample = 0; sample < rows.Length; sample++)
        {
            if (rows[sample] < 0 || !file.Entries[rows[sample]].IsWhole || !file.Entries[rows[sample]].Stamp.MayBe(_stamps[sample]))
            {
                file.Dispose();
                throw new RunFolderException(
                    $"{_dataset.OriginOf(_dataset.Samples[sample]).Place} is not the image that the study was prepared with: {name} has "
                    + $"{(rows[sample] < 0 ? "no canvas of it" : "the canvas of a file of another length")}. Give the data set that "
                    + "the study was prepared with.");
            }
        }

        return new CanvasRows(file, size, rows);
    }

    /// <summary>Begins a file, or goes on with one that was begun.</summary>
    public CanvasPart Begin(ImageSize size)
    {
        var (name, part) = (NameOf(size), NameOf(size) + ".part");
        var begun = CanvasFile.Open(part, size, _origin, FileAccess.ReadWrite);
        if (begun is not null && begun.Entries.Count != _stamps.Length)
        {
            begun.Dispose();
            begun = null;
        }

        return new CanvasPart(begun ?? CanvasFile.Create(part, size, _stamps.Length, _origin), name, size, _transform, _stamps, Fits);
    }

    private string NameOf(ImageSize size) =>
        Path.Combine(_folder, FormattableString.Invariant($"{size.Width}x{size.Height}-{_transform.Name}.canvases"));

    /// <summary>For each sample its row in a file, which may be of a larger data set; −1 where it has none.</summary>
    private int[] RowsIn(CanvasFile file)
    {
        var rows = new int[_stamps.Length];
        Dictionary<ImagePath, int>? byPath = null;
        for (var sample = 0; sample < rows.Length; sample++)
        {
            var path = _stamps[sample].Path;
            rows[sample] = sample < file.Entries.Count && file.Entries[sample].Stamp.Path == path
                ? sample
                : (byPath ??= ByPath(file)).GetValueOrDefault(path, -1);
        }

        return rows;
    }

    private static Dictionary<ImagePath, int> ByPath(CanvasFile file)
    {
        var rows = new Dictionary<ImagePath, int>(file.Entries.Count);
        for (var row = 0; row < file.Entries.Count; row++)
        {
            rows.TryAdd(file.Entries[row].Stamp.Path, row);
        }

        return rows;
    }

    private bool AllFit(CanvasFile file, ImageSize size, int[] rows, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        return Parallel.For(0, rows.Length, options, (sample, loop) =>
        {
            if (rows[sample] < 0 || !Fits(file, size, rows[sample], sample))
            {
                loop.Stop();
            }
        }).IsCompleted;
    }

    /// <summary>Whether a row is of the sample as its file is now, where the transform would place it, and undamaged.</summary>
    private bool Fits(CanvasFile file, ImageSize size, int row, int sample)
    {
        var entry = file.Entries[row];
        return entry.IsWhole && entry.Stamp == _stamps[sample]
            && (entry.IsRejected ? IsStillRejected(entry, sample) : IsPlaced(entry, size, sample)) && file.IsIntact(row);
    }

    // A file that the disk or its permissions withheld may be readable by now, and looks the same.
    private bool IsStillRejected(CanvasEntry entry, int sample)
    {
        if (entry.WasRead)
        {
            return true;
        }

        try
        {
            _dataset.Read(_dataset.Samples[sample].Path);
            return false;
        }
        catch (ImageRejectedException)
        {
            return true;
        }
    }

    private bool IsPlaced(CanvasEntry entry, ImageSize size, int sample)
    {
        var geometry = entry.GeometryOn(size);
        return geometry == _transform.Place(geometry.Original, size, sample);
    }
}
