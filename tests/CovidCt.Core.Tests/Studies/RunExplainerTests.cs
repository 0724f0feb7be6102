using System.Text.Json.Nodes;
using CovidCt.Imaging;
using CovidCt.Progress;
using CovidCt.Studies;

namespace CovidCt.Core.Tests.Studies;

[Collection(OneFinishedStudy.Name)]
public sealed class RunExplainerTests(FinishedStudy study)
{
    [Fact]
    public void The_surest_mistakes_come_first_then_what_was_right_each_with_two_pictures()
    {
        var run = study.Run(0);
        var wrong = run.Predictions.Where(prediction => prediction.Probability >= 0.5 != (prediction.Label == "COVID")).ToList();

        var count = run.Explain(run.OpenData(), new RunMapOptions { MostWrong = 3, MostRight = 1, PictureWidth = 64 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(run.HasMaps);
        var entries = JsonNode.Parse(File.ReadAllText(Path.Combine(run.FullPath, "maps", "maps.json")))!.AsArray();
        Assert.Equal(count, entries.Count);
        var mistakes = entries.Where(entry => Text(entry, "label") != Text(entry, "predicted")).ToList();
        Assert.Equal(Math.Min(3, wrong.Count), mistakes.Count);
        Assert.Equal(
            wrong.OrderByDescending(prediction => Math.Abs(prediction.Probability - 0.5)).Take(3).Select(prediction => prediction.Path),
            mistakes.Select(entry => Text(entry, "path")));
        Assert.All(entries, entry =>
        {
            Assert.Equal(Text(entry, "predicted"), Text(entry, "explainedClass"));
            Assert.Equal("gradCam", Text(entry, "method"));
            var original = Decoded(run, Text(entry, "original"));
            var overlay = Decoded(run, Text(entry, "overlay"));
            Assert.Equal((original.Width, original.Height), (overlay.Width, overlay.Height));
            Assert.InRange(original.Width, 1, 64);
        });
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var run = study.Run(1);

        var error = Assert.Throws<ArgumentException>(() =>
            run.Explain(run.OpenData(), new RunMapOptions { MostWrong = -1 }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("MostWrong", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_work_is_not_taken_for_done()
    {
        var run = study.Run(1);
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => run.Explain(run.OpenData(), progress: new Relay<StepProgress>(_ => stop.Cancel()), cancellationToken: stop.Token));

        Assert.False(run.HasMaps);
    }

    private static string Text(JsonNode? entry, string name) => entry![name]!.GetValue<string>();

    private static GrayImage Decoded(FinishedRun run, string picture) =>
        new SkiaImageDecoder().DecodeFile(Path.Combine(run.FullPath, "maps", picture));
}
