using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class EstimatedFigureTests
{
    // No two of them are equal, nor two of their sums: ties would be settled by rounding.
    private static readonly Gen<double[]> Values = Gen.Select(Gen.Long, Gen.Int[6, 30], (seed, count) =>
    {
        var random = new CounterRandom(seed);
        return Enumerable.Range(0, count).Select(_ => random.NextUniform(-1, 1)).ToArray();
    });

    private static readonly BootstrapOptions Few = new() { Resamples = 200 };

    [Fact]
    public void A_mean_lies_in_its_interval_and_images_without_a_value_are_left_out()
    {
        (string, bool, double?)[] images = [.. Enumerable.Range(0, 20).Select(i => ($"p{i}", i % 2 == 0, (double?)(i * i)))];

        var mean = EstimatedFigure.OfMean(images);

        Assert.Equal(123.5, mean.Value!.Value, 1e-12);
        Assert.InRange(mean.Value.Value, mean.Interval!.Low, mean.Interval.High);
        Assert.Equal(mean, EstimatedFigure.OfMean([.. images, ("p1", true, null), ("q", false, null)]));
    }

    [Fact]
    public void Slices_of_a_patient_make_nothing_surer() =>
        Values.Sample(
            values =>
            {
                var once = values.Select((value, i) => ($"p{i}", i % 2 == 0, (double?)value));

                var one = EstimatedFigure.OfMean(once, Few);
                var thrice = EstimatedFigure.OfMean(once.SelectMany(image => Enumerable.Repeat(image, 3)), Few);

                Assert.Equal(one.Value!.Value, thrice.Value!.Value, 1e-12);
                Assert.Equal(one.Interval!.Low, thrice.Interval!.Low, 1e-9);
                Assert.Equal(one.Interval.High, thrice.Interval.High, 1e-9);
            },
            iter: 20);

    [Fact]
    public void A_shift_moves_mean_and_interval_alike() =>
        Gen.Select(Values, Gen.Double[-5, 5]).Sample(
            (values, shift) =>
            {
                var (here, there) = (Mean(0), Mean(shift));

                Assert.Equal(here.Value!.Value + shift, there.Value!.Value, 1e-9);
                Assert.Equal(here.Interval!.Low + shift, there.Interval!.Low, 1e-6);
                Assert.Equal(here.Interval.High + shift, there.Interval.High, 1e-6);

                EstimatedFigure Mean(double by) =>
                    EstimatedFigure.OfMean(values.Select((value, i) => ($"p{i}", i % 2 == 0, (double?)(value + by))), Few);
            },
            iter: 20);

    /// <summary>An audit of maps has 16 images by default, of 8 patients a class; the means of the classes differ.</summary>
    [Theory]
    [Trait("Category", "Long")]
    [InlineData(false)]
    [InlineData(true)]
    public void Intervals_of_sixteen_patients_hold_the_mean(bool isSkewed)
    {
        const int draws = 2000;
        var held = Enumerable.Range(0, draws).Count(draw =>
        {
            var random = new CounterRandom(CounterRandom.Key(7, draw));
            List<(string, bool, double?)> images = [];
            for (var i = 0; i < 16; i++)
            {
                var noise = isSkewed
                    ? -Math.Log(1 - random.NextUniform()) - 1
                    : Math.Sqrt(-2 * Math.Log(1 - random.NextUniform())) * Math.Cos(2 * Math.PI * random.NextUniform());
                images.Add(($"p{i}", i % 2 == 0, (i % 2) + noise));
            }

            return EstimatedFigure.OfMean(images).Interval!.Contains(0.5);
        });

        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{(double)held / draws:0.000} of the intervals hold it"));
        Assert.InRange((double)held / draws, isSkewed ? 0.9 : 0.93, 0.97);
    }

    [Fact]
    public void Without_values_there_is_no_mean_and_of_one_patient_or_without_spread_no_interval()
    {
        Assert.Equal(new(null, null), EstimatedFigure.OfMean([]));
        Assert.Equal(new(null, null), EstimatedFigure.OfMean([("p", true, null)]));
        Assert.Equal(new(0.5, null), EstimatedFigure.OfMean([("p", true, 0.25), ("p", true, 0.75)]));
        Assert.Equal(new(2, null), EstimatedFigure.OfMean([("p", true, 2), ("q", true, 2), ("r", false, 2)]));
    }
}
