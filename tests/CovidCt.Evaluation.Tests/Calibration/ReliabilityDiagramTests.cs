using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;
using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class ReliabilityDiagramTests
{
    [Fact]
    public void Equals_scikit_learn()
    {
        foreach (var (outcomes, golden) in GoldenCalibration.Cases())
        {
            foreach (var expected in golden.GetProperty("diagrams").EnumerateArray())
            {
                int bins = expected.GetProperty("bins").GetInt32();
                var diagram = expected.GetProperty("strategy").GetString() == "uniform"
                    ? ReliabilityDiagram.EqualWidth(outcomes, bins)
                    : ReliabilityDiagram.EqualMass(outcomes, bins);
                Assert.Equal(bins, diagram.Bins.Count);
                ReliabilityBin[] filled = [.. diagram.Bins.Where(bin => bin.Count > 0)];
                Assert.Equal(expected.Integers("counts"), filled.Select(bin => bin.Count));
                Assert.All(expected.Numbers("observed").Zip(filled), p => Assert.Equal(p.First, p.Second.ObservedRate!.Value, GoldenCalibration.Tolerance));
                Assert.All(expected.Numbers("predicted").Zip(filled), p => Assert.Equal(p.First, p.Second.MeanProbability!.Value, GoldenCalibration.Tolerance));
                Assert.Equal(expected.Number("ece"), CalibrationError.Expected(diagram)!.Value, GoldenCalibration.Tolerance);
                Assert.Equal(expected.Number("mce"), CalibrationError.Maximum(diagram)!.Value, GoldenCalibration.Tolerance);
            }
        }
    }

    [Fact]
    public void Every_image_is_in_the_bin_of_its_probability() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 20].Select(v => v / 20.0)).Array[0, 60].Sample(outcomes =>
        {
            foreach (var diagram in (ReliabilityDiagram[])[ReliabilityDiagram.EqualWidth(outcomes, 5), ReliabilityDiagram.EqualMass(outcomes, 5)])
            {
                Assert.Equal(outcomes.Length, diagram.Count);
                Assert.All(diagram.Bins.Where(bin => bin.Count > 0), bin => Assert.InRange(bin.MeanProbability!.Value, bin.Low - 1e-12, bin.High + 1e-12));
            }
        });

    [Fact]
    public void An_edge_belongs_to_the_bin_below_and_0_to_the_first()
    {
        var diagram = ReliabilityDiagram.EqualWidth([(true, 0), (true, 0.5), (false, 1)], 2);
        Assert.Equal([2, 1], diagram.Bins.Select(bin => bin.Count));
        Assert.Equal(WilsonInterval.Of(2, 2), diagram.Bins[0].Interval);
    }

    [Fact]
    public void Bins_without_images_say_nothing()
    {
        Assert.Equal(new ReliabilityBin(0, 0.5, 0, null, null, null), ReliabilityDiagram.EqualWidth([(true, 0.9)], 2).Bins[0]);
        Assert.Empty(ReliabilityDiagram.EqualMass([]).Bins);
        Assert.Equal(0, ReliabilityDiagram.EqualWidth([]).Count);
    }

    [Fact]
    public void Refuses_what_is_no_probability()
    {
        Assert.Throws<ArgumentException>(() => ReliabilityDiagram.EqualWidth([(true, 1.5)]));
        Assert.Throws<ArgumentException>(() => ReliabilityDiagram.EqualMass([(true, double.NaN)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReliabilityDiagram.EqualWidth([(true, 0.5)], 0));
    }
}
