using System.Text.RegularExpressions;

namespace CovidCt.Data;

/// <summary>
/// COVID19-CT (<see href="https://github.com/UCSD-AI4H/COVID-CT"/>): two folders of images, a metadata file for each that
/// names the patients, and the lists of the published split.
/// </summary>
/// <remarks>
/// Its COVID images were taken from publications, which a column of DOIs names for some and the names of the files for all; the others
/// are cases of two collections, which the ids of their patients name.
/// </remarks>
internal static partial class Covid19CtReader
{
    private const string CovidMetadata = "COVID-CT-MetaInfo.csv";
    private const string CovidName = "File name";
    private const string Doi = "doi";

    private static readonly (string Name, string InFile)[] Columns =
        [("age", "Age"), ("sex", "Gender"), ("severity", "Severity"), ("location", "Location"), (Doi, "DOI")];

    /// <summary>
    /// The folders of images in a folder, or in its <c>Images-processed</c>, where the published archives lie; null where
    /// they are not both there.
    /// </summary>
    public static (string Covid, string NonCovid)? Folders(string path)
    {
        return new[] { path, Path.Combine(path, "Images-processed") }.Where(Directory.Exists).Select(Pair)
            .FirstOrDefault(pair => pair is not null);

        static (string, string)? Pair(string folder)
        {
            var inside = Directory.GetDirectories(folder);
            return Named("CT_COVID") is { } covid && Named("CT_NonCOVID") is { } nonCovid ? (covid, nonCovid) : null;

            string? Named(string name) =>
                Array.Find(inside, one => Path.GetFileName(one).Equals(name, StringComparison.OrdinalIgnoreCase));
        }
    }

    public static CtDataset Read(string root, string covidFolder, string nonCovidFolder)
    {
        // Unpacked as published, the metadata lie beside the images or in the folder above.
        var beside = Path.GetDirectoryName(covidFolder)!;
        string[] places = [.. new[] { beside, root, Path.GetDirectoryName(beside) }.OfType<string>().Distinct()];
        var patients = new[]
        {
            Column(places, "NonCOVID-CT-MetaInfo.csv", "image name", "patient id"),
            Column(places, CovidMetadata, CovidName, "Patient ID"),
        };
        var cases = patients[0];
        if (patients[0].Values.Intersect(patients[1].Values).Any())
        {
            // The two files were numbered apart: an id in both is not one person.
            patients = [Prefixed(patients[0], "non-COVID "), Prefixed(patients[1], "COVID ")];
        }

        var columns = ColumnsOf(places);
        var splits = new[] { Splits(places, "NonCOVID"), Splits(places, "COVID") };
        var samples = DatasetReader.List(root, [nonCovidFolder, covidFolder]).Select(sample => sample with
        {
            Patient = patients[sample.Label].Find(sample.Path),
            Split = splits[sample.Label].Find(sample.Path),
        }).ToLookup(sample => sample.Label == 1);
        return DatasetReader.Build(
            "COVID19-CT", root, ["non-COVID", "COVID"], 1,
            [
                .. samples[false].Select(one => one with { Source = one.Patient, Collection = CollectionOf(cases.Find(one.Path)) }),
                .. OfPublications([.. samples[true].Select(sample => sample with { Columns = columns(sample.Path) })]),
            ]);
    }

    /// <summary>What is known of a COVID image.</summary>
    private static Func<string, IReadOnlyDictionary<string, string>> ColumnsOf(string[] places)
    {
        (string Name, NameTable Values)[] tables =
        [
            .. Columns.Select(column => (column.Name, Column(places, CovidMetadata, CovidName, column.InFile, isOptional: true))),
        ];
        return path => CtSample.ColumnsOf(tables.Select(table => (table.Name, table.Values.Find(path))));
    }

