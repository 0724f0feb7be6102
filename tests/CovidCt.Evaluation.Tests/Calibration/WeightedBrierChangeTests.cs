using CovidCt.Calibration;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class WeightedBrierChangeTests
{
    [Fact]
    public void It_is_the_difference_of_the_scores_of_images_that_are_repeated() =>
        Gen.Select(Gen.Select(Gen.Bool, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[0, 5]).Array[1, 40], Gen.Int[0, 3].Array[6]).Sample((images, weights) =>
        {
            (bool, double)[] from = [.. images.Select(i => (i.Item1, i.Item2))], to = [.. images.Select(i => (i.Item1, i.Item3))];
            var figures = new double?[1];

            new WeightedBrierChange(from, to, [.. images.Select(i => i.Item4)]).Compute(weights, figures);

            var expected = BrierScore.Of(Repeated(to)) - BrierScore.Of(Repeated(from));
            Assert.Equal(expected is null, figures[0] is null);
            Assert.Equal(expected ?? 0, figures[0] ?? 0, 1e-12);

            (bool, double)[] Repeated((bool, double)[] of) => [.. of.SelectMany((one, i) => Enumerable.Repeat(one, weights[images[i].Item4]))];
        });
}
