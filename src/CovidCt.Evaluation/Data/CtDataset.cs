
using CovidCt.Imaging;

namespace CovidCt.Data;

/// <summary>Labelled images, in a folder or in any <see cref="Images">other place</see>: what is there, before a pixel is read.</summary>
/// <param name="Name">The data set's name in tables and reports.</param>
/// <param name="Root">
/// The full path of the folder that the samples' paths start from; of images that are no files, what names the place, such as an address.
/// </param>
/// <param name="Classes">The names of the classes; a label is an index into them.</param>
/// <param name="Positive">The index of the class that sensitivity is about.</param>
/// <param name="Samples">The images, in ordinal order of their paths.</param>
/// <param name="Rejected">The files that were left out, each with its reason.</param>
/// <exception cref="UnusableDataException">It contradicts itself (<see cref="ThrowIfInvalid"/>).</exception>
public sealed record CtDataset(
    string Name,
    string Root,
    IReadOnlyList<string> Classes,
    int Positive,
    IReadOnlyList<CtSample> Samples,
    IReadOnlyList<Rejection> Rejected)
{
    /// <summary>
    /// Where images lie that are no files, such as an archive or a database. It is asked from many threads at once.
    /// </summary>
    public interface IImageSource
    {
        /// <summary>The content of an image file.</summary>
        /// <param name="key">
        /// The image's <see cref="CtSample.Path"/>, <see cref="CtSample.Findings"/> or <see cref="CtSample.Lungs"/>.
        /// </param>
        /// <returns>A stream that is read once, from its beginning, and disposed.</returns>
        /// <exception cref="IOException">It can't be read, or there is no such image.</exception>
        Stream Open(string key);

        /// <summary>
        /// A hash of an image's content, or any other text that changes whenever the content does: decoded images are kept by it.
        /// </summary>
        /// <param name="key">The image's <see cref="CtSample.Path"/>.</param>
        /// <returns>Null where there is no such image.</returns>
        /// <exception cref="IOException">It can't be asked.</exception>
        string? HashOf(string key);

        /// <summary>
        /// Whether whoever opens the data set anew by its <see cref="Source"/> has the same images, such as another process. By default no.
        /// </summary>
        bool CanBeOpenedAgain => false;

        /// <summary>
        /// Whether the images are slices of volumes, whose paths are those of the volumes and the slices' numbers. By default no.
        /// </summary>
        bool HoldsVolumes => false;

        /// <summary>Whether an image may have samples of 16 bits: none, and no image is looked at for that. By default one may.</summary>
        bool MayBeDeep => true;
    }

    /// <summary>The images, in ordinal order of their paths.</summary>
    public IReadOnlyList<CtSample> Samples { get; init; } = Checked(Root, Classes, Positive, Samples);

    /// <summary>Where the images lie, by their paths as keys; null where they are files below <see cref="Root"/>.</summary>
    public IImageSource? Images { get; init; }

    /// <summary>Whether another process, or this one later, can open the data set by <see cref="Source"/>.</summary>
    public bool CanBeOpenedAgain => Images is null or { CanBeOpenedAgain: true };

    /// <summary>Whether the images are slices of volumes.</summary>
    public bool HoldsVolumes => Images is { HoldsVolumes: true };

    /// <summary>What stands between the names of two data sets, the first of which is trained and the second tested on.</summary>
    public const string TestedOnWords = ", tested on ";

    /// <summary>The full path that the data set was opened by: its folder, or its manifest.</summary>
    public string Source { get; init; } = Root;

    /// <summary>The same of the data set that it is tested on, where that is another one (<see cref="TestedOn"/>).</summary>
    public string? TestSource { get; init; }

    /// <summary>The positive class of the data set that it is tested on, by its name there, where that is another one.</summary>
    public string? TestPositive { get; init; }

    /// <summary>
    /// Whether <see cref="Positive"/> is a guess: nobody named it, and neither the form of the data set nor the names of its classes say
    /// which it is.
    /// </summary>
    public bool IsPositiveGuessed => Guessed == Positive;

    /// <summary>
    /// How many bits are significant of the samples of 16-bit images whose files don't say it: the fewest of 8, 10, 12, 14 and 16 that
    /// hold the values of all of them. Null where there are no such images, and before <see cref="WithSampleBits"/> has looked.
    /// </summary>
    public int? SampleBits { get; init; }

    /// <summary>What a person has to know of the data set before anything is made of it, in whole sentences.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. IsPositiveGuessed
            ? (string[])[$"Nothing says which class of {Root} is the positive one ({string.Join(", ", Classes)}): "
                + $"{Classes[Positive]} is taken, the last by its name. Name the one that sensitivity is to be about."]
            : [],
        .. TestWarnings,
        .. SampleBits is { } bits
            ? (string[])[$"{Root} holds images of 16 bits a sample whose files don't say how many of them are significant: {bits} are "
                + "taken for all, the fewest of 8, 10, 12, 14 and 16 that hold their values."]
            : [],
    ];

    /// <summary>The class that was taken for the positive one for want of any word of it; null where there was one.</summary>
    internal int? Guessed { get; init; }

    /// <summary>What is to be known of the data set that it is tested on.</summary>
    private IReadOnlyList<string> TestWarnings { get; init; } = [];

    /// <summary>Whether the patient of every image is known, which folds by patient need.</summary>
    public bool HasPatients => Samples.Count > 0 && Samples.All(sample => sample.Patient is not null);

    /// <summary>Whether the source of every image is known, which folds by source need.</summary>
    public bool HasSources => Samples.Count > 0 && Samples.All(sample => sample.Source is not null);

    /// <summary>The columns that any image has a value in, in ordinal order, of several spellings the first.</summary>
    public IReadOnlyList<string> Columns =>
    [
        .. Samples.SelectMany(sample => sample.Columns.Keys).Order(StringComparer.Ordinal).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>
    /// Recognises what lies at <paramref name="path"/>, in this order: a CSV manifest (the file, or a folder that holds
    /// <c>manifest.csv</c>), COVID19-CT, SARS-CoV-2 CT-scan, and a folder per class.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A manifest has the columns <c>path</c> and <c>label</c>, and may have <c>patient</c>, <c>split</c>,
    /// <c>source</c>, <c>collection</c>, <c>findings</c> and <c>lungs</c> (<see cref="CtSample"/>), and any others; paths are relative to
    /// it.
    /// COVID19-CT has the folders <c>CT_COVID</c> and <c>CT_NonCOVID</c>, here or in <c>Images-processed</c>, and brings patients,
    /// sources (a COVID image's publication, another one's case), collections, a split, and of COVID images age, sex, severity,
    /// location and DOI, where its metadata files lie beside them or above.
    /// SARS-CoV-2 CT-scan has the folders <c>COVID</c> and <c>non-COVID</c> with files named <c>Covid (1).png</c> and
    /// <c>Non-Covid (1).png</c>, and no patients. Anything else with two sub folders or more is a folder per class, with
    /// all that lies below it. A folder that holds nothing but one folder stands for that one.
    /// </para>
    /// <para>
    /// The positive class is the one that is named; else the one whose name contains <c>covid</c> and none of <c>non</c>, <c>no-</c>,
    /// <c>no_</c>, <c>not</c>, <c>neg</c>, <c>normal</c> (in any case); of several, or where there is none, the last of these in ordinal
    /// order, which is a guess (<see cref="IsPositiveGuessed"/>) and said in <see cref="Warnings"/>.
    /// </para>
    /// <para>
    /// Files that are plainly no images (empty, text, an archive) are rejected here; the others are told by content when
    /// they are decoded (<see cref="Decode"/>). Names do not matter.
    /// </para>
    /// </remarks>
    /// <param name="path">A folder, or a manifest that ends in <c>.csv</c>.</param>
    /// <param name="positive">The name of the class that sensitivity is about; null leaves it to the rule above.</param>
    /// <param name="decoder">
    /// What is to decode the images: where it is an <see cref="IDatasetFormat"/> too, it is asked first whether the data set is of its
    /// kind.
    /// </param>
    /// <exception cref="UnusableDataException">There is no data set; the message says what was looked for.</exception>
    /// <exception cref="ArgumentException">It has no class of the name; the message lists those that it has.</exception>
    public static CtDataset Open(string path, string? positive = null, IImageDecoder? decoder = null)
    {
        var dataset = ((decoder as IDatasetFormat)?.Open(path) ?? DatasetReader.Open(path)) with { Source = Path.GetFullPath(path) };
        return positive is null ? dataset : dataset.WithPositive(positive);
    }

    /// <summary>The class that <see cref="Open"/> takes for the positive one where nobody names it.</summary>
    /// <param name="classes">The names of the classes, at least one.</param>
    public static int PositiveOf(IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return DatasetReader.PositiveOf(classes);
    }

    /// <summary>The same images with a positive class that somebody names.</summary>
    /// <param name="name">The name of the class that sensitivity is about.</param>
    /// <exception cref="ArgumentException">There is no class of the name; the message lists those that there are.</exception>
    public CtDataset WithPositive(string name)
    {
        var positive = Classes.ToList().IndexOf(name);
        return positive >= 0
            ? this with { Positive = positive, Guessed = null }
            : throw new ArgumentException($"{Root} has no class '{name}'; its classes are {string.Join(", ", Classes)}.", nameof(name));
    }

    /// <summary>The same images with a positive class that something else suggests: it counts where theirs is a guess.</summary>
    /// <param name="name">The name of the class that sensitivity may be about; where there is none of the name, the guess stays.</param>
    public CtDataset WithSuggestedPositive(string name) => IsPositiveGuessed && Classes.Contains(name) ? WithPositive(name) : this;

    /// <summary>
    /// This data set to train on and another to test on, as one with a split: patients and sources of the two are told apart
    /// by the data sets' names, and the other's classes count as this one's, positive as positive. Where the other's positive class is a
    /// guess, and it has a class of the name of this one's, that is it.
    /// </summary>
    /// <param name="test">The data set to test on.</param>
    /// <exception cref="UnusableDataException">One of them has not two classes, or they share images.</exception>
    public CtDataset TestedOn(CtDataset test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if ((Classes.Count, test.Classes.Count) is not (2, 2))
        {
            throw new UnusableDataException($"{Root} has {Classes.Count} classes and {test.Root} {test.Classes.Count}; training on one "
                + "data set and testing on another takes two each.");
        }

        test = IsPositiveGuessed ? test : test.WithSuggestedPositive(Classes[Positive]);
        var paired = Images == test.Images && (Images is null || Root == test.Root) ? null : new PairedImages(this, test);
        var trained = Samples.Select(IdentityOf).ToHashSet(StringComparer.Ordinal);
        if (test.Samples.FirstOrDefault(sample => trained.Contains(test.IdentityOf(sample))) is { } both)
        {
            throw new UnusableDataException(
                $"{test.IdentityOf(both)} is in the data set to train on and in that to test on. Give two that share no image.");
        }

        var samples = Samples.Select(sample => Of(this, sample) with { Split = "train" })
            .Concat(test.Samples.Select(sample => Of(test, sample) with
            {
                Path = Elsewhere(sample.Path),
                Label = sample.Label == test.Positive ? Positive : 1 - Positive,
                Findings = sample.Findings is { } findings ? Elsewhere(findings) : null,
                Lungs = sample.Lungs is { } lungs ? Elsewhere(lungs) : null,
                Split = "test",
            }));
        return this with
        {
            Name = $"{Name}{TestedOnWords}{test.Name}",
            TestSource = test.Source,
            Images = paired ?? Images,
            SampleBits = SampleBits is null || test.SampleBits is null ? null : Math.Max(SampleBits.Value, test.SampleBits.Value),
            TestPositive = test.Classes[test.Positive],
            TestWarnings = test.Warnings,
            Samples = [.. samples.OrderBy(sample => sample.Path, StringComparer.Ordinal)],
            Rejected = [.. Rejected, .. test.Rejected.Select(rejection => rejection with { Path = Elsewhere(rejection.Path) })],
        };

        string Elsewhere(string path) => paired is not null ? paired.KeyOf(path)
            : Images is not null
            ? path
            : System.IO.Path.GetRelativePath(Root, System.IO.Path.GetFullPath(path, test.Root))
                .Replace(System.IO.Path.DirectorySeparatorChar, '/');

        static CtSample Of(CtDataset dataset, CtSample sample) => sample with
        {
            Patient = sample.Patient is { } patient ? $"{dataset.Name}: {patient}" : null,
            Source = sample.Source is { } source ? $"{dataset.Name}: {source}" : null,
            Collection = dataset.Name,
        };
    }

    /// <summary>
    /// Finds what can't be: no class or one that is there twice, a positive class or a label that is none of the classes, an image
    /// without a path or one that is there twice. What is made of a data set begins with it, since one that was changed may be so too.
    /// </summary>
    /// <exception cref="UnusableDataException">It contradicts itself; the message says where.</exception>
    public void ThrowIfInvalid() => Checked(Root, Classes, Positive, Samples);

    /// <summary>The file of a sample.</summary>
    /// <exception cref="InvalidOperationException">The images are no files.</exception>
    public string FullPath(CtSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return Images is null
            ? Path.GetFullPath(sample.Path, Root)
            : throw new InvalidOperationException($"{sample.Path} of {Root} is no file. Read it from the data set.");
    }

    /// <summary>The content of an image of the data set, or of a picture that it names.</summary>
    /// <param name="path">
    /// The <see cref="CtSample.Path"/>, <see cref="CtSample.Findings"/> or <see cref="CtSample.Lungs"/> of a sample.
    /// </param>
    /// <exception cref="ImageRejectedException">It cannot be read, or is larger than 512 MiB.</exception>
    public byte[] Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Images is { } images ? Read(images, path) : IImageDecoder.Read(Path.GetFullPath(path, Root));
    }

    /// <summary>By what an image is told from all others, and from itself after a change where it is no file.</summary>
    /// <param name="sample">The image.</param>
    /// <returns>Where it is; and, of an image that is no file, what its content goes by, empty where there is none.</returns>
    /// <exception cref="IOException">It can't be asked.</exception>
    public (string Place, string? Hash) OriginOf(CtSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return (IdentityOf(sample), Images is { } images ? images.HashOf(sample.Path) ?? "" : null);
    }

    private string IdentityOf(CtSample sample) => Images is null ? FullPath(sample) : $"{Root}\n{sample.Path}";

    private static byte[] Read(IImageSource images, string key)
    {
        try
        {
            using var stream = images.Open(key);
            return IImageDecoder.Read(stream);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ImageRejectedException($"The image cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>The group of each image that a way of drawing folds keeps whole.</summary>
    /// <param name="groupBy">The way.</param>
    /// <returns>For each of <see cref="Samples"/>, the name of its group: of an image alone, its path.</returns>
    /// <exception cref="UnusableDataException">The data set doesn't say it for all images.</exception>
    public IReadOnlyList<string> GroupsOf(GroupBy groupBy)
    {
        ArgumentNullException.ThrowIfNull(groupBy);
        return SampleGroups.Of(this, groupBy);
    }

    /// <summary>
    /// A smaller data set with the classes' shares kept (largest remainder), at least one image of each class where
    /// <paramref name="maxImages"/> allows it, evenly spread over the ordinal order. The same images every time.
    /// </summary>
    /// <param name="maxImages">The most images to keep, at least 1.</param>
    public CtDataset Take(int maxImages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxImages, 1);
        if (maxImages >= Samples.Count)
        {
            return this;
        }

        var rows = Enumerable.Range(0, Samples.Count).GroupBy(row => Samples[row].Label).OrderBy(g => g.Key).Select(g => g.ToArray())
            .ToArray();
        var shares = Apportion([.. rows.Select(r => r.Length)], maxImages);
        var kept = rows.Zip(shares).SelectMany(part => Spread(part.First, part.Second)).Order();
        return this with { Samples = [.. kept.Select(row => Samples[row])] };

        static IEnumerable<int> Spread(int[] rows, int count) =>
            Enumerable.Range(0, count).Select(i => rows[(int)(((2L * i) + 1) * rows.Length / (2L * count))]);
    }

    /// <summary>
    /// The same data set with its <see cref="SampleBits"/>. Of most images that takes a look at the first bytes; those of 16 bits whose
    /// files don't say how many are significant are decoded, on all cores. What can't be read counts for nothing.
    /// </summary>
    /// <param name="decoder">What decodes a file.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public CtDataset WithSampleBits(IImageDecoder decoder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        if (SampleBits is not null || Images is { MayBeDeep: false })
        {
            return this;
        }

        var bits = new int[Samples.Count];
        RowLoop.ForEach(bits.Length, row => bits[row] = SampleBitsOf(Samples[row], decoder), progress: null, cancellationToken);
        return bits.DefaultIfEmpty(0).Max() is > 0 and var most ? this with { SampleBits = most } : this;
    }

    private int SampleBitsOf(CtSample sample, IImageDecoder decoder)
    {
        try
        {
            return DeepPng.Is(Head(sample)) ? decoder.SampleBitsOf(Read(sample.Path)) ?? 0 : 0;
        }
        catch (Exception e) when (e is ImageRejectedException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return 0; // Whoever decodes it says why.
        }
    }

    private ReadOnlySpan<byte> Head(CtSample sample)
    {
        if (Images is null)
        {
            return DatasetReader.Head(FullPath(sample));
        }

        var head = new byte[ImageSignature.HeadLength];
        using var stream = Images.Open(sample.Path);
        return head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
    }

    /// <summary>Reads and decodes every image that is wanted, once for all targets, on all cores.</summary>
    /// <param name="decoder">What decodes a file.</param>
    /// <param name="targets">Who takes the images, or word of why there is none.</param>
    /// <param name="progress">
    /// Told how many images are done, rejected ones and those that nobody wanted included: ascending, one call at a time.
    /// </param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Decode(
        IImageDecoder decoder,
        IReadOnlyList<IImageTarget> targets,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(targets);
        ThrowIfInvalid();
        var known = decoder.ForSamples(WithSampleBits(decoder, cancellationToken).SampleBits);
        RowLoop.ForEach(
            Samples.Count, row => DecodeRow(row, known, targets), progress is null ? null : progress.Report, cancellationToken);
    }

    private void DecodeRow(int row, IImageDecoder decoder, IReadOnlyList<IImageTarget> targets)
    {
        List<IImageTarget> wanting = [.. targets.Where(target => target.Wants(row))];
        if (wanting.Count == 0)
        {
            return;
        }

        byte[]? file = null;
        GrayImage image;
        try
        {
            file = Read(Samples[row].Path);
            image = decoder.Decode(file);
        }
        catch (ImageRejectedException rejected)
        {
            wanting.ForEach(target => target.Reject(row, rejected.Message, wasRead: file is not null));
            return;
        }

        wanting.ForEach(target => target.Take(row, file, image));
    }

    private static IReadOnlyList<CtSample> Checked(
        string root, IReadOnlyList<string> classes, int positive, IReadOnlyList<CtSample> samples)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(samples);
        var named = $"{root} has {classes.Count} classes ({string.Join(", ", classes)})";
        if (classes.Count == 0 || classes.Any(string.IsNullOrEmpty) || classes.Distinct(StringComparer.Ordinal).Count() < classes.Count)
        {
            throw new UnusableDataException($"{named}: give each a name of its own, and one at least.");
        }

        if (positive < 0 || positive >= classes.Count)
        {
            throw new UnusableDataException(
                $"{named}, and number {positive}, counted from 0, is to be the positive one: take one of them.");
        }

        var paths = new HashSet<string>(samples.Count, StringComparer.Ordinal);
        foreach (var (row, sample) in samples.Index())
        {
            if (string.IsNullOrEmpty(sample.Path) || !paths.Add(sample.Path))
            {
                throw new UnusableDataException(string.IsNullOrEmpty(sample.Path)
                    ? $"{root}: image {row}, counted from 0, has no path. Give each one its own."
                    : $"{root}: {sample.Path} is there twice. List each image once.");
            }

            if (sample.Label < 0 || sample.Label >= classes.Count)
            {
                throw new UnusableDataException(
                    $"{named}, and {sample.Path} the label {sample.Label}, counted from 0: give it one of them.");
            }
        }

        return samples;
    }

    private static int[] Apportion(int[] sizes, int total)
    {
        var all = sizes.Sum(size => (long)size);
        var shares = sizes.Select(size => (int)((long)size * total / all)).ToArray();
        var byRemainder = Enumerable.Range(0, sizes.Length).OrderByDescending(c => (long)sizes[c] * total % all).ToArray();
        for (var i = 0; shares.Sum() < total; i++)
        {
            shares[byRemainder[i]]++;
        }

        while (total >= sizes.Length && Array.IndexOf(shares, 0) is >= 0 and var empty)
        {
            shares[Array.IndexOf(shares, shares.Max())]--;
            shares[empty]++;
        }

        return shares;
    }

    /// <summary>The data set without some of its images, which are told among the rejected ones.</summary>
    /// <param name="reasons">One for each of <see cref="Samples"/>: why it is left out; null where it stays.</param>
    /// <exception cref="ArgumentException">There are more or fewer reasons than images.</exception>
    /// <exception cref="UnusableDataException">No image stays.</exception>
    public CtDataset Without(IReadOnlyList<string?> reasons)
    {
        ArgumentNullException.ThrowIfNull(reasons);
        if (reasons.Count != Samples.Count)
        {
            throw new ArgumentException($"{reasons.Count} reasons were given for {Samples.Count} images.", nameof(reasons));
        }

        var left = this with
        {
            Samples = [.. Samples.Where((_, row) => reasons[row] is null)],
            Rejected =
            [
                .. Rejected.Concat(
                    Samples.Zip(reasons).Where(row => row.Second is not null).Select(row => new Rejection(row.First.Path, row.Second!)))
                    .OrderBy(rejection => rejection.Path, StringComparer.Ordinal),
            ],
        };
        return left.Samples.Count > 0 ? left : throw UnusableDataException.NothingReadable(Root, left.Rejected);
    }
}
