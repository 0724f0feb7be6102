using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Networks;
using CovidCt.Recipes;
using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Augmentation;

/// <summary>The way of cards, on the processor.</summary>
public class DeviceAugmenterTests
{
    private const long Seed = 5;
    private const int Epoch = 6;

    private static readonly (byte R, byte G, byte B) Fill = (123, 116, 103);

    [Fact]
    public void Prepared_input_has_the_bits_of_the_processors_way()
    {
        using var scope = NewDisposeScope();
        foreach (var normalisation in new[] { ChannelNormalisation.ImageNet, ChannelNormalisation.Symmetric })
        {
            using var batch = AugmenterTests.Canvases(5, 47, 63);
            var augmenter = new Augmenter(new AugmentationOptions(), normalisation, Fill);
            using var there = augmenter.On(new StandInMemory(), new(63, 47));
            var actual = there.Prepare(batch.Gray, batch.Inside);

            AugmenterTests.AssertSameBits(augmenter.Prepare(batch), actual);
            Assert.Equal([47 * 63 * 3, 1, 63 * 3, 3], actual.stride());
        }
    }

    public static TheoryData<string, AugmentationOptions, double> Kinds { get; } = new()
    {
        { "nothing", With(_ => { }), 0 },
        { "crop", With(options => options.CropFraction = 0.3), 5e-5 },
        { "flip", With(options => options.FlipProbability = 0.5), 5e-5 },
        { "blur", With(options => options.BlurProbability = 0.7), 2e-6 },
        { "wide blur", With(options => (options.BlurProbability, options.BlurSigmaMin, options.BlurSigmaMax) = (1, 0.2, 7)), 2e-6 },
        { "brightness and contrast", With(options => (options.Brightness, options.Contrast) = (0.3, 0.6)), 2e-6 },
        { "all but noise", new AugmentationOptions { NoiseDeviationMax = 0 }, 5e-5 },
        { "size", With(options => options.CoverageMin = 0.25), 5e-5 },
        { "place", With(options => options.RandomPlacement = true), 5e-5 },
        { "the authors', but noise", WithoutNoise(AugmentationOptions.Authors), 5e-5 },
    };

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void All_but_the_noise_is_that_of_the_processors_way(string kind, AugmentationOptions options, double tolerance)
    {
        Assert.NotNull(kind);
        foreach (var (count, height, width) in new[] { (9, 61, 87), (40, 6, 5), (1, 130, 90) })
        {
            using var scope = NewDisposeScope();
            using var batch = AugmenterTests.Canvases(count, height, width);
            int[] rows = [.. Enumerable.Range(10, count)];
            var augmenter = new Augmenter(options, AugmenterTests.Unit, Fill);
            var expected = augmenter.Augment(batch, Seed, Epoch, rows);
            var actual = Augment(augmenter, batch, rows);

            AugmenterTests.AssertNear(expected, actual, tolerance);
            Assert.Equal(expected.stride(), actual.stride());
            Assert.False(actual.requires_grad);
        }
    }

    [Fact]
    public void A_row_gets_the_same_bits_in_any_batch_and_order()
    {
        Gen.Select(Gen.Int[20, 130], Gen.Int[20, 170], Gen.Int[2, 9], Gen.Long).Sample(
            (height, width, count, order) =>
            {
                using var scope = NewDisposeScope();
                var augmenter = new Augmenter(new AugmentationOptions(), ChannelNormalisation.ImageNet, Fill);
                using var whole = AugmenterTests.Canvases(count, height, width);
                int[] rows = [.. Enumerable.Range(0, count).Select(i => (i * 37) + 5)];
                var expected = Augment(augmenter, whole, rows);

                int[] shuffled = [.. Enumerable.Range(0, count)];
                var random = new CounterRandom(order);
                random.Shuffle<int>(shuffled);
                var chosen = shuffled[..(1 + random.NextBelow(count))];
                using var part = AugmenterTests.Choose(whole, chosen);
                var actual = Augment(augmenter, part, [.. chosen.Select(i => rows[i])]);
                for (var i = 0; i < chosen.Length; i++)
                {
                    AugmenterTests.AssertSameBits(expected[chosen[i]], actual[i]);
                }
            },
            iter: 25,
            threads: 1);
    }

