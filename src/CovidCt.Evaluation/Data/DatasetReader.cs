using System.IO.Enumeration;
using System.Text.RegularExpressions;
using CovidCt.Imaging;

namespace CovidCt.Data;

/// <summary>Recognises the kinds of data set and reads what each brings along.</summary>
internal static partial class DatasetReader
{
    private const string Covid = "COVID";
    private const string NonCovid = "non-COVID";

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    private static readonly string[] SplitNames =
        ["train", "training", "val", "valid", "validation", "test", "testing"];

    public static CtDataset Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return Recognise(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static CtDataset Recognise(string path)
    {
        if (File.Exists(path))
        {
            return Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase)
                ? ManifestReader.Read(path)
                : throw new UnusableDataException($"{path} is a file; a data set is a folder, or a manifest that ends in .csv.");
        }

        if (!Directory.Exists(path))
        {
            throw new UnusableDataException($"There is no folder {path}; check its spelling.");
        }

        if (Path.Combine(path, ManifestReader.FileName) is var manifest && File.Exists(manifest))
        {
            return ManifestReader.Read(manifest);
        }

        return Covid19CtReader.Folders(path) is { } covid19Ct
            ? Covid19CtReader.Read(path, covid19Ct.Covid, covid19Ct.NonCovid)
            : FolderPerClass(path);
    }

    /// <summary>A data set of these files; those that are plainly no images are rejected.</summary>
    /// <param name="positive">The positive class, where the form of the data set says it; null leaves it to the names.</param>
    /// <exception cref="UnusableDataException">No file is left.</exception>
    public static CtDataset Build(
        string name, string root,
        IReadOnlyList<string> classes, int? positive, IEnumerable<CtSample> files, IEnumerable<Rejection>? rejected = null)
    {
        var samples = new List<CtSample>();
        var rejections = new List<Rejection>(rejected ?? []);
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            if (WhyNot(Path.GetFullPath(file.Path, root)) is { } reason)
            {
                rejections.Add(new Rejection(file.Path, reason));
            }
            else
            {
                samples.Add(file);
            }
        }

