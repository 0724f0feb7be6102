using CovidCt.Augmentation;
using CovidCt.Recipes;
using CsCheck;

namespace CovidCt.Core.Tests.Augmentation;

public class RenditionDrawTests
{
    private const int Count = 20_000;

    private static readonly RenditionDraw[] Draws =
        [.. Enumerable.Range(0, Count).Select(i => RenditionDraw.Of(All(), 11, i / 746, i % 746))];

    [Fact]
    public void Nothing_is_drawn_unless_asked_for() => Gen.Select(Gen.Long, Gen.Int[0, 1000], Gen.Int[0, 100_000]).Sample((seed, epoch, row) =>
    {
        Assert.Equal(default, RenditionDraw.Of(new(), seed, epoch, row));
        Assert.Equal(default, RenditionDraw.Of(AugmentationOptions.Authors, seed, epoch, row));
    });

    [Fact]
    public void The_draws_of_the_paper_and_the_authors_keep_their_bits() =>
        Gen.Select(Gen.Bool, Gen.Long, Gen.Int[0, 1000], Gen.Int[0, 100_000]).Sample((paper, seed, epoch, row) =>
        {
            var options = paper ? new() : AugmentationOptions.Authors;
            var usual = AugmentationDraw.Of(options, seed, epoch, row);
            (options.Gamma, options.ResolutionMin, options.JpegProbability) = (0.5, 0.5, 1);
            Assert.Equal(usual, AugmentationDraw.Of(options, seed, epoch, row) with { Rendition = default });
        });

    [Fact]
    public void Half_is_sampled_down_and_a_third_compressed_each_regardless_of_the_other()
    {
        Assert.InRange(Draws.Count(draw => draw.Resolution is not null) / (double)Count, 0.485, 0.515);
        Assert.InRange(Draws.Count(draw => draw.JpegQuality is not null) / (double)Count, 0.29, 0.31);
        Assert.InRange(Draws.Count(draw => draw is { JpegQuality: not null, Resolution: not null }) / (double)Count, 0.14, 0.16);
        Assert.All(Draws, draw => Assert.NotNull(draw.Gamma));
    }

    [Fact]
    public void Amounts_are_uniform_over_their_ranges()
    {
        Uniform([.. Draws.Select(draw => Math.Log2(draw.Gamma!.Value))], -0.5, 0.5);
        Uniform([.. Draws.Where(draw => draw.Resolution is not null).Select(draw => draw.Resolution!.Value)], 0.4, 1);
        var qualities = Draws.Where(draw => draw.JpegQuality is not null).CountBy(draw => draw.JpegQuality!.Value).ToDictionary();
        Assert.Equal(Enumerable.Range(40, 11), qualities.Keys.Order());
        Assert.All(qualities.Values, count => Assert.InRange(count * 11.0 / qualities.Values.Sum(), 0.85, 1.15));

        static void Uniform(double[] values, double low, double high)
        {
            var shares = new int[10];
            foreach (var value in values)
            {
                Assert.InRange(value, low - 1e-12, high + 1e-12);
                shares[Math.Clamp((int)(10 * (value - low) / (high - low)), 0, 9)]++;
            }

            Assert.All(shares, share => Assert.InRange(share / (double)values.Length, 0.08, 0.12));
        }
    }

    [Fact]
    public void An_option_changes_its_own_effect_and_no_other() =>
        Gen.Select(Gen.Long, Gen.Int[0, 1000], Gen.Int[0, 100_000]).Sample((seed, epoch, row) =>
        {
            var all = RenditionDraw.Of(All(), seed, epoch, row);
            Assert.Equal(all with { Gamma = null }, Changed(options => options.Gamma = 0));
            Assert.Equal(all with { Resolution = null }, Changed(options => options.ResolutionMin = null));
            Assert.Equal(all with { JpegQuality = null }, Changed(options => options.JpegProbability = 0));
            Assert.Equal(
                all with { JpegQuality = all.JpegQuality is null ? null : 70 },
                Changed(options => (options.JpegQualityMin, options.JpegQualityMax) = (70, 70)));
            Assert.NotNull(Changed(options => options.ResolutionProbability = 1).Resolution);

            RenditionDraw Changed(Action<AugmentationOptions> change)
            {
                var options = All();
                change(options);
                return RenditionDraw.Of(options, seed, epoch, row);
            }
        });

    [Fact]
    public void Every_seed_epoch_and_row_draws_something_else() => Assert.Equal(
        4, new[] { (1, 2, 3), (9, 2, 3), (1, 9, 3), (1, 2, 9) }.Select(key => RenditionDraw.Of(All(), key.Item1, key.Item2, key.Item3).Gamma).Distinct().Count());

    private static AugmentationOptions All() => new()
    {
        Gamma = 0.5,
        ResolutionMin = 0.4,
        JpegProbability = 0.3,
        JpegQualityMin = 40,
        JpegQualityMax = 50,
    };
}
