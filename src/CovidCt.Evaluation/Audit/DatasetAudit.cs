using CovidCt.Data;
using CovidCt.Imaging;

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
public static class DatasetAudit
{
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
        IProgress<AuditProgress>? progress = null,
        IImageDecoder? decoder = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();

        var (readable, images) = Read(dataset, decoder ?? new SkiaImageDecoder(), progress, cancellationToken);
        var search = new DuplicateSearch(images, options);
        var twins = search.Find(new Relay<int>(done => progress?.Report(new(AuditStep.Comparing, done, images.Count))), cancellationToken);
        var probe = new ShortcutProbe(readable, images, options);
        var (shortcut, baseline) = probe.Run(
            new Relay<(int Done, int Total)>(step => progress?.Report(new(AuditStep.Probing, step.Done, step.Total))), cancellationToken);

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

    private static (CtDataset Readable, IReadOnlyList<AuditedImage> Images) Read(
        CtDataset dataset, IImageDecoder decoder, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        var samples = dataset.Samples;
        var images = new AuditedImage?[samples.Count];
        var reasons = new string?[samples.Count];
        RowLoop.ForEach(
            samples.Count,
            row =>
            {
                try
                {
                    images[row] = AuditedImage.Read(samples[row], dataset.FullPath(samples[row]), decoder);
                }
                catch (ImageRejectedException rejected)
                {
                    reasons[row] = rejected.Message;
                }
            },
            done => progress?.Report(new(AuditStep.Reading, done, samples.Count)),
            cancellationToken);
        return (dataset.Without(reasons), [.. images.OfType<AuditedImage>()]);
    }

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
