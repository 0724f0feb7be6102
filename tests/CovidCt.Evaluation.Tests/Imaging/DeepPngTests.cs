using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Imaging;

/// <summary>PNG files of 16 bits a sample: which of the bits are taken, by a plain computation and by Skia's reading of the same file.</summary>
public sealed class DeepPngTests : IDisposable
{
    private const int Side = 16;

    private static readonly SkiaImageDecoder Decoder = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_filter_interlacing_and_colour_type_is_read_as_Skia_reads_it()
    {
        var files =
            from width in Gen.Int[1, 20]
            from height in Gen.Int[1, 20]
            from type in Among<byte>(0, 2, 4, 6)
            from samples in Gen.UShort.Array[width * height * (type switch { 0 => 1, 2 => 3, 4 => 2, _ => 4 })]
            from filters in Gen.Byte[0, 4].Array[1, 8]
            from interlaced in Gen.Bool
            select (File: TestImages.DeepPng(width, height, samples, type, null, filters, interlaced), Decoder: new SkiaImageDecoder(new() { MinSide = 1 }) { SampleBits = 16 });

        files.Sample(
            one => Assert.Equal(one.Decoder.Decode(one.File).Pixels, DeepPng.Read(one.File).ToGray(16).Pixels), // The left one is Skia's.
            iter: 300);
    }

    [Fact]
    public void Of_values_that_nothing_is_said_of_the_fewest_bits_that_hold_them_count()
    {
        var images =
            from bits in Among(8, 10, 12, 14, 16)
            from samples in Gen.UShort[0, (ushort)((1 << bits) - 1)].Array[Side * Side]
            select (bits, samples: (ushort[])[(ushort)((1 << bits) - 1), .. samples[1..]]);

        images.Sample(
            image =>
            {
                var decoded = Decoder.Decode(TestImages.DeepPng(Side, Side, image.samples));
                Assert.Equal(Plain(image.samples, image.bits), decoded.Pixels);
                Assert.Contains($"{image.bits} are taken", decoded.Note!, StringComparison.Ordinal);
                Assert.Equal(image.bits, Decoder.SampleBitsOf(TestImages.DeepPng(Side, Side, image.samples)));
            },
            iter: 200);
    }

    [Fact]
    public void Bits_that_the_file_states_count_whatever_its_values_and_whoever_decodes_it()
    {
        var images =
            from bits in Among(8, 10, 12, 14)
            from most in Gen.Int[3, (1 << bits) - 1]
            from known in Among<int?>(null, 8, 12, 16)
            from samples in Gen.UShort[0, (ushort)most].Array[Side * Side]
            select (bits, known, samples: (ushort[])[3, .. samples[1..]]); // 3: two low bits that no scaling to 16 would leave.

        images.Sample(
            image =>
            {
                var file = TestImages.DeepPng(Side, Side, image.samples, stated: image.bits);
                var decoded = new SkiaImageDecoder { SampleBits = image.known }.Decode(file);
                Assert.Equal(Plain(image.samples, image.bits), decoded.Pixels);
                Assert.Null(decoded.Note);
                Assert.Null(Decoder.SampleBitsOf(file));
            },
            iter: 200);
    }

    [Fact]
    public void Samples_that_were_scaled_to_16_bits_as_the_standard_has_it_are_those_that_they_came_from()
    {
        var images =
            from bits in Among(8, 10, 12, 14)
            from repeated in Gen.Bool
            from most in Gen.Int[1, (1 << bits) - 1]
            from samples in Gen.UShort[0, (ushort)most].Array[Side * Side]
            select (bits, repeated, samples);

        images.Sample(
            image =>
            {
                ushort[] scaled = [.. image.samples.Select(v => (ushort)((v << (16 - image.bits)) | (image.repeated ? v >> ((2 * image.bits) - 16) : 0)))];

                var decoded = Decoder.Decode(TestImages.DeepPng(Side, Side, scaled, stated: image.bits));

                Assert.Equal(Plain(image.samples, image.bits), decoded.Pixels);
                Assert.Null(decoded.Note);
            },
            iter: 200);
    }

    [Theory]
    [InlineData(1, 1, 255)]
    [InlineData(4, 15, 255)]
    [InlineData(4, 5, 85)]
    public void Fewer_bits_than_eight_fill_the_range_too(int stated, int value, int gray) => Assert.Equal(
        gray, Decoder.Decode(TestImages.DeepPng(Side, Side, [.. Enumerable.Repeat((ushort)value, Side * Side)], stated: stated)).Pixels[0]);

    [Fact]
    public void Colours_are_reduced_before_they_become_gray()
    {
        ushort[] rgb = [.. Enumerable.Range(0, Side * Side * 3).Select(i => (ushort)((i * 997) % 4096))];

        var gray = Decoder.Decode(TestImages.DeepPng(Side, Side, [.. rgb[..^1], 4095], colourType: 2)).Pixels;

        Assert.Equal(
            ((ushort[])[.. rgb[..^1], 4095]).Select(v => v >> 4).Chunk(3)
                .Select(p => (byte)(((p[0] * 19595) + (p[1] * 38470) + (p[2] * 7471) + 0x8000) >> 16)),
            gray);
    }

