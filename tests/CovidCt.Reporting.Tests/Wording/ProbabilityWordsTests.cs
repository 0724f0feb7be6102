using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class ProbabilityWordsTests
{
    private static readonly ProbabilityStatistics Of = new(
        new(0.125, new(0.1, 0.15, 0.95)), new(0.62, new(0.5, 0.75, 0.95)), new(-0.1, new(-0.3, 0.1, 0.95)), new(0.97, null),
        0.05, new(0.03, new(0, 0.06, 0.95)), 0.04, new(0.02, null), [], []);

    [Fact]
    public void Calibration_has_its_intervals() => Assert.Equal(
        "ResNet18: Brier score 0.125 (0.100 to 0.150), slope 0.62 (0.50 to 0.75), intercept in the large −0.10 (−0.30 to 0.10), observed / expected "
            + "0.97, expected calibration error 0.050 (less chance 0.030 (0.000 to 0.060))",
        ProbabilityWords.Calibration("ResNet18", Of));

    [Fact]
    public void The_figure_says_whose_images_it_is_of() => Assert.Equal(
        "ResNet18: Brier score 0.125 (0.100 to 0.150), calibration slope 0.62 (0.50 to 0.75), expected calibration error 0.050. Images of all "
            + "folds together; 95 % intervals.",
        ProbabilityWords.Figure("ResNet18", Of));

    [Fact]
    public void Captions_say_what_is_kept_together()
    {
        Assert.Contains("a patient’s images together", ProbabilityWords.Stated(knowsPatients: true), StringComparison.Ordinal);
        Assert.Contains("every image for itself", ProbabilityWords.Scaled(knowsPatients: false), StringComparison.Ordinal);
        Assert.Contains("95 % intervals", ProbabilityWords.Points, StringComparison.Ordinal);
        Assert.Contains("about other patients at these", ProbabilityWords.PointsMeaning(knowsPatients: true), StringComparison.Ordinal);
        Assert.Contains("every resample of images", ProbabilityWords.PointsMeaning(knowsPatients: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Chance_is_said_to_put_the_calibration_error_above_zero()
    {
        Assert.Contains("chance alone puts it above 0", ProbabilityWords.Meaning, StringComparison.Ordinal);
        Assert.Contains("too sure", ProbabilityWords.Temperature, StringComparison.Ordinal);
    }
}
