using CovidCt.Answers;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Registration;
using CovidCt.Studies;
using CovidCt.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CovidCt.Core.Tests.Studies;

/// <summary>A study remembers what read its images, and takes no other for them.</summary>
public sealed class RecordedDecoderTests(RecordedDecoderTests.TwoStudies studies) : IClassFixture<RecordedDecoderTests.TwoStudies>
{
    private const string Network = "squeezenet1_1", Windowed = "inverted, window -600/1500";

    private static readonly IImageDecoder[] Others = [new SkiaImageDecoder(), new Inverted("inverted, window 40/400")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Its_name_stands_in_the_study_and_in_every_run_and_that_of_the_default_decoder_in_none()
    {
        Assert.All(Configurations(studies.Inverted), file => Assert.Equal(Windowed, StudyConfiguration.ReadRun(file).Decoder));
        Assert.All(Configurations(studies.Plain), file => Assert.Null(StudyConfiguration.ReadRun(file).Decoder));
        Assert.All(Configurations(studies.Plain), file => Assert.DoesNotContain("decoder", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase));
        Assert.Equal([Windowed, Windowed], new[] { studies.Inverted.Run(Network, 0).Root, studies.Inverted.RunsOf(Network) }.Select(StudyConfiguration.DecoderOf));
        Assert.Null(StudyConfiguration.DecoderOf(studies.Plain.Run(Network, 0).Root));
        Assert.Null(StudyConfiguration.DecoderOf(studies.Inverted.Run(Network, 0).Network));
    }

    [Fact]
    public void It_is_gone_on_with_by_the_same_decoder_alone_and_nothing_is_written_by_another()
    {
        foreach (var decoder in Others)
        {
            var before = Files(studies.Inverted);
            using (var folder = StudyFolder.Open(studies.Inverted.Root, resume: true))
            {
                AssertRefused(studies.Inverted.Root, decoder, () => new Study(decoder: decoder).Run(studies.Dataset, TwoStudies.Options(), folder, cancellationToken: Token));
                AssertRefused(studies.Inverted.Root, decoder, () => new Study(decoder: decoder).Prepare(studies.Dataset, TwoStudies.Options(), folder, cancellationToken: Token));
                AssertRefused(studies.Inverted.Root, decoder, () => new Study(decoder: decoder).Finish(folder, cancellationToken: Token));
                AssertRefused(studies.Inverted.Root, decoder, () => new Study(decoder: decoder).MakeControls(studies.Dataset, TwoStudies.Options(), folder, cancellationToken: Token));
            }

            AssertRefused(studies.Inverted.Root, decoder, () => new Study(decoder: decoder).Train(studies.Inverted.Root, cancellationToken: Token));
            Assert.Equal(before, Files(studies.Inverted));
        }

        using var own = StudyFolder.Open(studies.Inverted.Root, resume: true);
        var result = new Study(decoder: new Inverted(Windowed)).Finish(own, cancellationToken: Token);
        Assert.Equal(studies.Predictions, result.Predictions);
    }

    [Fact]
    public void A_study_of_the_default_decoder_is_not_gone_on_with_by_one_that_has_a_name()
    {
        var decoder = new Inverted(Windowed);
        using var folder = StudyFolder.Open(studies.Plain.Root, resume: true);

        var error = Assert.Throws<RunFolderException>(() => new Study(decoder: decoder).Run(studies.Dataset, TwoStudies.Options(), folder, cancellationToken: Token));

        Assert.Equal(FolderProblem.OtherDecoder, error.Problem);
        Assert.Contains($"read by the default decoder, SkiaSharp, not by the decoder '{Windowed}'.", error.Message, StringComparison.Ordinal);
        Assert.Equal(FolderProblem.OtherDecoder, Assert.Throws<RunFolderException>(() => FinishedRun.Open(studies.Plain.Run(Network, 0).Root, decoder: decoder)).Problem);
    }

    [Fact]
    public void A_run_is_opened_by_the_same_decoder_alone_which_reads_its_images_as_they_were()
    {
        var run = studies.Inverted.Run(Network, 0).Root;
        AssertRefused(run, Others[0], () => FinishedRun.Open(run));
        Assert.All(Others, other => AssertRefused(run, other, () => FinishedRun.Open(run, decoder: other)));

        var opened = FinishedRun.Open(run, decoder: new Inverted(Windowed));
        using var classifier = CtClassifier.Load(run, new BackboneFactory(), new Inverted(Windowed));
        Assert.All(
            opened.Predictions.Zip(opened.TestWith(classifier, opened.OpenData(), cancellationToken: Token)),
            pair => Assert.Equal(pair.First.Probability, pair.Second.Probability, 1e-5));
    }

    [Fact]
    public void Its_networks_answer_about_what_the_same_decoder_reads_and_those_of_the_default_one_about_what_any_reads()
    {
        var (run, folds) = (studies.Inverted.Run(Network, 0).Root, studies.Inverted.RunsOf(Network));
        foreach (var decoder in Others)
        {
            AssertRefused(run, decoder, () => CtClassifier.Load(run, new BackboneFactory(), decoder));
            AssertRefused(studies.Inverted.Run(Network, 0).Root, decoder, () => FinishedRun.LoadEnsemble(folds, decoder: decoder));
        }

        AssertRefused(run, Others[0], () => CtClassifier.Load(run));
        using var ensemble = FinishedRun.LoadEnsemble(folds, decoder: new Inverted(Windowed));
        using var fromFile = CtClassifier.Load(studies.Inverted.Run(Network, 0).Network);
        using var plain = FinishedRun.LoadEnsemble(studies.Plain.RunsOf(Network), decoder: new Inverted(Windowed));
        Assert.Equal((2, 2), (ensemble.Count, plain.Count));
    }

    [Fact]
    public void A_test_of_its_network_takes_a_decoder_which_may_be_another_one()
    {
        var run = studies.Inverted.Run(Network, 0).Root;
        using var network = CtClassifier.Load(run, new BackboneFactory(), new Inverted(Windowed));
        var options = ModelTestOptions.For(run);

        var error = Assert.Throws<RunFolderException>(() => StudyReport.Test(network, studies.Dataset, options, cancellationToken: Token));
        options.Decoder = new SkiaImageDecoder();
        var tested = StudyReport.Test(network, studies.Dataset, options, cancellationToken: Token);

        Assert.Equal(FolderProblem.OtherDecoder, error.Problem);
        Assert.Contains($"'{Windowed}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(studies.Dataset.Samples.Count, tested.Given!.Tested!.Images);
    }

    [Fact]
    public void An_application_s_container_says_it_when_the_network_is_asked_for()
    {
        var run = studies.Inverted.Run(Network, 0).Root;
        using var other = new ServiceCollection().AddCovidCt(options => options.Model = run).BuildServiceProvider();
        using var own = new ServiceCollection().AddSingleton<IImageDecoder>(new Inverted(Windowed)).AddCovidCt(options => options.Model = run).BuildServiceProvider();

        Assert.Equal(run, other.GetRequiredService<IOptions<CovidCtOptions>>().Value.Model);
        AssertRefused(run, Others[0], () => other.GetRequiredService<ICtClassifier>());
        Assert.Equal(Network, own.GetRequiredService<ICtClassifier>().Model.Network);
    }

    private static void AssertRefused(string folder, IImageDecoder decoder, Action work)
    {
        var error = Assert.Throws<RunFolderException>(work);
        Assert.Equal(FolderProblem.OtherDecoder, error.Problem);
        Assert.Equal(
            $"The images of {folder} were read by the decoder '{Windowed}', not by {(decoder.Name is { } name ? $"the decoder '{name}'" : "the default decoder, SkiaSharp")}.",
            error.Message);
    }

    private static List<string> Configurations(StudyLayout study)
    {
        List<string> files = [study.Configuration, .. Directory.GetFiles(study.Root, RunLayout.ConfigurationName, SearchOption.AllDirectories)];
        Assert.Equal(3, files.Count);
        return files;
    }

    private static List<(string Name, DateTime Written)> Files(StudyLayout study) =>
    [
        .. Directory.EnumerateFiles(study.Root, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/leases/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(file => (file, File.GetLastWriteTimeUtc(file))),
    ];

    /// <summary>The same images as they are, and inverted.</summary>
    public sealed class TwoStudies : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public TwoStudies()
        {
            Phantom.Write(_folder["data"], patients: 4);
            Dataset = CtDataset.Open(_folder["data"]);
            _ = Run(Plain, null);
            Predictions = [.. Run(Inverted, new Inverted(Windowed)).Predictions];
        }

        public CtDataset Dataset { get; }

        public StudyLayout Plain => new(_folder["plain"]);

        public StudyLayout Inverted => new(_folder["inverted"]);

        public IReadOnlyList<Evaluation.Prediction> Predictions { get; }

        public static StudyOptions Options() => new()
        {
            Networks = [Network],
            Folds = 2,
            InputSize = new(48, 40),
            Controls = StudyControls.None,
            Training = { Epochs = 1, BatchSize = 8, Threads = 1, Train = NetworkPart.Head },
        };

        public void Dispose() => _folder.Dispose();

        private StudyResult Run(StudyLayout layout, IImageDecoder? decoder)
        {
            using var folder = StudyFolder.Open(layout.Root, resume: false);
            return new Study(decoder: decoder).Run(Dataset, Options(), folder, cancellationToken: Token);
        }
    }

    /// <summary>White for black: what another decoder would make of the same files shows.</summary>
    private sealed class Inverted(string name) : IImageDecoder
    {
        public string Name => name;

        public string Version => name;

        public GrayImage Decode(ReadOnlyMemory<byte> file)
        {
            var image = new SkiaImageDecoder().Decode(file);
            return new(image.Width, image.Height, [.. image.Pixels.Select(level => (byte)(255 - level))]);
        }
    }
}