    /// <summary>
    /// The images with their publication: its DOI, which counts for all images of its file names, or where it has none what the names
    /// begin with.
    /// </summary>
    private static IEnumerable<CtSample> OfPublications(CtSample[] samples)
    {
        string?[] known = [.. samples.Select(sample => sample.Columns.GetValueOrDefault(Doi)?.Replace(" ", "", StringComparison.Ordinal))];
        var publications = SampleLinks.Joined([.. samples.Select((sample, i) => (FileBegin(sample.Path), known[i]))]);
        var names = publications.Zip(known).Where(entry => entry.Second is not null).GroupBy(entry => entry.First, entry => entry.Second!)
            .ToDictionary(group => group.Key, group => group.Min(StringComparer.Ordinal)!);
        return samples.Zip(publications, (sample, publication) =>
            sample with { Source = names.GetValueOrDefault(publication, publication), Collection = "publications" });
    }

    private static string? CollectionOf(string? patient) =>
        patient is null ? null
        : patient.StartsWith("crawled_", StringComparison.OrdinalIgnoreCase) ? "crawled"
        : patient.StartsWith("medpix_", StringComparison.OrdinalIgnoreCase) ? "MedPix"
        : null;

    /// <summary>What the name of a file has before page and number of its figure: the publication.</summary>
    private static string FileBegin(string path) => BeforeFigure().Match(path[(path.LastIndexOf('/') + 1)..]).Groups[1].Value;

    [GeneratedRegex(@"^(.+?)(-p\d+[-_%.].*|(_\d+)?(%\d+)?(\.[^.]*)?)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex BeforeFigure();

    private static NameTable Column(string[] places, string file, string nameColumn, string column, bool isOptional = false)
    {
        if (places.Select(place => Path.Combine(place, file)).FirstOrDefault(File.Exists) is not { } path)
        {
            return new NameTable(file, []);
        }

        var table = CsvTable.Read(path);
        var (name, value) = (table.Require(nameColumn), isOptional ? table.Find(column) : table.Require(column));
        return new NameTable(path, table.Rows.Select(row => (CsvTable.Field(row.Fields, name), CsvTable.Field(row.Fields, value))));
    }

    private static NameTable Splits(string[] places, string name)
    {
        string[] folders = [.. places.SelectMany(place => new[] { Path.Combine(place, "Data-split", name), Path.Combine(place, name) })];
        var entries = new List<(string, string)>();
        foreach (var split in (string[])["train", "val", "test"])
        {
            if (folders.Select(folder => Path.Combine(folder, $"{split}CT_{name}.txt")).FirstOrDefault(File.Exists) is { } list)
            {
                entries.AddRange(File.ReadLines(list).Select(line => (line.Trim(), split)));
            }
        }

        return new NameTable($"The split of {name}", entries);
    }

    private static NameTable Prefixed(NameTable table, string prefix) =>
        new(table.Source, table.Entries.Select(entry => (entry.Key, prefix + entry.Value)));

    /// <summary>
    /// What a list says of a file: by its name, else by its name without the extension in any case, where only one entry
    /// has that.
    /// </summary>
    private sealed class NameTable
    {
        private readonly Dictionary<string, string> _exact = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string?> _loose = new(StringComparer.OrdinalIgnoreCase);

        public NameTable(string source, IEnumerable<(string Name, string Value)> entries)
        {
            Source = source;
            foreach (var (name, value) in entries.Where(entry => entry.Name.Length > 0 && entry.Value.Length > 0))
            {
                if (!_exact.TryAdd(name, value) && _exact[name] != value)
                {
                    throw new UnusableDataException($"{source} says both '{_exact[name]}' and '{value}' of {name}; correct it.");
                }
            }

            foreach (var (name, value) in _exact)
            {
                var key = Loose(name);
                _loose[key] = _loose.TryGetValue(key, out var other) && other != value ? null : value;
            }
        }

        public string Source { get; }

        public IEnumerable<KeyValuePair<string, string>> Entries => _exact;

        public IEnumerable<string> Values => _exact.Values;

        public string? Find(string path)
        {
            var name = path[(path.LastIndexOf('/') + 1)..];
            return _exact.GetValueOrDefault(name) ?? _loose.GetValueOrDefault(Loose(name));
        }

        private static string Loose(string name) =>
            Path.GetExtension(name).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG"
                ? Path.GetFileNameWithoutExtension(name).Trim()
                : name.Trim();
    }
}