    [Fact]
    public void Values_beyond_the_bits_of_a_data_set_are_white_and_said()
    {
        var decoded = new SkiaImageDecoder { SampleBits = 10 }.Decode(TestImages.DeepPng(Side, Side, [5000, .. new ushort[(Side * Side) - 1]]));

        Assert.Equal((255, 0), (decoded.Pixels[0], decoded.Pixels[1]));
        Assert.Contains("values up to 5000, more than the 10 bits hold", decoded.Note!, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_8_bits_are_decoded_as_ever_whatever_is_known_of_others()
    {
        var file = TestImages.GrayPng();

        Assert.All((int?[])[null, 8, 12], bits => Assert.Equal(TestImages.Noise(20, 16).Pixels, new SkiaImageDecoder { SampleBits = bits }.Decode(file).Pixels));
        Assert.Null(Decoder.SampleBitsOf(file));
        Assert.Null(Decoder.Decode(file).Note);
    }

    [Fact]
    public void A_data_set_has_one_number_of_bits_for_all_its_images()
    {
        Write("a/1.png", 900, null);
        Write("a/2.png", 3000, null);
        Write("b/1.png", 60_000, 16);
        _folder.Write("b/2.png", TestImages.GrayPng());

        var dataset = CtDataset.Open(_folder.Path);
        var known = dataset.WithSampleBits(Decoder, TestContext.Current.CancellationToken);
        var taken = new Taken();
        dataset.Decode(Decoder, [taken], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((null, 12), (dataset.SampleBits, known.SampleBits));
        Assert.Contains("12 are taken for all", known.Warnings[^1], StringComparison.Ordinal);
        Assert.Equal([900 >> 4, 3000 >> 4, 60_000 >> 8], taken.Images.Take(3).Select(image => (int)image.Value.Pixels[0]));
        Assert.All(taken.Images.Values, image => Assert.Null(image.Note));
    }

    [Theory]
    [InlineData(900, 12)]
    [InlineData(900, 16)]
    public void Files_that_state_their_bits_need_none_of_the_data_set(int value, int stated)
    {
        Write("a/1.png", value, stated);
        _folder.Write("b/1.png", TestImages.GrayPng());

        var dataset = CtDataset.Open(_folder.Path).WithSampleBits(Decoder, TestContext.Current.CancellationToken);

        Assert.Null(dataset.SampleBits);
        Assert.DoesNotContain(dataset.Warnings, warning => warning.Contains("16 bits", StringComparison.Ordinal));
    }

    [Fact]
    public void Canvases_of_another_number_of_bits_are_others()
    {
        IImageDecoder decoder = Decoder;

        Assert.Equal(3, new[] { decoder, decoder.ForSamples(10), decoder.ForSamples(12) }.Select(one => one.Version).Distinct().Count());
        Assert.Same(decoder, decoder.ForSamples(null));
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.ForSamples(7));
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.ForSamples(17));
    }

    [Fact]
    public void A_file_cut_off_or_damaged_is_an_image_or_rejected()
    {
        var file = TestImages.DeepPng(Side, Side, [.. Enumerable.Range(0, Side * Side).Select(i => (ushort)(i * 16))], filters: [0, 1, 2, 3, 4], interlaced: true);
        for (var length = 0; length < file.Length; length++)
        {
            Try(file[..length]);
        }

        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).Array[1, 6].Sample(
            damage =>
            {
                byte[] damaged = [.. file];
                foreach (var (at, value) in damage)
                {
                    damaged[at] = value;
                }

                Try(damaged);
            },
            iter: 500);

        static void Try(byte[] content)
        {
            try
            {
                Assert.InRange(new SkiaImageDecoder(new() { MaxPixels = 1 << 20 }).Decode(content).Width, Side, 1 << 20);
            }
            catch (ImageRejectedException e)
            {
                Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static byte[] Plain(ushort[] samples, int bits) => [.. samples.Select(value => (byte)(value >> (bits - 8)))];

    private void Write(string file, int value, int? stated) => _folder.Write(
        file, TestImages.DeepPng(Side, Side, [(ushort)value, 3, .. new ushort[(Side * Side) - 2]], stated: stated));

    private sealed class Taken : IImageTarget
    {
        public SortedDictionary<int, GrayImage> Images { get; } = [];

        public bool Wants(int row) => true;

        public void Take(int row, ReadOnlyMemory<byte> file, GrayImage image)
        {
            lock (Images)
            {
                Images.Add(row, image);
            }
        }

        public void Reject(int row, string reason, bool wasRead) => Assert.Fail(reason);
    }
}
