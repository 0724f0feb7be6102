using System.Text.Json.Nodes;
using CovidCt.Core.Tests.Training;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

/// <summary>A study of 12-bit values in 16-bit files, whose eight highest bits are the images of a study in 8 bits.</summary>
public sealed class DeepStudyTests(DeepStudyTests.TwoDepths studies) : IClassFixture<DeepStudyTests.TwoDepths>
{
    private const string Network = "squeezenet1_1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_study_has_the_bits_of_the_same_images_in_8_bits() => Assert.Equal(studies.Shallow.Predictions, studies.Deep.Predictions);

    [Fact]
    public void The_depth_is_kept_with_study_runs_and_networks_and_said()
    {
        var report = StudyReport.Read(studies.Folder);

        Assert.Equal(12, studies.Deep.Dataset.SampleBits);
        Assert.Equal(12, report.Configuration.SampleBits);
        Assert.All(report.Runs, run => Assert.Equal(12, run.Configuration!.SampleBits));
        using var classifier = CtClassifier.Load(studies.Run.FullPath);
        Assert.Equal(12, classifier.Model.SampleBits);
        Assert.Contains(studies.Reports.OfType<Study.Warning>(), warning => warning.Message.Contains("12 are taken for all", StringComparison.Ordinal));
    }

    [Fact]
    public void Images_of_8_bits_leave_no_word_of_a_depth()
    {
        var report = StudyReport.Read(studies.ShallowFolder);

        Assert.Null(studies.Shallow.Dataset.SampleBits);
        Assert.All([report.Configuration, .. report.Runs.Select(run => run.Configuration!)], one => Assert.DoesNotContain("sampleBits", one.ToNode().ToJsonString(), StringComparison.Ordinal));
        Assert.DoesNotContain("sampleBits", File.ReadAllText(report.Runs.Count > 0 ? new StudyLayout(studies.ShallowFolder).Run(Network, 0).Network : "", System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_reads_a_single_file_as_its_study_did()
    {
        using var classifier = CtClassifier.Load(studies.Run.FullPath);
        foreach (var prediction in studies.Run.Predictions)
        {
            var answer = classifier.Classify(Path.Combine(studies.Data, prediction.Path));
            Assert.Equal(prediction.Probability, answer.Probability, 1e-5);
            Assert.Null(answer.ImageNote);
        }
    }

    [Fact]
    public void A_network_of_8_bits_says_what_it_assumes_of_a_single_file_of_16()
    {
        using var classifier = CtClassifier.Load(new StudyLayout(studies.ShallowFolder).Run(Network, 0).Root);

        var answer = classifier.Classify(Path.Combine(studies.Data, studies.Run.Predictions[0].Path));

        Assert.Contains("12 are taken", answer.ImageNote!, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_done_afterwards_decodes_as_the_study_did()
    {
        var run = studies.Run;
        var dataset = run.OpenData();
        Assert.Equal(12, dataset.SampleBits);
        run.Explain(dataset with { SampleBits = null }, cancellationToken: Token); // The network says it, whoever opened the data set.

        using var prepared = PreparedRun.Open(run, dataset with { SampleBits = null }, new SkiaImageDecoder(), ComputeDevice.Cpu, Token);

        Assert.Equal(studies.CanvasesAt, studies.CanvasFile.LastWriteTimeUtc); // The study's own, not made anew.
        using var shallow = PreparedRun.Open(
            FinishedRun.Open(new StudyLayout(studies.ShallowFolder).Run(Network, 0).Root), CtDataset.Open(studies.ShallowData), new SkiaImageDecoder(), ComputeDevice.Cpu, Token);
        for (var row = 0; row < prepared.Canvases.Count; row++)
        {
            var (one, other) = (new byte[64 * 48], new byte[64 * 48]);
            prepared.Canvases.Read(row, one);
            shallow.Canvases.Read(row, other);
            Assert.Equal(other, one);
        }
    }

    [Fact]
    public void A_study_of_high_bytes_is_not_gone_on_with_in_another_depth_but_in_that_one()
    {
        using var folder = new TemporaryFolder();
        var dataset = CtDataset.Open(studies.Data);
        Run(dataset with { SampleBits = 16 }, folder["study"]);
        Forget(folder["study"]);

        Assert.Contains("sampleBits: 16 there, 12 here", Assert.Throws<RunFolderException>(() => Run(dataset, folder["study"])).Message, StringComparison.Ordinal);
        Run(dataset with { SampleBits = 16 }, folder["study"]);
        Assert.Equal(16, FinishedRun.Open(new StudyLayout(folder["study"]).Run(Network, 0).Root).OpenData().SampleBits);
    }

    /// <summary>Leaves out what older versions didn't write.</summary>
    private static void Forget(string study)
    {
        foreach (var file in Directory.GetFiles(study, "*.json", SearchOption.AllDirectories))
        {
            var content = JsonNode.Parse(File.ReadAllText(file))!;
            Array.ForEach(["classes", "positive", "sampleBits"], name => content["study"]!.AsObject().Remove(name));
            File.WriteAllText(file, content.ToJsonString());
        }

        Lists.TakeAway(study);
    }

    private static StudyResult Run(CtDataset dataset, string folder, Action<StudyProgress>? watch = null)
    {
        var options = new StudyOptions
        {
            Networks = [Network],
            Folds = 2,
            InputSize = PhantomCanvases.Size,
            Controls = StudyControls.None,
            Training = TrainerTests.Options(epochs: 1),
        };
        options.Training.Train = NetworkPart.Head;
        using var study = StudyFolder.Open(folder, resume: true);
        return watch is null
            ? new CrossValidator(new BackboneFactory(), new SkiaImageDecoder()).Run(dataset, options, study, null, Token)
            : new Study().Run(dataset, options, study, new Watcher(watch), Token);
    }

    /// <summary>The same images in 8 bits and in 12.</summary>
    public sealed class TwoDepths : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public TwoDepths()
        {
            Phantom.Write(Data, patients: 4);
            var random = new CounterRandom(3);
            foreach (var sample in CtDataset.Open(Data).Samples)
            {
                var gray = new SkiaImageDecoder().DecodeFile(Path.Combine(Data, sample.Path));
                _folder.Write(Path.Combine("shallow", sample.Path), TestImages.GrayPng(gray));
                ushort[] deep = [.. gray.Pixels.Select(level => (ushort)((level << 4) | (int)(random.NextBits() >> 60)))];
                File.WriteAllBytes(Path.Combine(Data, sample.Path), TestImages.DeepPng(gray.Width, gray.Height, [(ushort)((gray.Pixels[0] << 4) | 15), .. deep[1..]]));
            }

            File.Copy(Path.Combine(Data, "manifest.csv"), Path.Combine(ShallowData, "manifest.csv"));
            Shallow = DeepStudyTests.Run(CtDataset.Open(ShallowData), ShallowFolder);
            Deep = DeepStudyTests.Run(CtDataset.Open(Data), Folder, Reports.Add);
            CanvasesAt = CanvasFile.LastWriteTimeUtc;
        }

        public string Data => _folder["deep"];

        public string ShallowData => _folder["shallow"];

        public string Folder => _folder["study"];

        public string ShallowFolder => _folder["shallow-study"];

        public StudyResult Shallow { get; }

        public StudyResult Deep { get; }

        public List<StudyProgress> Reports { get; } = [];

        public DateTime CanvasesAt { get; }

        public FileInfo CanvasFile => new(Directory.GetFiles(new StudyLayout(Folder).Canvases, "*.canvases").Single());

        public FinishedRun Run => FinishedRun.Open(new StudyLayout(Folder).Run(Network, 0).Root);

        public void Dispose() => _folder.Dispose();
    }

    private sealed class Watcher(Action<StudyProgress> report) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value) => report(value);
    }
}
