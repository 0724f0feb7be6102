using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class ProbabilityWordsTests
{
    private const string Why = "the other folds’ answers tell the classes apart without an error, or don’t tell them apart, or are about one class "
        + "alone, so that no slope above 0 is the likeliest.";

    private static readonly ProbabilityStatistics Of = new(
        new(0.125, new(0.1, 0.15, 0.95)), new(0.62, new(0.5, 0.75, 0.95)), new(-0.1, new(-0.3, 0.1, 0.95)), new(0.97, null),
        0.05, new(0.03, new(0, 0.06, 0.95)), 0.04, new(0.02, null), [], []);

    [Fact]
    public void Calibration_has_its_intervals() => Assert.Equal(
        "ResNet18: Brier score 0.125 (0.100 to 0.150), slope 0.62 (0.50 to 0.75), intercept in the large −0.10 (−0.30 to 0.10), observed / expected "
            + "0.97, expected calibration error 0.050 (less chance 0.030 (0.000 to 0.060))",
        ProbabilityWords.Judged("ResNet18", Of));

    [Fact]
    public void The_figure_says_whose_images_it_is_of() => Assert.Equal(
        "ResNet18: Brier score 0.125 (0.100 to 0.150), calibration slope 0.62 (0.50 to 0.75), expected calibration error 0.050. Images of all "
            + "folds together; 95 % intervals.",
        ProbabilityWords.Figure("ResNet18", Of));

    [Fact]
    public void What_has_one_test_part_says_nothing_of_folds()
    {
        Assert.EndsWith("error 0.050. 95 % intervals.", ProbabilityWords.Figure("ResNet18", Of, isOneTest: true), StringComparison.Ordinal);
        Assert.Equal("Calibration, with 95 % intervals that keep a source’s images together", ProbabilityWords.Stated(ClusterUnit.Source, isOneTest: true));
    }

    [Fact]
    public void Captions_say_what_is_kept_together()
    {
        Assert.Contains("a patient’s images together", ProbabilityWords.Stated(ClusterUnit.Patient), StringComparison.Ordinal);
        Assert.Contains("every image for itself", ProbabilityWords.Calibrated(ClusterUnit.Image), StringComparison.Ordinal);
        Assert.Contains("95 % intervals", ProbabilityWords.Points, StringComparison.Ordinal);
        Assert.Contains("about other patients at these", ProbabilityWords.PointsMeaning(ClusterUnit.Patient), StringComparison.Ordinal);
        Assert.Contains("every resample of images", ProbabilityWords.PointsMeaning(ClusterUnit.Image), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_lies_beside_the_networks_is_said_only_where_it_is_what_is_judged()
    {
        using var sample = SampleStudy.Finished(groupBy: "patient");
        var run = new RunLayout(sample.PathOf(SampleStudy.Run("resnet18", 1)));
        Assert.StartsWith("Beside 6 of 6 trained networks lies its calibration (calibration.json), the one that it is judged with here", Said(), StringComparison.Ordinal);

        run.WriteCalibration(run.ReadCalibration()! with { Intercept = 3 });
        Assert.StartsWith(
            "Of 6 calibrations, 1 is not beside the trained network, or of other answers than these: going on with the study writes what is missing. "
                + "Beside 5 of 6 trained networks", Said(), StringComparison.Ordinal);

        File.WriteAllText(run.Calibration, "{}");
        Assert.StartsWith("Of 6 calibrations, 1 is not beside", Said(), StringComparison.Ordinal);
        Assert.Contains(StudyReport.Read(sample.Folder).Notes, note => note.Contains("fold-1/calibration.json is left out", StringComparison.Ordinal));

        string Said() => ProbabilityWords.Shipped(StudyReport.Read(sample.Folder));
    }

    [Fact]
    public void A_network_without_a_calibration_is_said_to_be_judged_as_it_is()
    {
        using var sample = SampleStudy.Finished(groupBy: "patient");
        var study = StudyReport.Read(sample.Folder);

        // Two folds that are told apart without an error leave the third none; and with three of them there is none at all.
        Assert.EndsWith("Two have none and are judged as they are: " + Why, Said(run => run.Fold > 0), StringComparison.Ordinal);
        Assert.Equal("No trained network has a calibration: " + Why, Said(_ => true));

        string Said(Func<RunReport, bool> isFlawless)
        {
            List<RunReport> runs =
            [
                .. study.Runs.Select(run => isFlawless(run)
                    ? run with { Predictions = [.. run.Predictions.Select(one => one with { Probability = one.Label == "COVID" ? 0.9 : 0.1 })] }
                    : run),
            ];
            var fitted = runs.GroupBy(run => run.Network).ToDictionary(
                network => network.Key, network => NetworkCalibration.CrossFitted(network.SelectMany(run => run.Predictions), "COVID"));
            return ProbabilityWords.Shipped(study with { Runs = [.. runs.Select(run => run with { Calibration = fitted[run.Network][run.Fold] })] });
        }
    }

    [Fact]
    public void A_single_fold_and_an_unfinished_study_are_said_to_have_none()
    {
        using var sample = SampleStudy.Finished(groupBy: "patient");
        File.Delete(sample.PathOf($"{SampleStudy.Run("resnet18", 1)}/predictions.csv"));
        var study = StudyReport.Read(sample.Folder);

        Assert.Equal("A calibration will lie beside each trained network when all folds are finished.", ProbabilityWords.Shipped(study));

        study.Options.Folds = 1;
        Assert.Contains("there is one fold alone", ProbabilityWords.Shipped(study), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.02, -0.03, -0.01, "−0.020 (−0.030 to −0.010), for the better")]
    [InlineData(0.02, 0.01, 0.03, "+0.020 (+0.010 to +0.030), for the worse")]
    [InlineData(0.006, -0.001, 0.012, "+0.006 (−0.001 to +0.012), which may be chance")]
    public void Whether_calibration_helps_is_said_with_its_interval(double change, double low, double high, string expected)
    {
        var none = new EstimatedFigure(null, null);
        var network = new NetworkStatistics("resnet18", new(none, none, none, none, none, none), null, Of, Of, new Dictionary<int, NetworkCalibration?>(), []);

        Assert.Null(ProbabilityWords.Effect("ResNet18", network));
        Assert.Equal(
            $"ResNet18: calibration changes the Brier score by {expected}",
            ProbabilityWords.Effect("ResNet18", network with { BrierChange = new(change, new(low, high, 0.95)) }));
    }

    [Fact]
    public void Calibrations_are_a_range() => Assert.Equal(
        "ResNet18: temperature 0.50 to 2.00, intercept −0.25",
        ProbabilityWords.Calibrations("ResNet18", [new(-0.25, 2, 4, 2), new(-0.25, 0.5, 4, 2)]));

    [Fact]
    public void Chance_is_said_to_put_the_calibration_error_above_zero()
    {
        Assert.Contains("chance alone puts it above 0", ProbabilityWords.Meaning, StringComparison.Ordinal);
        Assert.Contains("too sure", ProbabilityWords.Calibration, StringComparison.Ordinal);
    }
}
