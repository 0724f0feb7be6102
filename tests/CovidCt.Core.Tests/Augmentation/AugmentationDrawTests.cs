using CovidCt.Augmentation;
using CovidCt.Recipes;
using CsCheck;

namespace CovidCt.Core.Tests.Augmentation;

public class AugmentationDrawTests
{
    private const int Count = 20_000;

    private static readonly AugmentationDraw[] Draws =
        [.. Enumerable.Range(0, Count).Select(i => AugmentationDraw.Of(new AugmentationOptions(), 11, i / 746, i % 746))];

    [Fact]
    public void A_quarter_is_blurred_and_half_is_flipped()
    {
        Assert.InRange(Draws.Count(draw => draw.BlurSigma is not null) / (double)Count, 0.24, 0.26);
        Assert.InRange(Draws.Count(draw => draw.Flip) / (double)Count, 0.485, 0.515);
        Assert.InRange(Draws.Count(draw => draw.Flip && draw.BlurSigma is not null) / (double)Count, 0.115, 0.135);
    }

    [Fact]
    public void Amounts_are_uniform_over_their_ranges()
    {
        Uniform(Draws.Where(draw => draw.BlurSigma is not null).Select(draw => draw.BlurSigma!.Value), 0.5, 1.5);
        Uniform(Draws.Select(draw => draw.NoiseDeviation), 0, 0.05);
        Uniform(Draws.Select(draw => draw.Brightness), -0.15, 0.15);
        Uniform(Draws.Select(draw => draw.Contrast), 0.85, 1.15);
        Uniform(Draws.Select(draw => draw.Top), 0, 0.05);
        Uniform(Draws.Select(draw => 1 - draw.Extent - draw.Top), 0, 0.05);
        Uniform(Draws.Select(draw => draw.Left / (1 - draw.Extent)), 0, 1);

        static void Uniform(IEnumerable<double> values, double low, double high)
        {
            var shares = new int[10];
            var all = values.ToList();
            foreach (var value in all)
            {
                Assert.InRange(value, low - 1e-12, high + 1e-12);
                shares[Math.Clamp((int)(10 * (value - low) / (high - low)), 0, 9)]++;
            }

            Assert.All(shares, share => Assert.InRange(share / (double)all.Count, 0.08, 0.12));
        }
    }

    [Fact]
    public void A_whole_blur_is_each_number_of_its_range_equally_often()
    {
        var options = new AugmentationOptions { BlurProbability = 1, BlurSigmaMin = 1.5, BlurSigmaMax = 4, WholeBlurSigma = true };
        var counts = Enumerable.Range(0, Count).Select(row => AugmentationDraw.Of(options, 3, 1, row).BlurSigma!.Value).CountBy(sigma => sigma)
            .OrderBy(count => count.Key).ToList();
        Assert.Equal([2, 3, 4], counts.Select(count => count.Key));
        Assert.All(counts, count => Assert.InRange(count.Value / (double)Count, 0.32, 0.347));
    }

    [Fact]
    public void Noise_seeds_differ_between_all_draws() => Assert.Equal(Count, Draws.Select(draw => draw.NoiseSeed).Distinct().Count());

    [Fact]
    public void A_crop_stays_inside_the_image() =>
        Gen.Select(Gen.Double[0, 0.45], Gen.Long, Gen.Int[0, 1000], Gen.Int[0, 100_000]).Sample((fraction, seed, epoch, row) =>
        {
            var draw = AugmentationDraw.Of(new AugmentationOptions { CropFraction = fraction }, seed, epoch, row);
            Assert.InRange(draw.Top, 0, fraction);
            Assert.InRange(draw.Left, 0, 2 * fraction);
            Assert.InRange(draw.Extent, 1 - (2 * fraction) - 1e-12, 1); // Of a fraction below the last digit of 1, a digit is lost.
            Assert.InRange(draw.Top + draw.Extent, 0, 1 + 1e-12);
            Assert.InRange(draw.Left + draw.Extent, 0, 1 + 1e-12);
        });

    [Fact]
    public void An_option_changes_its_own_effect_and_no_other() =>
        Gen.Select(Gen.Long, Gen.Int[0, 1000], Gen.Int[0, 100_000]).Sample((seed, epoch, row) =>
        {
            var usual = AugmentationDraw.Of(new AugmentationOptions(), seed, epoch, row);
            Assert.Equal(
                usual with { BlurSigma = null },
                AugmentationDraw.Of(new AugmentationOptions { BlurProbability = 0 }, seed, epoch, row));
            Assert.Equal(
                usual with { Top = 0, Left = 0, Extent = 1 },
                AugmentationDraw.Of(new AugmentationOptions { CropFraction = 0 }, seed, epoch, row));
            Assert.Equal(
                usual with { Contrast = 1 },
                AugmentationDraw.Of(new AugmentationOptions { Contrast = 0 }, seed, epoch, row));

            var moved = AugmentationDraw.Of(new AugmentationOptions { RandomPlacement = true }, seed, epoch, row);
            Assert.Equal(usual, moved with { Placement = null });
            Assert.Equal(
                moved with { Placement = moved.Placement!.Value with { CoverageMin = 0.5 } },
                AugmentationDraw.Of(new AugmentationOptions { RandomPlacement = true, CoverageMin = 0.5 }, seed, epoch, row));
            Assert.Equal(
                usual with { BlurSigma = usual.BlurSigma is null ? null : 1 },
                AugmentationDraw.Of(new AugmentationOptions { WholeBlurSigma = true }, seed, epoch, row));
        });

    [Fact]
    public void Without_augmentation_nothing_is_drawn() =>
        Gen.Select(Gen.Long, Gen.Int[0, 1000], Gen.Int[0, 100_000]).Sample((seed, epoch, row) =>
        {
            var draw = AugmentationDraw.Of(AugmentationOptions.None, seed, epoch, row);
            Assert.Equal(new AugmentationDraw(0, 0, 1, false, null, 0, draw.NoiseSeed, 0, 1, null), draw);
        });
}
