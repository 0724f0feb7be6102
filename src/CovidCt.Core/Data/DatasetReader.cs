using System.Text.RegularExpressions;
using CovidCt.Imaging;

namespace CovidCt.Data;

/// <summary>Recognises the kinds of data set and reads what each brings along.</summary>
internal static partial class DatasetReader
{
    private const string Negative = "non-COVID";
    private const string Covid = "COVID";

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 16,
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
    };

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

        if (Path.Combine(path, "manifest.csv") is var manifest && File.Exists(manifest))
        {
            return ManifestReader.Read(manifest);
        }

        if (FindPair(path, "CT_COVID", "CT_NonCOVID", depth: 2) is { } covid19Ct)
        {
            return Covid19CtReader.Read(path, covid19Ct.First, covid19Ct.Second);
        }

        if (FindPair(path, Covid, Negative, depth: 2) is { } pair && HasFile(pair.First, SarsCovid()) && HasFile(pair.Second, SarsNonCovid()))
        {
            return Build("SARS-CoV-2 CT-scan", path, [Negative, Covid], 1, List(path, [pair.Second, pair.First]));
        }

        return FolderPerClass(path);
    }

    /// <summary>A data set of these files; those that are plainly no images are rejected.</summary>
    /// <exception cref="UnusableDataException">No file is left.</exception>
    public static CtDataset Build(
        string name, string root, IReadOnlyList<string> classes, int positive, IEnumerable<CtSample> files, IEnumerable<Rejection>? rejected = null)
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
            ? new CtDataset(name, root, classes, positive, samples, rejections)
            : throw NothingReadable(root, rejections);
    }

    /// <summary>What to say when no image of a data set can be read.</summary>
    public static UnusableDataException NothingReadable(string root, IReadOnlyList<Rejection> rejected) => new(
        rejected.Count == 0
            ? $"{root} holds no image. Put the images into it, one folder per class, or list them in a manifest.csv."
            : $"No image in {root} can be read. {rejected.Count} were rejected, the first being {rejected[0].Path}: {rejected[0].Reason}");

    /// <summary>All files below the folders of the classes, in the order of their labels.</summary>
    public static IEnumerable<CtSample> List(string root, IReadOnlyList<string> folders) =>
        folders.SelectMany((folder, label) => Files(folder).Select(file => new CtSample(Relative(root, file), label, null, null)));

    public static string Relative(string root, string file) =>
        Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The positive class by its name; the rule is told at <see cref="CtDataset.Open"/>.</summary>
    public static int PositiveOf(IReadOnlyList<string> classes)
    {
        var covid = Enumerable.Range(0, classes.Count).Where(c => CovidName().IsMatch(classes[c]) && !NegatedName().IsMatch(classes[c]));
        return covid.DefaultIfEmpty(classes.Count - 1).Last();
    }

    private static CtDataset FolderPerClass(string path)
    {
        var root = path;
        var folders = Folders(root);
        while (folders.Length == 1)
        {
            root = folders[0];
            folders = Folders(root);
        }

        if (folders.Length < 2)
        {
            throw new UnusableDataException(
                $"{path} is no data set. Looked for: manifest.csv; CT_COVID and CT_NonCOVID; COVID and non-COVID; a folder per class (two or more).");
        }

        var names = folders.Select(folder => Path.GetFileName(folder)).ToArray();
        if (names.All(name => SplitNames.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            throw new UnusableDataException(
                $"The folders in {root} ({string.Join(", ", names)}) are parts of a split, not classes. "
                + "Name one of them, or list the images in a manifest.csv with the columns path, label and split.");
        }

        return Build(Path.GetFileName(path), path, names, PositiveOf(names), List(path, folders));
    }

    // What unpackers and operating systems leave behind is no class.
    private static string[] Folders(string path) =>
    [
        .. Directory.EnumerateDirectories(path)
            .Where(folder => Path.GetFileName(folder) is var name && name[0] != '.' && name != "__MACOSX" && Files(folder).Any())
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", Everything);

    private static bool HasFile(string folder, Regex name) => Files(folder).Any(file => name.IsMatch(Path.GetFileName(file)));

    private static (string First, string Second)? FindPair(string path, string first, string second, int depth)
    {
        var folders = Directory.GetDirectories(path);
        Array.Sort(folders, StringComparer.Ordinal);
        if (Find(first) is { } a && Find(second) is { } b)
        {
            return (a, b);
        }

        return depth == 0
            ? null
            : folders.Select(folder => FindPair(folder, first, second, depth - 1)).FirstOrDefault(pair => pair is not null);

        string? Find(string name) =>
            Array.Find(folders, folder => Path.GetFileName(folder).Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private static string? WhyNot(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file);
            Span<byte> head = stackalloc byte[ImageSignature.HeadLength];
            return ImageSignature.PlainlyNoImage(head[..RandomAccess.Read(handle, head, 0)]);
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

    [GeneratedRegex("covid", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CovidName();

    [GeneratedRegex("non|no[-_ ]|not|neg|normal", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NegatedName();

    [GeneratedRegex(@"^Covid \(\d+\)\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SarsCovid();

    [GeneratedRegex(@"^Non-Covid \(\d+\)\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SarsNonCovid();
}
