using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Volumes;

/// <summary>Opens data sets of volumes.</summary>
internal static class VolumeDataset
{
    // So many files of a folder are looked at to tell volumes from pictures.
    private const int LooksAt = 32;

    private const string Series = "series";

    private sealed record Labelled(ICtVolume Volume, string Label, VolumeRow? Row);

    /// <summary>The data set at a path; null where it is none of volumes.</summary>
    public static CtDataset? Open(string path, IReadOnlyList<IVolumeFormat> formats, VolumeOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            var manifest = Directory.Exists(full) ? Path.Combine(full, ManifestReader.FileName) : full;
            if (File.Exists(manifest))
            {
                return manifest.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && CsvTable.Read(manifest) is var table
                    && table.Find(Series) >= 0 && table.Find("path") < 0
                    ? OfManifest(manifest, table, formats, options)
                    : null;
            }

            return Directory.Exists(full) ? OfFolders(full, formats, options) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static CtDataset? OfFolders(string root, IReadOnlyList<IVolumeFormat> formats, VolumeOptions options)
    {
        var folders = DatasetReader.ClassFolders(root);
        if (folders is [var only])
        {
            return OfFolders(only, formats, options); // An archive is often unpacked into a folder of its own.
        }

        if (folders.Length < 2 || !folders.Any(folder =>
            VolumeFiles.FilesOf(folder).Take(LooksAt).Any(file => VolumeFiles.FormatOf(file, formats) is not null)))
        {
            return null;
        }

        List<Labelled> volumes = [];
        List<Rejection> rejected = [];
        foreach (var folder in folders)
        {
            var found = VolumeFiles.Find(folder, formats);
            volumes.AddRange(found.Volumes.Select(volume => new Labelled(volume, Path.GetFileName(folder), null)));
            rejected.AddRange(RejectedBelow(root, found));
            if (found.Others > 0)
            {
                rejected.Add(new(Path.GetFileName(folder), FormattableString.Invariant($"{found.Others} files in it are of no volume.")));
            }
        }

        return Build(Path.GetFileName(root), root, volumes, rejected, formats, options);
    }

    private static CtDataset OfManifest(string manifest, CsvTable table, IReadOnlyList<IVolumeFormat> formats, VolumeOptions options)
    {
        var root = Path.GetDirectoryName(manifest)!;
        var found = VolumeFiles.Find(root, formats);
        List<Labelled> volumes = [];
        foreach (var row in VolumeRow.Read(table, Series))
        {
            var place = Path.GetFullPath(row.Series.Replace('\\', '/'), root);
            var named = found.Volumes.Where(volume => volume.IsCalled(row.Series) || LiesIn(volume.FileOf(0), place)).ToList();
            if (named.Count == 0)
            {
                throw new UnusableDataException($"{manifest}, line {row.Line}: there is no volume {row.Series} below {root}. Give a folder "
                    + "or file relative to the manifest, or the name of a volume, of DICOM the Series Instance UID.");
            }

            volumes.AddRange(named.Select(volume => new Labelled(volume, row.Label, row)));
        }

        if (volumes.GroupBy(volume => volume.Volume).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UnusableDataException($"{manifest}: {twice.Key.Name} is on lines "
                + $"{string.Join(" and ", twice.Select(one => one.Row!.Line))}; list each volume once.");
        }

        return Build(ManifestReader.NameOf(manifest), root, volumes, RejectedBelow(root, found), formats, options);
    }

    private static IEnumerable<Rejection> RejectedBelow(string root, VolumeFiles found) =>
        found.Rejected.Select(file => new Rejection(DatasetReader.Relative(root, file.File), file.Reason));

    private static bool LiesIn(string file, string place) =>
        file == place || file.StartsWith(Path.TrimEndingDirectorySeparator(place) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static CtDataset Build(
        string name, string root, IReadOnlyList<Labelled> volumes, IEnumerable<Rejection> rejected, IReadOnlyList<IVolumeFormat> formats,
        VolumeOptions options)
    {
        string[] classes = [.. volumes.Select(volume => volume.Label).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length < 2)
        {
            throw new UnusableDataException(
                $"{root} has {volumes.Count} volumes {(classes is [var only] ? $"and the one class '{only}'" : "")}; a study needs two "
                    + "classes or more.");
        }

        var samples = new List<CtSample>();
        var images = new VolumeImages(formats, options);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (volume, label, row) in volumes)
        {
            var place = $"{label}/{volume.Name}";
            for (var i = 2; !taken.Add(place); i++)
            {
                place = string.Create(CultureInfo.InvariantCulture, $"{label}/{volume.Name} ({i})");
            }

            samples.AddRange(
                from key in images.Add(place, volume)
                select new CtSample(key, Array.IndexOf(classes, label), row?.Patient ?? volume.Patient, row?.Split)
                {
                    Source = row?.Source ?? volume.Source,
                    Collection = row?.Collection,
                    Lungs = VolumeImages.LungsOf(key),
                    Columns = CtSample.ColumnsOf([.. row?.Others ?? [], (Series, volume.Name)]),
                });
        }

        return new(
            name, root, classes, DatasetReader.PositiveOf(classes), [.. samples.OrderBy(sample => sample.Path, StringComparer.Ordinal)],
            [.. rejected.OrderBy(rejection => rejection.Path, StringComparer.Ordinal)])
        {
            Images = images,
            Guessed = DatasetReader.NamesSayPositive(classes) ? null : DatasetReader.PositiveOf(classes),
        };
    }
}