    [Fact]
    public void A_plan_of_an_epoch_says_of_each_part_what_a_plan_of_the_part_says()
    {
        using var scope = NewDisposeScope();
        using var whole = AugmenterTests.Canvases(11, 40, 52);
        var augmenter = new Augmenter(new AugmentationOptions { BlurProbability = 0.4 }, ChannelNormalisation.ImageNet, Fill);
        using var there = augmenter.On(new StandInMemory(), new(52, 40));
        int[][] parts = [.. Enumerable.Range(0, 11).Chunk(4)];
        using var plan = there.Plan(Seed, Epoch, parts, AugmenterTests.Frames(whole));
        for (var i = 0; i < parts.Length; i++)
        {
            using var part = AugmenterTests.Choose(whole, parts[i]);
            AugmenterTests.AssertSameBits(Augment(augmenter, part, parts[i]), there.Augment(part.Gray, plan.Part(i)));
        }
    }

    [Fact]
    public void Padding_has_the_fill_colour_and_the_image_stays_between_black_and_white()
    {
        using var scope = NewDisposeScope();
        using var batch = AugmenterTests.Canvases(12, 33, 41);
        var options = new AugmentationOptions { Brightness = 0.9, Contrast = 0.9, NoiseDeviationMax = 0.5, BlurProbability = 0.5 };
        int[] rows = [.. Enumerable.Range(0, 12)];
        var actual = Augment(new(options, AugmenterTests.Unit, Fill), batch, rows);
        var frames = AugmenterTests.Frames(batch);
        Assert.InRange(actual.min().item<float>(), 0, 1);
        Assert.InRange(actual.max().item<float>(), 0, 1);
        AugmenterTests.AssertPadded(actual, frames.Select((frame, i) => AugmentationDraw.Of(options, Seed, Epoch, i).Flip ? frame.Mirrored(41) : frame));
    }

    [Fact]
    public void What_an_image_leaves_is_padding()
    {
        using var scope = NewDisposeScope();
        using var batch = AugmenterTests.Canvases(12, 33, 41);
        int[] rows = [.. Enumerable.Range(0, 12)];
        var images = Augment(new(AugmentationOptions.Authors, AugmenterTests.Unit, Fill), batch, rows);
        AugmenterTests.AssertPadded(images, AugmenterTests.Frames(batch)
            .Select((frame, i) => AugmentationDraw.Of(AugmentationOptions.Authors, Seed, Epoch, i).Placed(frame, new(41, 33))));
    }

    [Fact]
    public void An_image_without_pixels_becomes_padding()
    {
        using var scope = NewDisposeScope();
        using var batch = new CanvasBatch(zeros([2, 9, 12], ScalarType.Byte), tensor(new long[] { 5, 4, 5, 4, 12, 9, 3, 2 }, [2, 4]));
        var augmenter = new Augmenter(new AugmentationOptions { BlurProbability = 1 }, ChannelNormalisation.ImageNet, Fill);
        AugmenterTests.AssertSameBits(augmenter.Prepare(batch), Augment(augmenter, batch, [0, 1]));
    }

    [Fact]
    public void Every_seed_epoch_and_row_gets_something_else()
    {
        using var scope = NewDisposeScope();
        using var one = AugmenterTests.Canvases(1, 40, 50);
        using var batch = AugmenterTests.Choose(one, [0, 0]);
        var augmenter = new Augmenter(new AugmentationOptions(), ChannelNormalisation.ImageNet, Fill);
        var first = Augment(augmenter, batch, [3, 4]);
        Assert.False(first[0].equal(first[1]).all().item<bool>());
        Assert.False(first.equal(Augment(augmenter, batch, [3, 4], seed: Seed + 1)).all().item<bool>());
        Assert.False(first.equal(Augment(augmenter, batch, [3, 4], epoch: Epoch + 1)).all().item<bool>());
        AugmenterTests.AssertSameBits(first, Augment(augmenter, batch, [3, 4]));
    }

