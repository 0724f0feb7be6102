using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Networks;
using CovidCt.Recipes;
using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Augmentation;

public class AugmenterTests
{
    private static readonly (byte R, byte G, byte B) Fill = (123, 116, 103);

    [Fact]
    public void A_row_gets_the_same_bits_in_any_batch_and_order()
    {
        // Large enough for the work to be divided between threads, at other places for every size of the batch.
        Gen.Select(Gen.Int[100, 260], Gen.Int[90, 340], Gen.Int[2, 9], Gen.Long, Gen.Int[0, 99], Gen.Long).Sample(
            (height, width, count, seed, epoch, order) =>
            {
                using var scope = NewDisposeScope();
                var augmenter = new Augmenter(new AugmentationOptions(), ChannelNormalisation.ImageNet, Fill);
                using var whole = Canvases(count, height, width);
                var rows = Enumerable.Range(0, count).Select(i => (i * 37) + 5).ToArray();
                var expected = augmenter.Augment(whole, seed, epoch, rows);

                var shuffled = Enumerable.Range(0, count).ToArray();
                var random = new CounterRandom(order);
                random.Shuffle<int>(shuffled);
                var chosen = shuffled[..(1 + random.NextBelow(count))];
                using var part = Choose(whole, chosen);
                var actual = augmenter.Augment(part, seed, epoch, [.. chosen.Select(i => rows[i])]);
                for (var i = 0; i < chosen.Length; i++)
                {
                    AssertSameBits(expected[chosen[i]], actual[i]);
                }
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public void Concurrent_calls_get_the_same_bits()
    {
        using var batch = Canvases(6, 120, 150);
        var augmenter = new Augmenter(new AugmentationOptions(), ChannelNormalisation.ImageNet, Fill);
        using var expected = augmenter.Augment(batch, 1, 2, [0, 1, 2, 3, 4, 5]);
        var threads = get_num_threads();
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            set_num_threads(threads);
            using var scope = NewDisposeScope();
            AssertSameBits(expected, augmenter.Augment(batch, 1, 2, [0, 1, 2, 3, 4, 5]));
        });
    }

    [Fact]
    public void Every_seed_epoch_and_row_gets_something_else()
    {
        using var scope = NewDisposeScope();
        using var one = Canvases(1, 40, 50);
        using var batch = Choose(one, [0, 0]);
        var augmenter = new Augmenter(new AugmentationOptions(), ChannelNormalisation.ImageNet, Fill);
        var first = augmenter.Augment(batch, 1, 2, [3, 4]);
        Assert.False(first[0].equal(first[1]).all().item<bool>());
        Assert.False(first.equal(augmenter.Augment(batch, 2, 2, [3, 4])).all().item<bool>());
        Assert.False(first.equal(augmenter.Augment(batch, 1, 3, [3, 4])).all().item<bool>());
        AssertSameBits(first, augmenter.Augment(batch, 1, 2, [3, 4]));
    }

    [Fact]
    public void Prepared_input_is_what_the_definition_says()
    {
        using var scope = NewDisposeScope();
        foreach (var normalisation in new[] { ChannelNormalisation.ImageNet, ChannelNormalisation.Symmetric })
        {
            using var batch = Canvases(3, 17, 23);
            var actual = Values(new Augmenter(new AugmentationOptions(), normalisation, Fill).Prepare(batch));
            var (gray, inside) = (Pixels(batch), Frames(batch));
            byte[] fill = [Fill.R, Fill.G, Fill.B];
            for (var i = 0; i < 3; i++)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    for (var y = 0; y < 17; y++)
                    {
                        for (var x = 0; x < 23; x++)
                        {
                            var value = Holds(inside[i], x, y) ? gray[i, y, x] : fill[channel];
                            var expected = ((value / 255.0) - normalisation.Mean[channel]) / normalisation.Deviation[channel];
                            Assert.Equal(expected, actual[i, channel, y, x], 2e-6);
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Without_augmentation_it_is_the_prepared_input()
    {
        using var scope = NewDisposeScope();
        using var batch = Canvases(5, 60, 71);
        var augmenter = new Augmenter(AugmentationOptions.None, ChannelNormalisation.ImageNet, Fill);
        AssertSameBits(augmenter.Prepare(batch), augmenter.Augment(batch, 3, 4, [5, 6, 7, 8, 9]));
    }

    [Fact]
    public void The_output_is_channels_last_float32_and_the_input_is_left_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var batch = Canvases(4, 30, 44);
        var before = batch.Gray.clone();
        var frames = batch.Inside.clone();
        var augmenter = new Augmenter(new AugmentationOptions(), ChannelNormalisation.ImageNet, Fill);
        foreach (var output in new[] { augmenter.Prepare(batch), augmenter.Augment(batch, 1, 1, [0, 1, 2, 3]) })
        {
            Assert.Equal([4, 3, 30, 44], output.shape);
            Assert.Equal([30 * 44 * 3, 1, 44 * 3, 3], output.stride());
            Assert.Equal(ScalarType.Float32, output.dtype);
            Assert.False(output.requires_grad);
        }

        AssertSameBits(before, batch.Gray);
        AssertSameBits(frames, batch.Inside);
    }

    [Fact]
    public void Padding_has_the_fill_colour_and_the_image_stays_between_black_and_white()
    {
        using var scope = NewDisposeScope();
        var options = new AugmentationOptions { Brightness = 0.9, Contrast = 0.9, NoiseDeviationMax = 0.5 };
        var normalisation = ChannelNormalisation.ImageNet;
        using var batch = Canvases(12, 33, 41);
        var inside = Frames(batch);
        byte[] fill = [Fill.R, Fill.G, Fill.B];
        for (var epoch = 0; epoch < 4; epoch++)
        {
            var rows = Enumerable.Range(0, 12).ToArray();
            var actual = Values(new Augmenter(options, normalisation, Fill).Augment(batch, 9, epoch, rows));
            for (var i = 0; i < 12; i++)
            {
                var flipped = AugmentationDraw.Of(options, 9, epoch, i).Flip;
                for (var channel = 0; channel < 3; channel++)
                {
                    var (mean, deviation) = ((double)normalisation.Mean[channel], (double)normalisation.Deviation[channel]);
                    var padding = (float)(((fill[channel] / 255.0) - mean) / deviation);
                    for (var y = 0; y < 33; y++)
                    {
                        for (var x = 0; x < 41; x++)
                        {
                            var value = actual[i, channel, y, x];
                            if (Holds(inside[i], flipped ? 40 - x : x, y))
                            {
                                Assert.InRange(value, (-mean / deviation) - 1e-5, ((1 - mean) / deviation) + 1e-5);
                            }
                            else
                            {
                                Assert.Equal(padding, value);
                            }
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void A_flip_swaps_left_and_right_of_image_and_padding()
    {
        using var scope = NewDisposeScope();
        var options = AugmentationOptions.None;
        options.FlipProbability = 1;
        using var batch = Canvases(4, 50, 61);
        var augmenter = new Augmenter(options, ChannelNormalisation.ImageNet, Fill);
        AssertNear(augmenter.Prepare(batch).flip(3), augmenter.Augment(batch, 1, 2, [0, 1, 2, 3]), 1e-3);
    }

    [Fact]
    public void A_crop_is_scaled_bilinearly_to_the_place_of_the_image()
    {
        var options = AugmentationOptions.None;
        options.CropFraction = 0.3;
        options.FlipProbability = 0.5;
        Compare(options, (gray, frame, draw, y, x) =>
        {
            var width = gray.GetLength(1);
            var unflipped = draw.Flip ? width - 1 - x : x;
            return Bilinear(
                gray,
                frame,
                frame.Top + (frame.Bottom - frame.Top) * (draw.Top + ((y + 0.5 - frame.Top) / (frame.Bottom - frame.Top) * draw.Extent)) - 0.5,
                frame.Left + (frame.Right - frame.Left) * (draw.Left + ((unflipped + 0.5 - frame.Left) / (frame.Right - frame.Left) * draw.Extent)) - 0.5);
        });
    }

    [Fact]
    public void A_crop_is_laid_where_chance_has_the_image_in_one_resampling()
    {
        var options = AugmentationOptions.None;
        options.CropFraction = 0.2;
        options.FlipProbability = 0.5;
        options.CoverageMin = 0.25;
        options.RandomPlacement = true;
        Compare(options, (gray, frame, draw, y, x) =>
        {
            var (height, width) = (gray.GetLength(0), gray.GetLength(1));
            var unflipped = draw.Flip ? width - 1 - x : x;
            var to = draw.Unflipped(frame, new(width, height));
            return Bilinear(
                gray,
                frame,
                frame.Top + (frame.Height * (draw.Top + ((y + 0.5 - to.Top) / to.Height * draw.Extent))) - 0.5,
                frame.Left + (frame.Width * (draw.Left + ((unflipped + 0.5 - to.Left) / to.Width * draw.Extent))) - 0.5);
        });
    }

    [Fact]
    public void What_an_image_leaves_is_padding()
    {
        using var scope = NewDisposeScope();
        using var batch = Canvases(12, 33, 41);
        var options = AugmentationOptions.Authors;
        options.BlurProbability = 1;
        int[] rows = [.. Enumerable.Range(0, 12)];
        var images = new Augmenter(options, Unit, Fill).Augment(batch, 9, 1, rows);
        AssertPadded(images, rows.Select(row => AugmentationDraw.Of(options, 9, 1, row).Placed(Frames(batch)[row], new(41, 33))));
    }

    [Fact]
    public void A_blur_is_a_Gaussian_that_sees_no_padding()
    {
        var options = AugmentationOptions.None;
        options.BlurProbability = 0.7;
        Compare(options, (gray, frame, draw, y, x) =>
        {
            if (draw.BlurSigma is not { } sigma)
            {
                return gray[y, x];
            }

            var (sum, total) = (0.0, 0.0);
            var radius = (int)Math.Ceiling(3 * sigma);
            for (var dy = -radius; dy <= radius; dy++)
            {
                for (var dx = -radius; dx <= radius; dx++)
                {
                    var weight = Math.Exp(-((dy * dy) + (dx * dx)) / (2 * sigma * sigma));
                    sum += weight * gray[Math.Clamp(y + dy, frame.Top, frame.Bottom - 1), Math.Clamp(x + dx, frame.Left, frame.Right - 1)];
                    total += weight;
                }
            }

            return sum / total;
        });
    }

    [Fact]
    public void Brightness_adds_and_contrast_scales_about_the_mean_of_the_image()
    {
        var options = AugmentationOptions.None;
        options.Brightness = 0.3;
        options.Contrast = 0.6;
        Compare(options, (gray, frame, draw, y, x) =>
        {
            var mean = (from row in Enumerable.Range(frame.Top, frame.Bottom - frame.Top)
                        from column in Enumerable.Range(frame.Left, frame.Right - frame.Left)
                        select (double)gray[row, column]).Average();
            return ((gray[y, x] - mean) * draw.Contrast) + mean + (255 * draw.Brightness);
        });
    }

    [Fact]
    public void Gamma_raises_gray_values_to_a_power()
    {
        var options = AugmentationOptions.None;
        options.Gamma = 1;
        Compare(options, (gray, _, draw, y, x) => 255 * Math.Pow(gray[y, x] / 255.0, draw.Rendition.Gamma!.Value));
    }

    [Fact]
    public void Resolution_comes_before_gamma_and_JPEG_after_brightness()
    {
        using var scope = NewDisposeScope();
        var options = Rendered(AugmentationOptions.None);
        (options.Brightness, options.Contrast) = (0.2, 0.2);
        using var batch = Canvases(12, 33, 41);
        int[] rows = [.. Enumerable.Range(0, 12)];
        var actual = new Augmenter(options, Unit, Fill).Augment(batch, 9, 1, rows);
        foreach (var row in rows)
        {
            var (draw, frame) = (AugmentationDraw.Of(options, 9, 1, row), Frames(batch)[row]);
            var canvas = batch.Gray[row].to_type(ScalarType.Float32).data<float>().ToArray();
            var mean = Enumerable.Range(0, canvas.Length).Where(i => Holds(frame, i % 41, i / 41)).Average(i => canvas[i]);
            if (draw.Rendition.Resolution is { } factor)
            {
                ResolutionLoss.Apply(canvas, 41, frame, factor);
            }

            canvas = Array.ConvertAll(canvas, value =>
            {
                var gray = 255 * Math.Pow(Math.Clamp(value, 0, 255) / 255, draw.Rendition.Gamma!.Value);
                return (float)Math.Clamp(((gray - mean) * draw.Contrast) + mean + (255 * draw.Brightness), 0, 255);
            });
            if (draw.Rendition.JpegQuality is { } quality)
            {
                JpegLoss.Apply(canvas, 41, frame, quality);
            }

            // Where a gray value is nearly halfway between two, rounding may take it to either before it is compressed.
            var difference = frame.Of(tensor(canvas, [33, 41]).div(255).sub(actual[row, 0])).abs();
            Assert.InRange(difference.gt(1e-5).to_type(ScalarType.Float32).mean().item<float>(), 0, draw.Rendition.JpegQuality is null ? 0 : 0.2);
            Assert.InRange(difference.max().item<float>(), 0, draw.Rendition.JpegQuality is null ? 1e-5 : 4 / 255.0);
        }
    }

    [Fact]
    public void Images_that_look_published_in_another_way_are_theirs_in_any_batch_within_padding_of_the_fill_colour()
    {
        using var scope = NewDisposeScope();
        var options = Rendered(AugmentationOptions.Authors);
        var augmenter = new Augmenter(options, Unit, Fill);
        using var batch = Canvases(9, 120, 150);
        int[] rows = [.. Enumerable.Range(3, 9)];
        var images = augmenter.Augment(batch, 9, 1, rows);
        AssertPadded(images, rows.Select((row, i) => AugmentationDraw.Of(options, 9, 1, row).Placed(Frames(batch)[i], new(150, 120))));
        Assert.InRange(images.min().item<float>(), 0, 1);
        Assert.InRange(images.max().item<float>(), 0, 1);

        int[] chosen = [7, 2, 5];
        using var part = Choose(batch, chosen);
        var again = augmenter.Augment(part, 9, 1, [.. chosen.Select(i => rows[i])]);
        for (var i = 0; i < chosen.Length; i++)
        {
            AssertSameBits(images[chosen[i]], again[i]);
        }
    }

    [Fact]
    public void At_neutral_settings_an_image_keeps_its_bits()
    {
        using var scope = NewDisposeScope();
        using var batch = Canvases(5, 60, 71);
        var options = new AugmentationOptions { ResolutionMin = 1, ResolutionProbability = 1 };
        var expected = new Augmenter(new AugmentationOptions(), Unit, Fill).Augment(batch, 3, 4, [5, 6, 7, 8, 9]);
        AssertSameBits(expected, new Augmenter(options, Unit, Fill).Augment(batch, 3, 4, [5, 6, 7, 8, 9]));
        (options.ResolutionMin, options.ResolutionProbability) = (0.25, 0);
        AssertSameBits(expected, new Augmenter(options, Unit, Fill).Augment(batch, 3, 4, [5, 6, 7, 8, 9]));
    }

    [Fact]
    public void Noise_is_Gaussian_with_the_drawn_deviation_and_independent_between_images()
    {
        using var scope = NewDisposeScope();
        var options = AugmentationOptions.None;
        options.NoiseDeviationMax = 0.1;
        const int Count = 40, Height = 100, Width = 120;
        using var batch = new CanvasBatch(
            full([Count, Height, Width], 128, ScalarType.Byte), tensor(new long[] { 0, 0, Width, Height }).repeat(Count, 1));
        var rows = Enumerable.Range(0, Count).ToArray();
        var output = new Augmenter(options, Unit, (0, 0, 0)).Augment(batch, 3, 7, rows).select(1, 0).to_type(ScalarType.Float64);
        var noise = output.sub(128 / 255.0).view(Count, -1);
        Tensor? previous = null;
        for (var i = 0; i < Count; i++)
        {
            var deviation = AugmentationDraw.Of(options, 3, 7, i).NoiseDeviation;
            var standard = noise[i].div(deviation);
            Assert.Equal(0, standard.mean().item<double>(), 0.04);
            Assert.Equal(1, standard.pow(2).mean().item<double>(), 0.06);
            Assert.Equal(3, standard.pow(4).mean().item<double>(), 0.4);
            Assert.Equal(0, standard[..^1].mul(standard[1..]).mean().item<double>(), 0.04);
            if (previous is not null)
            {
                Assert.Equal(0, standard.mul(previous).mean().item<double>(), 0.04);
            }

            previous = standard;
        }
    }

    [Fact]
    public void An_image_without_pixels_becomes_padding()
    {
        using var scope = NewDisposeScope();
        using var batch = new CanvasBatch(zeros([1, 9, 12], ScalarType.Byte), tensor(new long[] { 5, 4, 5, 4 }, [1, 4]));
        var options = Rendered(new() { BlurProbability = 1 });
        var augmenter = new Augmenter(options, ChannelNormalisation.ImageNet, Fill);
        AssertSameBits(augmenter.Prepare(batch), augmenter.Augment(batch, 1, 1, [0]));
    }

    [Fact]
    public void No_native_tensor_is_left_behind()
    {
        using var batch = Canvases(3, 40, 50);
        var augmenter = new Augmenter(Rendered(new() { BlurProbability = 1 }), ChannelNormalisation.ImageNet, Fill);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var epoch = 0; epoch < 5; epoch++)
        {
            augmenter.Prepare(batch).Dispose();
            augmenter.Augment(batch, 1, epoch, [4, 5, 6]).Dispose();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Rows_that_do_not_match_the_batch_are_refused()
    {
        using var batch = Canvases(3, 20, 20);
        var augmenter = new Augmenter(new AugmentationOptions(), ChannelNormalisation.ImageNet, Fill);
        var error = Assert.Throws<ArgumentException>(() => augmenter.Augment(batch, 0, 0, [1, 2]));
        Assert.Contains("2 rows for a batch of 3 images", error.Message, StringComparison.Ordinal);
    }

    /// <summary>With every way in which an image may have been published, often.</summary>
    internal static AugmentationOptions Rendered(AugmentationOptions options)
    {
        (options.Gamma, options.ResolutionMin, options.ResolutionProbability) = (0.8, 0.3, 0.7);
        (options.JpegProbability, options.JpegQualityMin) = (0.7, 20);
        return options;
    }

    /// <summary>Leaves values in [0, 1] as they are.</summary>
    internal static ChannelNormalisation Unit { get; } = new([0, 0, 0], [1, 1, 1]);

    /// <summary>
    /// Compares, inside the images, with a pixel-by-pixel definition in gray values of 0…255; on small canvases too, where
    /// the borders are most of the image.
    /// </summary>
    private static void Compare(AugmentationOptions options, Func<byte[,], PixelRectangle, AugmentationDraw, int, int, double> definition)
    {
        foreach (var (count, height, width) in new[] { (8, 31, 37), (40, 6, 5) })
        {
            using var scope = NewDisposeScope();
            using var batch = Canvases(count, height, width);
            var rows = Enumerable.Range(10, count).ToArray();
            var actual = Values(new Augmenter(options, Unit, Fill).Augment(batch, 5, 6, rows));
            var (gray, inside) = (Pixels(batch), Frames(batch));
            for (var i = 0; i < count; i++)
            {
                var draw = AugmentationDraw.Of(options, 5, 6, rows[i]);
                var image = new byte[height, width];
                Buffer.BlockCopy(gray, i * height * width, image, 0, height * width);
                for (var y = 0; y < height; y++)
                {
                    for (var x = 0; x < width; x++)
                    {
                        if (Holds(draw.Placed(inside[i], new(width, height)), x, y))
                        {
                            var expected = Math.Clamp(definition(image, inside[i], draw, y, x), 0, 255) / 255;
                            Assert.Equal(expected, actual[i, 0, y, x], 2e-5);
                        }
                    }
                }
            }
        }
    }

    private static double Bilinear(byte[,] gray, PixelRectangle frame, double y, double x)
    {
        y = Math.Clamp(y, frame.Top, frame.Bottom - 1);
        x = Math.Clamp(x, frame.Left, frame.Right - 1);
        var (top, left) = ((int)y, (int)x);
        var (bottom, right) = (Math.Min(top + 1, frame.Bottom - 1), Math.Min(left + 1, frame.Right - 1));
        var (down, across) = (y - top, x - left);
        return ((1 - down) * (((1 - across) * gray[top, left]) + (across * gray[top, right])))
            + (down * (((1 - across) * gray[bottom, left]) + (across * gray[bottom, right])));
    }

    /// <summary>Random images at random places of their canvases, with 0 around them.</summary>
    internal static CanvasBatch Canvases(int count, int height, int width)
    {
        var random = new CounterRandom(42, count, height, width);
        var pixels = new byte[count * height * width];
        var frames = new long[count * 4];
        for (var i = 0; i < count; i++)
        {
            var (left, top) = (random.NextBelow(width / 3), random.NextBelow(height / 3));
            var (right, bottom) = (width - random.NextBelow(width / 3), height - random.NextBelow(height / 3));
            new long[] { left, top, right, bottom }.CopyTo(frames, 4 * i);
            for (var y = top; y < bottom; y++)
            {
                for (var x = left; x < right; x++)
                {
                    pixels[(((i * height) + y) * width) + x] = (byte)random.NextBelow(256);
                }
            }
        }

        return new CanvasBatch(tensor(pixels, [count, height, width]), tensor(frames, [count, 4]));
    }

    internal static CanvasBatch Choose(CanvasBatch batch, int[] rows)
    {
        using var indices = tensor(Array.ConvertAll(rows, row => (long)row));
        return new CanvasBatch(batch.Gray.index_select(0, indices), batch.Inside.index_select(0, indices));
    }

    private static bool Holds(PixelRectangle frame, int x, int y) =>
        x >= frame.Left && x < frame.Right && y >= frame.Top && y < frame.Bottom;

    internal static PixelRectangle[] Frames(CanvasBatch batch) =>
        [.. batch.Inside.data<long>().ToArray().Chunk(4).Select(e => new PixelRectangle((int)e[0], (int)e[1], (int)e[2], (int)e[3]))];

    private static byte[,,] Pixels(CanvasBatch batch)
    {
        var pixels = new byte[batch.Gray.shape[0], batch.Gray.shape[1], batch.Gray.shape[2]];
        Buffer.BlockCopy(batch.Gray.data<byte>().ToArray(), 0, pixels, 0, pixels.Length);
        return pixels;
    }

    private static float[,,,] Values(Tensor images)
    {
        var values = new float[images.shape[0], images.shape[1], images.shape[2], images.shape[3]];
        Buffer.BlockCopy(images.contiguous().data<float>().ToArray(), 0, values, 0, values.Length * sizeof(float));
        return values;
    }

    /// <summary>Of images with <see cref="Unit"/>: the fill colour exactly, wherever none lies.</summary>
    internal static void AssertPadded(Tensor images, IEnumerable<PixelRectangle> placed)
    {
        var colour = tensor(new[] { Fill.R / 255f, Fill.G / 255f, Fill.B / 255f });
        foreach (var (place, i) in placed.Select((place, i) => (place, i)))
        {
            foreach (var strip in place.Around((int)images.shape[3], (int)images.shape[2]))
            {
                AssertSameBits(colour.expand(strip.Height, strip.Width, 3), strip.Of(images[i].permute(1, 2, 0)));
            }
        }
    }

    internal static void AssertSameBits(Tensor expected, Tensor actual) =>
        Assert.True(expected.equal(actual).all().item<bool>(), "The tensors differ.");

    internal static void AssertNear(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange(expected.sub(actual).abs().max().item<float>(), 0, tolerance);
}
