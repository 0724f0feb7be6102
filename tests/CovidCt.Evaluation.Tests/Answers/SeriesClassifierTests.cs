using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Tests;
using CovidCt.Volumes;

namespace CovidCt.Evaluation.Tests.Answers;

public sealed class SeriesClassifierTests : IDisposable
{
    private static readonly ChestVolume Chest = new(64, 24);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_series_is_answered_about_once_by_the_slices_that_show_lungs()
    {
        using var classifier = new StubClassifier();
        var answer = Ask(classifier);
        var shown = Enumerable.Range(0, Chest.Count).Where(slice => answer.Slices[slice].LungShare >= 0.01).ToList();

        Assert.InRange(shown.Count, 8, Chest.Count - 2);
        Assert.Equal(shown, answer.Answered.Select(slice => slice.Slice));
        Assert.Equal(shown.Count, classifier.Asked);
        Assert.Equal(
            shown.Average(slice => StubClassifier.ProbabilityOf(new CtSlice(64, 64, Chest.Slice(slice)).ToGray(CtWindow.Lung))), answer.Score, 12);
        Assert.Equal(answer.Score >= 0.5 ? "COVID" : "non-COVID", answer.Label);
        Assert.Contains(answer.Slices, slice => slice.LeftOut == "The slice shows no lungs." && slice.Probability is null);
        Assert.Equal(20 + (5 * 3), answer.Slices[3].Location!.Value, 3);
    }

    [Fact]
    public void Rule_windows_and_lungs_are_options()
    {
        using var classifier = new StubClassifier();
        CtWindow[] windows = [CtWindow.Lung, new(40, 400)];
        var answer = Ask(classifier, new() { Rule = SeriesRule.MeanOfHighest(1), Windows = windows, LeastLungs = 0 });

        Assert.Equal(2 * Chest.Count, classifier.Asked);
        Assert.Equal(
            Enumerable.Range(0, Chest.Count).Max(slice => windows.Average(window =>
                StubClassifier.ProbabilityOf(new CtSlice(64, 64, Chest.Slice(slice)).ToGray(window)))),
            answer.Score,
            12);
        Assert.Equal("COVID", Ask(classifier, new() { Rule = SeriesRule.Mean with { Cut = 0 } }).Label);
        Assert.Throws<ArgumentException>(() => Ask(classifier, new() { Windows = [] }));
        Assert.Throws<ArgumentException>(() => Ask(classifier, new() { LeastLungs = 2 }));
    }

    [Fact]
    public void A_series_without_lungs_is_refused_with_what_its_first_slice_lacks()
    {
        using var classifier = new StubClassifier();
        new ChestVolume(LungValue: 30).Write(_folder["belly.nii"]);
        Assert.Equal(
            "No slice of the 16 can be answered about. The first: The slice shows no lungs.",
            Assert.Throws<ImageRejectedException>(() => classifier.Classify(NiftiVolume.Open(_folder["belly.nii"]), cancellationToken: TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void The_curve_along_the_body_has_a_row_a_slice()
    {
        using var classifier = new StubClassifier();
        var answer = Ask(classifier);
        answer.WriteCurve(_folder["curve.csv"]);
        var lines = File.ReadAllLines(_folder["curve.csv"]);
        Assert.Equal("slice,location_mm,lung_share,probability,map_in_lungs,left_out", lines[0]);
        Assert.Equal(Chest.Count + 1, lines.Length);
        Assert.EndsWith(",,,The slice shows no lungs.", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_cancelled_and_says_how_far_it_is()
    {
        using var stop = new CancellationTokenSource();
        using var classifier = new StubClassifier { OnBatch = stop.Cancel };
        var steps = new List<Progress.StepProgress>();
        Assert.ThrowsAny<OperationCanceledException>(
            () => classifier.Classify(Volume(), progress: new Relay(steps.Add), cancellationToken: stop.Token));
        Assert.Equal(Enumerable.Range(1, Chest.Count), steps.Select(step => step.Done));
    }

    private SeriesClassification Ask(StubClassifier classifier, SeriesOptions? options = null) =>
        classifier.Classify(Volume(), options, cancellationToken: TestContext.Current.CancellationToken);

    private NiftiVolume Volume()
    {
        Chest.Write(_folder["chest.nii.gz"]);
        return NiftiVolume.Open(_folder["chest.nii.gz"]);
    }

    private sealed class Relay(Action<Progress.StepProgress> action) : IProgress<Progress.StepProgress>
    {
        public void Report(Progress.StepProgress value) => action(value);
    }
}
