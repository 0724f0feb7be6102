using CovidCt.Augmentation;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Augmentation;

public class DeviceNoiseTests
{
    private const int Images = 24, Pixels = 101 * 97;

    [Fact]
    public void Its_bits_are_those_of_the_counter_based_stream()
    {
        using var scope = NewDisposeScope();
        long[] seeds = [0, -1, long.MinValue, 1234567890123456789];
        using var noise = new DeviceNoise(999, CPU);
        var bits = noise.MixedBits(tensor(seeds, [4, 1])).data<long>().ToArray().Chunk(500).ToArray();
        for (var i = 0; i < seeds.Length; i++)
        {
            var expected = new CounterRandom(seeds[i]);
            Assert.All(bits[i], value => Assert.Equal(expected.NextBits(), (ulong)value));
        }
    }

    [Fact]
    public void Pairs_of_pixels_are_those_of_Box_and_Muller()
    {
        using var scope = NewDisposeScope();
        using var noise = new DeviceNoise(7, CPU);
        var actual = Draw(noise, [42], [3]).data<float>().ToArray();
        Assert.Equal(7, actual.Length);
        var random = new CounterRandom(42);
        for (var i = 0; i < 7; i += 2)
        {
            var bits = random.NextBits();
            var radius = 3 * Math.Sqrt(-2 * Math.Log(0.5 + (((long)bits >> 40) + 1) / (double)(1 << 24)));
            var angle = 2 * Math.PI * (bits & 0xFFFFFF) / (1 << 24);
            Assert.Equal(radius * Math.Cos(angle), actual[i], 1e-4);
            if (i + 1 < 7)
            {
                Assert.Equal(radius * Math.Sin(angle), actual[i + 1], 1e-4);
            }
        }
    }

    [Fact]
    public void It_is_Gaussian_with_the_deviation_asked_for_and_independent_between_images_and_pixels()
    {
        using var scope = NewDisposeScope();
        using var noise = new DeviceNoise(Pixels, CPU);
        double[] deviations = [.. Enumerable.Range(1, Images).Select(i => i * 0.7)];
        var standard = Draw(noise, [.. Enumerable.Range(0, Images).Select(i => (long)i)], deviations).to(ScalarType.Float64)
            .div(tensor(deviations, [Images, 1]));

        // Five standard errors of each statistic.
        var error = 5 / Math.Sqrt(Pixels);
        for (var i = 0; i < Images; i++)
        {
            var one = standard[i];
            Assert.Equal(0, one.mean().item<double>(), error);
            Assert.Equal(1, one.pow(2).mean().item<double>(), error * Math.Sqrt(2));
            Assert.Equal(0, one.pow(3).mean().item<double>(), error * Math.Sqrt(15));
            Assert.Equal(3, one.pow(4).mean().item<double>(), error * Math.Sqrt(96));
            foreach (var lag in new[] { 1, 2, 97, 101, 202 })
            {
                Assert.Equal(0, one[lag..].mul(one[..^lag]).mean().item<double>(), 1.1 * error);
                Assert.Equal(0, one[lag..].pow(2).sub(1).mul(one[..^lag].pow(2).sub(1)).mean().item<double>(), 2.2 * error);
            }

            Assert.Equal(0, one.mul(standard[(i + 1) % Images]).mean().item<double>(), error);
        }

        Assert.InRange(KolmogorovDistance(standard.view(-1)), 0, 1.95 / Math.Sqrt(Images * Pixels)); // One in a thousand is beyond.
    }

    [Fact]
    public void The_same_seed_gives_the_same_noise_and_no_deviation_none()
    {
        using var scope = NewDisposeScope();
        using var noise = new DeviceNoise(Pixels, CPU);
        var first = Draw(noise, [7, 8, 7], [1, 1, 0]);
        AugmenterTests.AssertSameBits(first[0], Draw(noise, [9, 7], [1, 1])[1]);
        Assert.False(first[0].equal(first[1]).any().item<bool>());
        Assert.Equal(0, first[2].abs().max().item<float>());
    }

    private static Tensor Draw(DeviceNoise noise, long[] seeds, double[] deviations) => noise.Draw(
        tensor(seeds, [seeds.Length, 1]), tensor(Array.ConvertAll(deviations, deviation => (float)(-2 * deviation * deviation)), [seeds.Length, 1]));

    private static double KolmogorovDistance(Tensor values)
    {
        var sorted = values.sort().Values;
        var below = sorted.div(Math.Sqrt(2)).erf().add(1).div(2);
        var ranks = arange(sorted.numel(), ScalarType.Float64);
        return Math.Max(below.sub(ranks.div(sorted.numel())).max().item<double>(), ranks.add(1).div(sorted.numel()).sub(below).max().item<double>());
    }
}