        rejections.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return samples.Count > 0
            ? new CtDataset(name, root, classes, positive ?? PositiveOf(classes), samples, rejections)
            {
                Guessed = positive is null && !NamesSayPositive(classes) ? PositiveOf(classes) : null,
            }
            : throw UnusableDataException.NothingReadable(root, rejections);
    }

    /// <summary>All files below the folders of the classes, in the order of their labels.</summary>
    public static IEnumerable<CtSample> List(string root, IReadOnlyList<string> folders) =>
        folders.SelectMany((folder, label) => Files(folder).Select(file => new CtSample(Relative(root, file), label, null, null)));

    public static string Relative(string root, string file) =>
        Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The positive class by its name; the rule is told at <see cref="CtDataset.Open"/>.</summary>
    public static int PositiveOf(IReadOnlyList<string> classes) => Positives(classes).DefaultIfEmpty(classes.Count - 1).Last();

    /// <summary>The classes whose names say that they are of the disease.</summary>
    /// <summary>Whether the names of the classes say which is positive; else it is a guess.</summary>
    public static bool NamesSayPositive(IReadOnlyList<string> classes) => Positives(classes).Count() == 1;

    private static IEnumerable<int> Positives(IReadOnlyList<string> classes) =>
        Enumerable.Range(0, classes.Count).Where(c => CovidName().IsMatch(classes[c]) && !NegatedName().IsMatch(classes[c]));

    private static CtDataset FolderPerClass(string path)
    {
        var folders = ClassFolders(path);
        var strays = Strays(path);
        if (folders is [var only] && strays.Length == 0)
        {
            // An archive is often unpacked into a folder of its own.
            return Recognise(only);
        }

        if (folders.Length < 2)
        {
            throw new UnusableDataException(
                $"{path} is no data set. Looked for: manifest.csv; CT_COVID and CT_NonCOVID; COVID and non-COVID; "
                + "a folder of images per class (two or more).");
        }

        string[] names = [.. folders.Select(folder => Path.GetFileName(folder))];
        if (names.All(name => SplitNames.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            throw new UnusableDataException(
                $"The folders in {path} ({string.Join(", ", names)}) are parts of a split, not classes. "
                + "Give one of them, or list the images in a manifest.csv with the columns path, label and split.");
        }

        if (folders.Where(IsDataset).Select(folder => Path.GetFileName(folder)).ToArray() is { Length: > 0 } inside)
        {
            throw new UnusableDataException(
                $"{path} holds data sets ({string.Join(", ", inside)}), not classes. Give the folder of one of them.");
        }

        return IsSarsCov2(folders)
            ? Build("SARS-CoV-2 CT-scan", path, [NonCovid, Covid], 1, List(path, [folders[1], folders[0]]))
            : Build(Path.GetFileName(path), path, names, positive: null, List(path, folders), strays);
    }

    // Images beside the folders of the classes have no label.
    private static Rejection[] Strays(string path) =>
    [
        .. Directory.EnumerateFiles(path).Where(file => ImageSignature.Format(Head(file)) is not null)
            .Select(file => new Rejection(Path.GetFileName(file), "It lies in no class's folder.")),
    ];

    // What unpackers and operating systems leave behind is no class.
    public static string[] ClassFolders(string path) =>
    [
        .. Directory.EnumerateDirectories(path)
            .Where(folder => Path.GetFileName(folder) is var name && name[0] != '.' && name != "__MACOSX" && Files(folder).Any())
            .Order(StringComparer.Ordinal),
    ];

    private static FileSystemEnumerable<string> Files(string folder) =>
        new(folder, (ref entry) => entry.ToFullPath(), Everything)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref entry) => !LeadsUp(ref entry),
        };

    // A link to a folder above it would list every image again and again.
    private static bool LeadsUp(ref FileSystemEntry entry) =>
        entry.Attributes.HasFlag(FileAttributes.ReparsePoint)
        && entry.ToFullPath() is var link
        && Directory.ResolveLinkTarget(link, returnFinalTarget: true) is { } target
        && link.StartsWith(Path.TrimEndingDirectorySeparator(target.FullName) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool IsDataset(string folder) =>
        File.Exists(Path.Combine(folder, ManifestReader.FileName)) || Covid19CtReader.Folders(folder) is not null
            || IsSarsCov2(ClassFolders(folder));

    private static bool IsSarsCov2(string[] folders) =>
        folders is [var covid, var nonCovid]
        && Is(covid, Covid, SarsCovid()) && Is(nonCovid, NonCovid, SarsNonCovid());

    private static bool Is(string folder, string name, Regex file) =>
        Path.GetFileName(folder).Equals(name, StringComparison.OrdinalIgnoreCase)
        && Files(folder).Any(path => file.IsMatch(Path.GetFileName(path)));

    private static string? WhyNot(string file)
    {
        try
        {
            return ImageSignature.PlainlyNoImage(Head(file));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "There is no such file.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.Exists(file)
                ? "It is a folder, not an image file."
                : "The file cannot be read; check its permissions and the disk.";
        }
    }

    /// <summary>The first bytes of a file.</summary>
    internal static ReadOnlySpan<byte> Head(string file)
    {
        using var handle = File.OpenHandle(file);
        var head = new byte[ImageSignature.HeadLength];
        return head.AsSpan(0, RandomAccess.Read(handle, head, 0));
    }

    [GeneratedRegex("covid", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CovidName();

    [GeneratedRegex("non|no[-_ ]|not|neg|normal", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NegatedName();

    [GeneratedRegex(@"^Covid \(\d+\)\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SarsCovid();

    [GeneratedRegex(@"^Non-Covid \(\d+\)\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SarsNonCovid();
}