    [Fact]
    public void A_batch_takes_few_calls_and_leaves_no_native_tensor_behind()
    {
        using var batch = AugmenterTests.Canvases(8, 40, 50);
        var augmenter = new Augmenter(new AugmentationOptions { BlurProbability = 1 }, ChannelNormalisation.ImageNet, Fill);
        int[] rows = [.. Enumerable.Range(0, 8)];
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var there = augmenter.On(new StandInMemory(), new(50, 40)))
        using (var plan = there.Plan(Seed, Epoch, [rows], AugmenterTests.Frames(batch)))
        {
            var made = DisposeScopeManager.Statistics.CreatedInScopeCount;
            using (NewDisposeScope())
            {
                there.Augment(batch.Gray, plan.Part(0)).Dispose();
            }

            // Operators that make a tensor, and views; operators in place make none.
            Assert.InRange(DisposeScopeManager.Statistics.CreatedInScopeCount - made, 1, 75);
            there.Prepare(batch.Gray, batch.Inside).Dispose();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(0.1, null, 0.0)]
    [InlineData(0.0, 0.5, 0.0)]
    [InlineData(0.0, null, 0.3)]
    public void What_a_card_does_not_do_yet_is_refused(double gamma, double? resolution, double jpeg)
    {
        using var batch = AugmenterTests.Canvases(2, 20, 20);
        var options = new AugmentationOptions { Gamma = gamma, ResolutionMin = resolution, JpegProbability = jpeg };
        var error = Assert.Throws<ArgumentException>(() => Augment(new(options, AugmenterTests.Unit, Fill), batch, [0, 1]));
        Assert.Contains("the processor alone by now: leave them out, or train there.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Card")]
    public void A_card_does_what_the_processor_does_in_its_place()
    {
        CardTests.Require();
        using var scope = NewDisposeScope();
        using var batch = AugmenterTests.Canvases(16, 255, 335);
        using var onCard = new CanvasBatch(batch.Gray.cuda(), batch.Inside.cuda());
        int[] rows = [.. Enumerable.Range(0, 16)];
        var augmenter = new Augmenter(new AugmentationOptions(), AugmenterTests.Unit, Fill);
        AugmenterTests.AssertNear(augmenter.Prepare(batch), augmenter.Prepare(onCard).cpu(), 1e-6);
        var actual = augmenter.Augment(onCard, Seed, Epoch, rows);
        AugmenterTests.AssertNear(Augment(augmenter, batch, rows), actual.cpu(), 1e-4);

        int[] chosen = [15, 3, 8];
        using var part = new CanvasBatch(onCard.Gray.index_select(0, tensor(new long[] { 15, 3, 8 }).cuda()), onCard.Inside.index_select(0, tensor(new long[] { 15, 3, 8 }).cuda()));
        var again = augmenter.Augment(part, Seed, Epoch, chosen);
        for (var i = 0; i < chosen.Length; i++)
        {
            AugmenterTests.AssertSameBits(actual[chosen[i]].cpu(), again[i].cpu());
        }
    }

    /// <summary>One batch in the way of cards.</summary>
    internal static Tensor Augment(Augmenter augmenter, CanvasBatch batch, int[] rows, long seed = Seed, int epoch = Epoch)
    {
        using var there = augmenter.On(new StandInMemory(), new((int)batch.Gray.shape[2], (int)batch.Gray.shape[1]));
        using var plan = there.Plan(seed, epoch, [rows], AugmenterTests.Frames(batch));
        return there.Augment(batch.Gray, plan.Part(0));
    }

    private static AugmentationOptions WithoutNoise(AugmentationOptions options)
    {
        options.NoiseDeviationMax = 0;
        return options;
    }

    private static AugmentationOptions With(Action<AugmentationOptions> change)
    {
        var options = AugmentationOptions.None;
        change(options);
        return options;
    }
}
