using CovidCt.Canvases;
using CovidCt.Core.Tests.Training;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

[Collection(OneFinishedStudy.Name)]
public sealed class PreparedRunTests(FinishedStudy study)
{
    private static readonly BackboneFactory Backbones = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Later_work_on_a_study_reads_the_canvases_that_it_left()
    {
        var run = study.Run(0);

        using var prepared = PreparedRun.Open(run, run.OpenData(), new NoDecoder(), ComputeDevice.Cpu, Token);

        using var expected = CanvasDecoding.Decode(run.OpenData(), [prepared.Model.Input], new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: Token);
        Assert.Equal(expected.Dataset.Samples, prepared.Dataset.Samples);
        Assert.Equal(Pixels(expected.Stores[prepared.Model.Input]), Pixels(prepared.Canvases));
    }

    [Fact]
    public void Some_of_the_images_are_read_from_the_canvases_of_all()
    {
        var run = study.Run(1);
        var some = run.OpenData().Take(3);

        using var prepared = PreparedRun.Open(run, some, new NoDecoder(), ComputeDevice.Cpu, Token);

        Assert.Equal(some.Samples, prepared.Dataset.Samples);
    }

    [Fact]
    public void A_run_that_lies_in_no_study_is_decoded()
    {
        using var elsewhere = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(study.Run(0).FullPath))
        {
            File.Copy(file, elsewhere[Path.GetFileName(file)]);
        }

        var run = FinishedRun.Open(elsewhere.Path);
        using var prepared = PreparedRun.Open(run, run.OpenData(), new SkiaImageDecoder(), ComputeDevice.Cpu, Token);

        Assert.Equal(study.Result.Dataset.Samples.Count, prepared.Canvases.Count);
        Assert.Null(run.Canvases);
    }

    [Fact]
    public void Another_study_of_the_same_images_shares_their_canvases()
    {
        using var elsewhere = new TemporaryFolder();
        var options = new StudyOptions
        {
            Networks = [FinishedStudy.Network],
            Folds = 2,
            InputSize = PhantomCanvases.Size,
            Control = ControlKind.BackgroundOnly,
            Training = TrainerTests.Options(epochs: 1),
        };
        var canvases = Directory.GetFiles(new StudyLayout(study.Folder).Canvases);
        Array.ForEach(canvases, file => elsewhere.Write($"canvases/{Path.GetFileName(file)}", File.ReadAllBytes(file)));
        using var first = StudyFolder.Open(elsewhere.Path, resume: true);
        using var second = first.Part("controls/background-only");

        var result = new CrossValidator(Backbones, new NoDecoder()).Run(CtDataset.Open(study.Data), options, second, cancellationToken: Token);

        Assert.Equal(study.Result.Dataset.Samples, result.Dataset.Samples);
        Assert.False(Directory.Exists(new StudyLayout(second.FullPath).Canvases));
    }

    private static IEnumerable<byte[]> Pixels(CanvasStore store) => Enumerable.Range(0, store.Count).Select(row =>
    {
        var pixels = new byte[store.Size.Width * store.Size.Height];
        store.Read(row, pixels);
        return pixels;
    });

    private sealed class NoDecoder : IImageDecoder
    {
        public string Version => new SkiaImageDecoder().Version;

        public GrayImage Decode(ReadOnlyMemory<byte> file) => throw new InvalidOperationException("An image is decoded again.");
    }
}
