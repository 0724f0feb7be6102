using System.Collections.Concurrent;
using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Canvases;

[Collection(NativeMemory.Name)]
public sealed class CanvasDecodingTests : IDisposable
{
    private static readonly ImageSize[] Sizes = [new(30, 20), new(21, 33)];

    private readonly TemporaryFolder _folder = new();

    public CanvasDecodingTests()
    {
        for (var i = 0; i < 40; i++)
        {
            _folder.Write($"{(i % 2 == 0 ? "a" : "b")}/{i:00}.png", TestImages.GrayPng(20 + i, 40));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_every_store_are_the_canvases_of_the_samples_in_their_order()
    {
        using var decoded = Decode();

        Assert.Equal(40, decoded.Dataset.Samples.Count);
        Assert.Equal(Sizes, decoded.Stores.Keys);
        foreach (var (size, store) in decoded.Stores)
        {
            for (var row = 0; row < 40; row++)
            {
                var image = new SkiaImageDecoder().DecodeFile(decoded.Dataset.FullPath(decoded.Dataset.Samples[row]));
                var expected = new CanvasTransform(new CanvasOptions()).Apply(image, size);
                var pixels = new byte[size.Width * size.Height];
                store.Read(row, pixels);
                Assert.Equal(expected.Pixels, pixels);
                Assert.Equal(expected.Geometry, store.Geometries[row]);
            }
        }
    }

    [Fact]
    public void What_cannot_be_read_is_rejected_by_name_and_leaves_no_row()
    {
        _folder.Write("a/00.png", TestImages.GrayPng()[..60]);
        _folder.Write("b/13.png", TestImages.GrayPng(1, 1));
        _folder.Write("b/39.png", TestImages.Png(30_000, 30_000, 8, 0, new byte[1000]));
        _folder.Write("b/notes.txt", "text");

        using var decoded = Decode();

        Assert.Equal(["a/00.png", "b/13.png", "b/39.png", "b/notes.txt"], decoded.Dataset.Rejected.Select(rejection => rejection.Path));
        Assert.Equal(37, decoded.Dataset.Samples.Count);
        foreach (var store in decoded.Stores.Values)
        {
            Assert.Equal(37, store.Count);
            Assert.Equal(
                decoded.Dataset.Samples.Select(sample => 20 + int.Parse(Path.GetFileNameWithoutExtension(sample.Path))),
                store.Geometries.Select(geometry => geometry.Original.Width));
        }
    }

    [Fact]
    public void Each_image_is_decoded_once_for_all_sizes()
    {
        var decoder = new CountingDecoder();

        using var decoded = Decode(decoder);

        Assert.Equal(40, decoder.Decoded.Count);
        Assert.All(decoder.Decoded, entry => Assert.Equal(1, entry.Value));
    }

    [Fact]
    public void Progress_counts_up_to_the_number_of_images()
    {
        var progress = new Recorder();

        using var decoded = Decode(progress: progress);

        Assert.Equal(Enumerable.Range(1, 40), progress.Reports);
    }

    [Fact]
    public void Random_placement_does_not_depend_on_the_order_of_work()
    {
        var transform = new CanvasTransform(new CanvasOptions { Placement = CanvasPlacement.Random, Seed = 9 });
        using var first = Decode(transform: transform);
        using var second = Decode(transform: transform);

        Assert.Equal(first.Stores[Sizes[0]].Geometries, second.Stores[Sizes[0]].Geometries);
        Assert.NotEqual(first.Stores[Sizes[0]].Geometries, Decoded(new CanvasOptions { Placement = CanvasPlacement.Random, Seed = 8 }));
    }

    [Fact]
    public void Nothing_readable_is_unusable()
    {
        var e = Assert.Throws<UnusableDataException>(() => Decode(new RefusingDecoder(new ImageRejectedException("It is refused."))));

        Assert.Contains("40 were rejected, the first being a/00.png: It is refused.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_the_decoder_shows_as_it_was_thrown() =>
        Assert.Throws<DivideByZeroException>(() => Decode(new RefusingDecoder(new DivideByZeroException())));

    [Fact]
    public void Cancelling_stops_the_work()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => CanvasDecoding.Decode(
            CtDataset.Open(_folder.Path), Sizes, new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: source.Token));
    }

    [Fact]
    public void Nothing_native_is_left_behind_whether_it_ends_well_or_not()
    {
        var before = Tensor.TotalCount;
        _folder.Write("a/00.png", "text");
        using (NewDisposeScope())
        {
            using var decoded = Decode();
            Assert.Equal(before + Sizes.Length, Tensor.TotalCount);
        }

        Assert.ThrowsAny<Exception>(() => Decode(new RefusingDecoder(new DivideByZeroException())));
        Assert.ThrowsAny<Exception>(() => Decode(new RefusingDecoder(new ImageRejectedException("It is refused."))));
        Assert.Equal(before, Tensor.TotalCount);
    }

    private IReadOnlyList<CanvasGeometry> Decoded(CanvasOptions options)
    {
        using var decoded = Decode(transform: new CanvasTransform(options));
        return decoded.Stores[Sizes[0]].Geometries;
    }

    private DecodedDataset Decode(IImageDecoder? decoder = null, CanvasTransform? transform = null, IProgress<int>? progress = null) =>
        CanvasDecoding.Decode(
            CtDataset.Open(_folder.Path),
            Sizes,
            transform ?? new CanvasTransform(new CanvasOptions()),
            decoder ?? new SkiaImageDecoder(),
            progress,
            cancellationToken: TestContext.Current.CancellationToken);

    private sealed class CountingDecoder : IImageDecoder
    {
        public ConcurrentDictionary<int, int> Decoded { get; } = new();

        public GrayImage Decode(ReadOnlyMemory<byte> file)
        {
            var image = new SkiaImageDecoder().Decode(file);
            Decoded.AddOrUpdate(image.Width, 1, (_, count) => count + 1);
            return image;
        }
    }

    private sealed class RefusingDecoder(Exception exception) : IImageDecoder
    {
        public GrayImage Decode(ReadOnlyMemory<byte> file) => throw exception;
    }

    private sealed class Recorder : IProgress<int>
    {
        public List<int> Reports { get; } = [];

        public void Report(int value) => Reports.Add(value);
    }
}
