using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void Of_the_top_label_equals_its_definition()
    {
        foreach (var (outcomes, golden) in GoldenCalibration.Cases())
            Assert.Equal(golden.Number("topLabel"), CalibrationError.TopLabel(outcomes)!.Value, GoldenCalibration.Tolerance);
    }

    [Fact]
    public void The_two_kinds_differ_where_errors_of_the_classes_cancel()
    {
        // At 0.9 half are positive, and at 0.1 half are: the top label is as wrong as the positive class.
        (bool, double)[] outcomes = [(true, 0.9), (false, 0.9), (true, 0.1), (false, 0.1)];
        Assert.Equal(0.4, CalibrationError.Binary(outcomes)!.Value, 12);
        Assert.Equal(0.4, CalibrationError.TopLabel(outcomes)!.Value, 12);

        // At 0.9 all are positive and at 0.1 one in five is: confidence 0.9, right in 0.9 of all.
        outcomes = [.. Enumerable.Repeat((true, 0.9), 5), (true, 0.1), .. Enumerable.Repeat((false, 0.1), 4)];
        Assert.Equal(0.1, CalibrationError.Binary(outcomes)!.Value, 12);
        Assert.Equal(0, CalibrationError.TopLabel(outcomes)!.Value, 12);
    }

    [Fact]
    public void Is_undefined_without_images()
    {
        Assert.Null(CalibrationError.Binary([]));
        Assert.Null(CalibrationError.TopLabel([]));
        Assert.Null(CalibrationError.Expected(ReliabilityDiagram.EqualMass([])));
        Assert.Null(CalibrationError.Maximum(ReliabilityDiagram.EqualWidth([])));
    }

    [Fact]
    public void One_class_has_an_error_too() => Assert.Equal(0.3, CalibrationError.Binary([(true, 0.7), (true, 0.7)])!.Value, 12);
}
