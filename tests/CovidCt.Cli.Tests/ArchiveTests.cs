using System.Globalization;
using System.IO.Compression;
using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Reporting;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Cli.Tests;

/// <summary>A data set whose images lie in a ZIP archive, beside the same files in a folder.</summary>
public sealed class ArchiveTests : IDisposable
{
    private const string Network = "squeezenet1_1";

    private readonly TemporaryFolder _folder = new();
    private readonly CtDataset _files;
    private readonly ZipSource _source;
    private readonly CtDataset _archived;

    public ArchiveTests()
    {
        Phantom.Write(_folder["data"], patients: 8);
        _files = CtDataset.Open(_folder["data"]);
        ZipFile.CreateFromDirectory(_folder["data"], _folder["data.zip"]);
        _source = new(_folder["data.zip"]);
        _archived = new(_files.Name, "zip:data.zip", _files.Classes, _files.Positive, _files.Samples, []) { Images = _source };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _source.Dispose();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_study_of_an_archive_has_the_bits_of_the_same_files_in_a_folder()
    {
        var options = Options();
        foreach (var (dataset, folder) in new[] { (_files, "one"), (_archived, "other") })
        {
            using var study = StudyFolder.Open(_folder[folder], resume: false);
            Workplace.Alone(() => StudyFiles.Write(new Study().Run(dataset, options, study, cancellationToken: Token)));
        }

        string[] kinds = [".csv", ".safetensors", ".png", ".svg"];
        foreach (var file in Files("one").Where(file => kinds.Contains(Path.GetExtension(file)) || Path.GetFileName(file) is "audit.json" or "maps.json" or "embedding.json" or "controls.json" or "calibration.json")
            .Where(file => !file.StartsWith("canvases", StringComparison.Ordinal) && !file.EndsWith("history.csv", StringComparison.Ordinal)))
        {
            Assert.True(File.ReadAllBytes(_folder[$"one/{file}"]).AsSpan().SequenceEqual(File.ReadAllBytes(_folder[$"other/{file}"])), file);
        }

        Assert.Equal(Files("one"), Files("other"));
        Assert.Contains("audit.json", Files("other"));
        Assert.Contains($"runs/{Network}/fold-0/maps/audit.json", Files("other"));
        Assert.Contains("report.html", Files("other"));
        var run = FinishedRun.Open(_folder[$"other/runs/{Network}/fold-0"]);
        Assert.Contains("doesn't say where its data set was", Assert.Throws<UnusableDataException>(() => run.OpenData()).Message, StringComparison.Ordinal);
        Assert.Equal(FinishedRun.Open(_folder[$"one/runs/{Network}/fold-0"]).OpenData().Samples, run.Taken(_archived).Samples);
        Assert.Throws<UnusableDataException>(() => run.Taken(_archived with { Classes = ["a", "b"] }));
        var opened = _source.Opened;
        Assert.Equal(_files.Samples.Count, opened.Keys.Intersect(_files.Samples.Select(sample => sample.Path)).Count());
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Several_processes_are_refused_a_source_that_they_cannot_share()
    {
        var options = Options();
        options.Controls = StudyControls.None;
        using var study = StudyFolder.Open(_folder["study"], resume: false);
        var trained = new Study { Trainer = RunTrainer.InProcesses(2, (_, _, _) => throw new InvalidOperationException("No process is to begin.")) };

        var error = Assert.Throws<UnusableDataException>(() => trained.Run(_archived, options, study, cancellationToken: Token));

        Assert.Contains("Train in this process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_and_depth_are_those_of_the_files()
    {
        var (one, other) = (Audit(_files), Audit(_archived));

        Assert.Equal(one, other);
        Assert.Null(_archived.WithSampleBits(new SkiaImageDecoder(), Token).SampleBits);

        static string Audit(CtDataset dataset) =>
            DatasetAudit.Run(dataset, new DatasetAuditOptions { Trees = 5 }, cancellationToken: Token).ToJson().ToJsonString();
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Images_that_the_archive_lacks_are_rejected_and_the_rest_is_read()
    {
        var dataset = _archived with { Samples = [.. _archived.Samples, new CtSample("images/none.png", 0, "P", null)] };
        var rejected = new List<string>();

        dataset.Decode(new SkiaImageDecoder(), [new Rejections(rejected, dataset)], cancellationToken: Token);

        Assert.Equal(["images/none.png: The image cannot be read: there is no images/none.png."], rejected);
    }

    [Fact]
    public void Files_are_not_asked_for_and_images_of_two_places_are_told_apart()
    {
        Assert.Throws<InvalidOperationException>(() => _archived.FullPath(_archived.Samples[0]));
        var mixed = _files.TestedOn(_archived with { Name = "archive" });
        Assert.Equal(2 * _files.Samples.Count, mixed.Samples.Count);
        Assert.False(mixed.CanBeOpenedAgain);
        Assert.All(_files.Samples, sample => Assert.Equal(mixed.Read(sample.Path), mixed.Read($"archive/{sample.Path}")));
        Assert.All(mixed.Samples, sample => Assert.NotNull(mixed.OriginOf(sample).Hash));
        Assert.Contains("is in the data set to train on", Assert.Throws<UnusableDataException>(() => _archived.TestedOn(_archived)).Message, StringComparison.Ordinal);
        var (some, others) = (_archived.Samples.Take(9).ToList(), _archived.Samples.Skip(9).ToList());
        var both = (_archived with { Samples = some, Name = "a" }).TestedOn(_archived with { Samples = others, Name = "b" });
        Assert.Equal(_archived.Samples.Select(sample => sample.Path), both.Samples.Select(sample => sample.Path));
        Assert.Equal(_files.Read(_files.Samples[0].Path), both.Read(both.Samples[0].Path));
    }

    private static StudyOptions Options() => new()
    {
        Networks = [Network],
        Folds = 2,
        InputSize = new ImageSize(72, 54),
        Training = { Epochs = 1, BatchSize = 8, Threads = 1, Device = ComputeDevice.Cpu },
    };

    private List<string> Files(string folder) =>
    [
        .. Directory.EnumerateFiles(_folder[folder], "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder[folder], file).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal),
    ];

    private sealed class Rejections(List<string> said, CtDataset dataset) : IImageTarget
    {
        public bool Wants(int row) => true;

        public void Take(int row, ReadOnlyMemory<byte> file, GrayImage image)
        {
        }

        public void Reject(int row, string reason, bool wasRead) => said.Add($"{dataset.Samples[row].Path}: {reason}");
    }

    /// <summary>The entries of an archive, read one at a time.</summary>
    private sealed class ZipSource(string path) : CtDataset.IImageSource, IDisposable
    {
        private readonly ZipArchive _archive = ZipFile.OpenRead(path);
        private readonly Lock _turn = new();

        public Dictionary<string, int> Opened { get; } = [];

        public Stream Open(string key)
        {
            lock (_turn)
            {
                Opened[key] = Opened.GetValueOrDefault(key) + 1;
                using var entry = (_archive.GetEntry(key) ?? throw new FileNotFoundException($"there is no {key}")).Open();
                var content = new MemoryStream();
                entry.CopyTo(content);
                content.Position = 0;
                return content;
            }
        }

        public string? HashOf(string key)
        {
            lock (_turn)
            {
                return _archive.GetEntry(key) is { } entry ? string.Create(CultureInfo.InvariantCulture, $"{entry.Crc32:x8}-{entry.Length}") : null;
            }
        }

        public void Dispose() => _archive.Dispose();
    }
}
