using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class HolmTests
{
    // The example of pingouin.holm's documentation.
    [Fact]
    public void Equals_the_published_example()
    {
        double[] expected = [0.64, 0.012, 0.64, 0.162, 0.0015];
        Assert.All(expected.Zip(Holm.Adjust([0.50, 0.003, 0.32, 0.054, 0.0003])), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Steps_down_as_Holm_defined_it() => Gen.Double[0, 1].Array[0, 20].Sample(pValues =>
    {
        var adjusted = Holm.Adjust(pValues);
        foreach (double level in (double[])[0.01, 0.05, 0.2])
        {
            var rejected = new bool[pValues.Length];
            foreach (var (step, index) in Enumerable.Range(0, pValues.Length).OrderBy(i => pValues[i]).Index())
            {
                if (pValues[index] * (pValues.Length - step) > level)
                    break;
                rejected[index] = true;
            }

            Assert.Equal(rejected, adjusted.Select(p => p <= level));
        }
    });

    [Fact]
    public void One_test_is_left_as_it_is() => Assert.Equal([0.03], Holm.Adjust([0.03]));

    [Fact]
    public void Ties_stay_ties() => Assert.Equal([0.06, 0.06, 0.06], Holm.Adjust([0.02, 0.02, 0.02]));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Refuses_what_is_no_p_value(double p) => Assert.Throws<ArgumentException>(() => Holm.Adjust([0.5, p]));
}
