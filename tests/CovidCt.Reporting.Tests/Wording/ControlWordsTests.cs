using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class ControlWordsTests
{
    [Fact]
    public void Controls_and_classifiers_have_one_name_each() => Assert.Equal(
        ("the data", "random labels", "random labels by source", "images without lungs", "shape of the image alone", "linear head", "five nearest images"),
        (ControlWords.Name(ControlKind.Real), ControlWords.Name(ControlKind.RandomLabels), ControlWords.Name(ControlKind.SourceLabels), ControlWords.Name(ControlKind.BackgroundOnly),
            ControlWords.Name(ControlKind.Geometry), ControlWords.Name(ControlReport.Classifier.Head), ControlWords.Name(ControlReport.Classifier.Neighbours)));

    [Fact]
    public void Whether_a_control_is_at_chance_may_be_unknown() =>
        Assert.Equal(("yes", "no", "—"), (ControlWords.Verdict(true), ControlWords.Verdict(false), ControlWords.Verdict(null)));

    [Fact]
    public void Controls_at_chance_say_so_as_far_as_was_asked()
    {
        Assert.StartsWith("Every control on features landed at chance; what file formats", Outcome(Result(ControlKind.RandomLabels, GroupBy.Image, 0.4), null), StringComparison.Ordinal);
        Assert.EndsWith("Leaks that are too small to be seen remain possible: of every control, one that reaches an AUC of 56.4 would have been found four times in five.", Outcome(Result(ControlKind.RandomLabels, GroupBy.Image, 0.4), Probe(0.4)), StringComparison.Ordinal);
        Assert.Equal("Every control landed at chance.", ControlWords.Outcome([], Probe(0.4)));
    }

    [Theory]
    [InlineData(ControlKind.RandomLabels, "image", "With folds by image, labels that mean nothing")]
    [InlineData(ControlKind.RandomLabels, "patient", "Even with folds by patient")]
    [InlineData(ControlKind.BackgroundOnly, "image", "What surrounds the lungs")]
    [InlineData(ControlKind.Geometry, "image", "The shape of an image")]
    public void A_control_above_chance_says_what_that_means(ControlKind kind, string way, string words)
    {
        var folds = GroupBy.Parse(way);
        Assert.StartsWith(words, Outcome(Result(kind, folds, 0.6), null), StringComparison.Ordinal);
        Assert.Contains("The files betray the classes", Outcome(Result(kind, folds, 0.6), Probe(0.6)), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_dealt_by_source_say_whether_sources_are_recognised()
    {
        var within = Result(ControlKind.RandomLabels, GroupBy.Patient, 0.6) with { DealtBy = GroupBy.Source, Within = "COVID" };
        Assert.Equal("random labels by source within COVID, without lungs", ControlWords.Name(within with { WithoutLungs = true }));
        Assert.Equal("random labels by patient", ControlWords.Name(Result(ControlKind.RandomLabels, GroupBy.Patient, 0.6) with { DealtBy = GroupBy.Patient }));
        Assert.StartsWith("With folds by patient, labels that mean nothing, one for each source", Outcome(within, null), StringComparison.Ordinal);
        Assert.Contains("recognised in images without lungs", Outcome(within with { WithoutLungs = true }, null), StringComparison.Ordinal);
        Assert.StartsWith("Even with folds by source", Outcome(within with { Folds = GroupBy.Source }, null), StringComparison.Ordinal);
        Assert.Contains("random labels drawn 100 times, means over 10 drawings of the folds, their", ControlWords.Caption(new(100, 0, []) { FoldDraws = 10 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_without_anatomy_says_what_it_sees_and_in_which_folds()
    {
        Assert.Equal(
            "A baseline that sees no anatomy, a random forest on container, size, compression and gray levels of the files alone, puts 45.0 (40.0 to 50.0) % of the images in the right class in the same folds, with an AUC of 50.0 %.",
            ControlWords.Baseline(Probe(0.4), GroupBy.Image));
        Assert.Contains("in folds by image", ControlWords.Baseline(Probe(0.4), GroupBy.Patient), StringComparison.Ordinal);
        Assert.Contains(
            "images of the same test part in the right class",
            ControlWords.Baseline(Probe(0.4) with { GroupBy = GroupBy.Official }, GroupBy.Official), StringComparison.Ordinal);
    }

    [Fact]
    public void What_kinds_of_features_tell_is_said_with_the_design()
    {
        const string start = "How well the classes can be told apart without any anatomy, in per cent: random forests, ";
        Assert.Equal(start + "5 folds by image", ControlWords.Probe(Probe(0.4), "A"));
        Assert.Equal(
            start + "training on one data set and testing on another",
            ControlWords.Probe(Probe(0.4) with { GroupBy = GroupBy.Official }, "A, tested on B"));
    }

    [Fact]
    public void All_controls_are_counted_in_a_sentence()
    {
        Assert.Null(ControlWords.InWords(null));
        Assert.Equal("Controls were run, and of none is known how exactly its area is told.", ControlWords.InWords(new(1, 0, [])));
        Assert.StartsWith("All 1 controls (random labels, images without lungs, shape of the image alone) are no better", ControlWords.InWords(Report(0.4)), StringComparison.Ordinal);
        Assert.StartsWith("1 of 2 controls (random labels, images without lungs, shape of the image alone) are better than chance, corrected", ControlWords.InWords(Report(0.4, 0.6)), StringComparison.Ordinal);
    }

    private static ControlReport Report(params double[] lows) =>
        new(100, 0, [new("resnet18", "random", [.. lows.Select(low => Result(ControlKind.RandomLabels, GroupBy.Image, low))])]);

    private static ControlReport.Result Result(ControlKind kind, GroupBy folds, double low) =>
        new(kind, folds, ControlReport.Classifier.Head, low + 0.05, new(low, low + 0.1, 0.95), 0.5) { StandardError = 0.0255 };

    private static string Outcome(ControlReport.Result result, ShortcutProbeResult? probe) =>
        ControlWords.Outcome(new ControlReport(100, 0, [new("resnet18", "random", [result])]).Verdicts, probe);

    private static ShortcutProbeResult Probe(double low)
    {
        var interval = new Interval(low, low + 0.1, 0.95);
        return new(GroupBy.Image, 5, 0.5, 0.5, new("all", low + 0.05, interval, low + 0.05, interval, 0.5), [], []);
    }
}
