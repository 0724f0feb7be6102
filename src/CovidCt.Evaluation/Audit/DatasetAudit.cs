using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Progress;

namespace CovidCt.Audit;

/// <summary>
/// Looks, before any training, for what makes a data set's figures better than they are: patients on both sides of a fold,
/// images that are there twice or under two labels, and classes that can be told by file format or border.
/// </summary>
/// <remarks>
/// The time grows with the number of images for reading and probing, and with its square for comparing hashes; the memory
/// is some 10 KiB an image besides one decoded image a core. Equal files, options and platform give equal reports, whatever
/// the number of cores.
/// </remarks>
public sealed class DatasetAudit : IImageTarget
{
    private readonly CtDataset _dataset;
    private readonly DatasetAuditOptions _options;
    private readonly AuditedImage?[] _images;
    private readonly string?[] _reasons;

    /// <summary>
    /// An audit that is shown the images of a data set while they are decoded for other uses too (<see cref="CtDataset.Decode"/>);
    /// <see cref="Run"/> decodes them by itself.
    /// </summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">What to look for.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="UnusableDataException">The data set contradicts itself.</exception>
    public DatasetAudit(CtDataset dataset, DatasetAuditOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        dataset.ThrowIfInvalid();
        (_dataset, _options) = (dataset, options);
        (_images, _reasons) = (new AuditedImage?[dataset.Samples.Count], new string?[dataset.Samples.Count]);
    }

    /// <summary>Audits a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">What to look for.</param>
    /// <param name="progress">Told how far it is: one call at a time, from any thread.</param>
    /// <param name="decoder">What decodes a file; null, the default, takes <see cref="SkiaImageDecoder"/>.</param>
    /// <param name="cancellationToken">Stops the work between two images, pairs or trees.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="UnusableDataException">No image can be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DatasetAuditReport Run(
        CtDataset dataset,
        DatasetAuditOptions options,
        IProgress<StepProgress>? progress = null,
        IImageDecoder? decoder = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var audit = new DatasetAudit(dataset, options);
        var reading = new Relay<int>(done => progress?.Report(new(StepKind.Reading, done, dataset.Samples.Count)));
        dataset.Decode(decoder ?? new SkiaImageDecoder(), [audit], reading, cancellationToken);
        return audit.Report(progress, cancellationToken);
    }

    /// <summary>What it found in the images, all of which it has been shown.</summary>
    /// <param name="progress">Told how far it is with comparing and probing: one call at a time, from any thread.</param>
    /// <param name="cancellationToken">Stops the work between two pairs or trees.</param>
    /// <exception cref="UnusableDataException">No image can be read.</exception>
    /// <exception cref="InvalidOperationException">It wasn't shown an image.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public DatasetAuditReport Report(IProgress<StepProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Enumerable.Range(0, _images.Length).Any(IsWanted))
        {
            throw new InvalidOperationException("The audit was not shown all images of the data set.");
        }

        var (readable, options) = (_dataset.Without(_reasons), _options);
        IReadOnlyList<AuditedImage> images = [.. _images.OfType<AuditedImage>()];
        var search = new DuplicateSearch(images, options);
        var twins = search.Find(new Relay<int>(done => progress?.Report(new(StepKind.Comparing, done, images.Count))), cancellationToken);
        var probe = new ShortcutProbe(readable, images, options);
        var (shortcut, baseline) = probe.Run(
            new Relay<(int Done, int Total)>(step => progress?.Report(new(StepKind.Probing, step.Done, step.Total))), cancellationToken);

        var report = new DatasetAuditReport
        {
            Dataset = readable.Name,
            GroupBy = options.GroupBy,
            Folds = options.Folds,
            Seed = options.Seed,
            Classes = [.. readable.Classes.Select((name, label) => ClassOf(readable, name, label))],
            Positive = readable.Classes[readable.Positive],
            Images = images.Count,
            Rejected = readable.Rejected,
            Sizes = SizesOf(images),
            Patients = PatientChecks.Run(readable, twins, options),
            Sources = SourceChecks.Run(readable, options),
            Duplicates = Summarise(readable, search.Candidates, twins),
            Shortcut = shortcut,
            Baseline = baseline,
            Findings = [],
        };
        return report with { Findings = [.. AuditFindings.Of(report, readable)] };
    }

    bool IImageTarget.Wants(int row) => IsWanted(row);

    void IImageTarget.Take(int row, ReadOnlyMemory<byte> file, GrayImage image) =>
        _images[row] = AuditedImage.Of(_dataset.Samples[row], file.Span, image);

    void IImageTarget.Reject(int row, string reason, bool wasRead) => _reasons[row] = reason;

    private bool IsWanted(int row) => _images[row] is null && _reasons[row] is null;

    private static ClassSize ClassOf(CtDataset dataset, string name, int label)
    {
        CtSample[] members = [.. dataset.Samples.Where(sample => sample.Label == label)];
        return new(
            name, members.Length, members.Select(sample => sample.Patient).OfType<string>().Distinct(StringComparer.Ordinal).Count());
    }

    private static ImageSizes SizesOf(IReadOnlyList<AuditedImage> images)
    {
        int[] widths = [.. images.Select(image => image.Width).Order()], heights = [.. images.Select(image => image.Height).Order()];
        var middle = (images.Count - 1) / 2;
        return new(widths[0], heights[0], widths[middle], heights[middle], widths[^1], heights[^1]);
    }

    private static DuplicateAudit Summarise(CtDataset dataset, long candidates, IReadOnlyList<DuplicateSearch.Twins> twins)
    {
        ImagePair[] pairs = [.. twins.Select(pair => Describe(dataset, pair))];
        var same = pairs.Where(pair => pair.Kind != PairKind.LookAlike).ToArray();
        return new(
            candidates,
            Count(PairKind.SameFile),
            Count(PairKind.SamePixels),
            Count(PairKind.SameSlice),
            Count(PairKind.LookAlike),
            same.Count(pair => !pair.SameLabel),
            same.Count(pair => pair.SamePatient == false),
            [
                .. pairs.Where(pair => pair.SamePatient != true || !pair.SameLabel)
                    .OrderBy(pair => pair.Kind).ThenByDescending(pair => pair.Similarity).Take(DuplicateAudit.MostPairs),
            ]);

        int Count(PairKind kind) => pairs.Count(pair => pair.Kind == kind);
    }

    private static ImagePair Describe(CtDataset dataset, DuplicateSearch.Twins twins)
    {
        var (first, second) = (dataset.Samples[twins.First], dataset.Samples[twins.Second]);
        return new(
            first.Path, second.Path, twins.Kind, twins.Similarity, twins.Mirrored, first.Label == second.Label,
            first.Patient is null || second.Patient is null ? null : first.Patient == second.Patient);
    }
}
