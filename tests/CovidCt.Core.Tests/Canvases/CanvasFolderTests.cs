using System.Collections.Concurrent;
using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Canvases;

/// <summary>Canvases in files: <see cref="CanvasDecoding.Open"/>.</summary>
public sealed class CanvasFolderTests : IDisposable
{
    private const int Images = 40;
    private static readonly ImageSize[] Sizes = [new(30, 20), new(21, 33)];

    private readonly TemporaryFolder _folder = new();

    public CanvasFolderTests()
    {
        for (var i = 0; i < Images; i++)
        {
            _folder.Write($"data/{(i % 2 == 0 ? "a" : "b")}/{i:00}.png", TestImages.GrayPng(20 + i, 40));
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _folder["data"];

    private string Canvases => _folder["canvases"];

    private string FileOf(ImageSize size) => Path.Combine(Canvases, $"{size.Width}x{size.Height}-centred.canvases");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Canvases_from_files_are_those_from_memory_made_or_found()
    {
        _folder.Write("data/a/00.png", TestImages.GrayPng()[..60]);
        _folder.Write("data/b/39.png", "text that is no image, and a reason that is longer than a small canvas");
        using var expected = CanvasDecoding.Decode(CtDataset.Open(Data), Sizes, new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: Token);

        using var made = Open();
        using var found = Open(new Unused());

        AssertEqual(expected, made);
        AssertEqual(expected, found);
        Assert.Equal(["a/00.png", "b/39.png"], found.Dataset.Rejected.Select(rejection => rejection.Path));
        Assert.Null(made.Note);
        Assert.Equal([".lock", .. Sizes.Select(FileOf).Select(Path.GetFileName).Order(StringComparer.Ordinal)], FilesLeft());
    }

    [Fact]
    public void Batches_from_a_file_are_those_from_memory()
    {
        using var expected = CanvasDecoding.Decode(CtDataset.Open(Data), Sizes, new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: Token);
        using var made = Open();
        int[][] parts = [[3, 0, 39], [], [3, 3], [17]];

        foreach (var (there, here) in expected.Stores[Sizes[0]].Batches(parts, CPU).Zip(made.Stores[Sizes[0]].Batches(parts, CPU)))
        {
            using (there)
            using (here)
            {
                Assert.Equal(there.Gray.bytes.ToArray(), here.Gray.bytes.ToArray());
                Assert.Equal(there.Inside.bytes.ToArray(), here.Inside.bytes.ToArray());
            }
        }
    }

    [Fact]
    public void A_size_that_is_missing_is_made_beside_those_that_are_there()
    {
        Open([Sizes[0]]).Dispose();
        var decoder = new Counting();

        Open(Sizes, decoder).Dispose();
        Open(Sizes, new Unused()).Dispose();

        Assert.Equal(Images, decoder.Count);
    }

    [Fact]
    public void A_part_of_the_data_set_is_found_in_the_files_of_all_of_it()
    {
        using var all = Open();
        var dataset = CtDataset.Open(Data);
        int[] rows = [3, 11, 38];

        using var part = CanvasDecoding.Open(
            Canvases, dataset with { Samples = [.. rows.Select(row => dataset.Samples[row])] }, Sizes, new CanvasTransform(new CanvasOptions()), new Unused(), cancellationToken: Token);

        foreach (var size in Sizes)
        {
            Assert.Equal(rows.Select(row => all.Stores[size].Geometries[row]), part.Stores[size].Geometries);
            Assert.Equal(rows.Select(row => Pixels(all.Stores[size], row)), Enumerable.Range(0, 3).Select(row => Pixels(part.Stores[size], row)));
        }
    }

    [Fact]
    public void An_image_that_changed_makes_them_anew()
    {
        Open().Dispose();
        _folder.Write("data/a/02.png", TestImages.GrayPng(50, 60));

        using var decoded = Open();

        Assert.Equal(new ImageSize(50, 60), decoded.Stores[Sizes[0]].Geometries[1].Original);
    }

    [Fact]
    public void The_time_of_change_alone_makes_them_anew()
    {
        Open().Dispose();
        File.SetLastWriteTimeUtc(Path.Combine(Data, "b", "05.png"), DateTime.UtcNow.AddMinutes(-5));
        var decoder = new Counting();

        Open(Sizes, decoder).Dispose();

        Assert.Equal(Images, decoder.Count);
    }

    [Fact]
    public void Another_decoder_makes_them_anew()
    {
        Open().Dispose();
        var decoder = new Counting { Version = "another" };

        Open(Sizes, decoder).Dispose();

        Assert.Equal(Images, decoder.Count);
    }

    [Fact]
    public void Ways_to_place_images_have_files_of_their_own()
    {
        CanvasOptions[] ways = [new(), new() { Fit = CanvasFit.Stretch }, new() { Placement = CanvasPlacement.Random, Seed = 4 }, new() { Placement = CanvasPlacement.Random, Seed = 5 }];
        foreach (var way in ways)
        {
            CanvasDecoding.Open(Canvases, CtDataset.Open(Data), Sizes, new CanvasTransform(way), new SkiaImageDecoder(), cancellationToken: Token).Dispose();
        }

        foreach (var way in ways)
        {
            using var expected = CanvasDecoding.Decode(CtDataset.Open(Data), Sizes, new CanvasTransform(way), new SkiaImageDecoder(), cancellationToken: Token);
            using var found = CanvasDecoding.Open(Canvases, CtDataset.Open(Data), Sizes, new CanvasTransform(way), new Unused(), cancellationToken: Token);
            AssertEqual(expected, found);
        }
    }

    [Fact]
    public void A_part_whose_random_places_are_others_is_decoded_anew()
    {
        var dataset = CtDataset.Open(Data);
        var transform = new CanvasTransform(new CanvasOptions { Placement = CanvasPlacement.Random });
        CanvasDecoding.Open(Canvases, dataset, Sizes, transform, new SkiaImageDecoder(), cancellationToken: Token).Dispose();
        var part = dataset with { Samples = [.. dataset.Samples.Skip(7).Take(5)] };
        using var expected = CanvasDecoding.Decode(part, Sizes, transform, new SkiaImageDecoder(), cancellationToken: Token);

        using var found = CanvasDecoding.Open(Canvases, part, Sizes, transform, new SkiaImageDecoder(), cancellationToken: Token);

        AssertEqual(expected, found);
    }

    [Theory]
    [InlineData(3L)]
    [InlineData(12L)]
    [InlineData(22L)]
    [InlineData(4096L + 30)]
    [InlineData(4096L + (39 * 64) + 60)]
    [InlineData(8192L + 17)]
    [InlineData(8192L + (39 * 1024) + 599)]
    public void One_changed_byte_anywhere_makes_a_file_anew(long place)
    {
        Open().Dispose();
        var whole = File.ReadAllBytes(FileOf(Sizes[0]));
        using (var file = new FileStream(FileOf(Sizes[0]), FileMode.Open, FileAccess.Write))
        {
            file.Position = place;
            file.WriteByte((byte)~whole[place]);
        }

        var decoder = new Counting();
        Open(Sizes, decoder).Dispose();

        Assert.Equal(Images, decoder.Count);
        Assert.Equal(whole, File.ReadAllBytes(FileOf(Sizes[0])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(5000)]
    [InlineData(-1)]
    public void A_file_that_is_cut_off_is_made_anew(int length)
    {
        Open().Dispose();
        var whole = File.ReadAllBytes(FileOf(Sizes[1]));
        File.WriteAllBytes(FileOf(Sizes[1]), whole[..(length < 0 ? whole.Length + length : length)]);

        Open().Dispose();

        Assert.Equal(whole, File.ReadAllBytes(FileOf(Sizes[1])));
    }

    [Fact]
    public void A_file_that_is_cut_off_or_damaged_while_it_is_read_is_one_clear_error()
    {
        using var decoded = Open();
        var store = decoded.Stores[Sizes[0]];
        var file = FileOf(Sizes[0]);
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.Position = 8192 + 5;
            stream.WriteByte(77);
            stream.SetLength(8192 + (20 * 1024));
        }

        Assert.Contains(file, Assert.Throws<IOException>(() => Pixels(store, 0)).Message, StringComparison.Ordinal);
        Assert.Contains(file, Assert.Throws<IOException>(() => Pixels(store, 30)).Message, StringComparison.Ordinal);
        Assert.NotEmpty(Pixels(store, 1));
    }

    [Fact]
    public void What_a_cancelled_call_decoded_is_gone_on_with()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = new Counting { After = count => { if (count == 15) { source.Cancel(); } } };

        Assert.ThrowsAny<OperationCanceledException>(() => Open(Sizes, first, token: source.Token));
        Assert.DoesNotContain(FilesLeft(), name => name!.EndsWith(".canvases", StringComparison.Ordinal));

        var second = new Counting();
        var progress = new Recorder();
        using var decoded = Open(Sizes, second, progress);

        Assert.Equal(Images, first.Count + second.Count);
        Assert.Equal(Enumerable.Range(1, Images), progress.Reports);
        using var expected = CanvasDecoding.Decode(CtDataset.Open(Data), Sizes, new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: Token);
        AssertEqual(expected, decoded);
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_decoded_again()
    {
        Open().Dispose();
        var whole = Sizes.Select(size => File.ReadAllBytes(FileOf(size))).ToList();
        foreach (var size in Sizes)
        {
            // Row 7 has its entry and lost its pixels, row 8 has its pixels and no entry, row 9 half an entry.
            var bytes = File.ReadAllBytes(FileOf(size));
            bytes.AsSpan(8192 + (7 * 1024), 1024).Clear();
            bytes.AsSpan(4096 + (8 * 64), 64).Clear();
            bytes.AsSpan(4096 + (9 * 64) + 32, 32).Clear();
            File.WriteAllBytes(FileOf(size) + ".part", bytes);
            File.Delete(FileOf(size));
        }

        var decoder = new Counting();
        Open(Sizes, decoder).Dispose();

        Assert.Equal(3, decoder.Count);
        Assert.Equal(whole, Sizes.Select(size => File.ReadAllBytes(FileOf(size))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a file of canvases")]
    public void A_part_of_something_else_is_begun_anew(string content)
    {
        foreach (var size in Sizes)
        {
            _folder.Write($"canvases/{Path.GetFileName(FileOf(size))}.part", content);
        }

        Open().Dispose();
        Open(new Unused()).Dispose();
    }

    [Fact]
    public async Task Of_two_at_once_one_decodes_and_the_other_waits()
    {
        var decoder = new Counting();

        var both = await Task.WhenAll(Task.Run(() => Open(Sizes, decoder), Token), Task.Run(() => Open(Sizes, decoder), Token));

        Assert.Equal(Images, decoder.Count);
        AssertEqual(both[0], both[1]);
        Array.ForEach(both, one => one.Dispose());
    }

    [Fact]
    public void Waiting_for_another_can_be_cancelled()
    {
        Directory.CreateDirectory(Canvases);
        using var held = new FileStream(Path.Combine(Canvases, ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        source.CancelAfter(TimeSpan.FromMilliseconds(200));

        Assert.ThrowsAny<OperationCanceledException>(() => Open(Sizes, new Unused(), token: source.Token));
    }

    [Fact]
    public void Those_who_read_a_file_go_on_with_it_while_it_is_made_anew()
    {
        using var before = Open();
        var expected = Pixels(before.Stores[Sizes[0]], 1);
        _folder.Write("data/a/02.png", TestImages.GrayPng(50, 60));

        using var after = Open();

        Assert.Equal(expected, Pixels(before.Stores[Sizes[0]], 1));
        Assert.NotEqual(expected, Pixels(after.Stores[Sizes[0]], 1));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_leaves_the_canvases_in_memory_with_a_note()
    {
        _folder.Write("canvases", "a file in the folder's place");

        using var decoded = Open();

        Assert.Contains(Canvases, decoded.Note, StringComparison.Ordinal);
        Assert.Equal(Images, decoded.Stores[Sizes[0]].Count);
    }

    [Fact]
    public void A_file_that_could_not_be_read_is_tried_again()
    {
        var dataset = CtDataset.Open(Data);
        var bytes = File.ReadAllBytes(Path.Combine(Data, "a", "06.png"));
        File.Delete(Path.Combine(Data, "a", "06.png"));
        using (var without = Open(dataset))
        {
            Assert.Equal(["a/06.png"], without.Dataset.Rejected.Select(rejection => rejection.Path));
        }

        using (var again = Open(dataset, new Unused()))
        {
            Assert.Equal(Images - 1, again.Dataset.Samples.Count);
        }

        _folder.Write("data/a/06.png", bytes);
        using var with = Open(dataset);
        Assert.Equal(Images, with.Dataset.Samples.Count);
    }

    [Fact]
    public void Who_else_wants_the_images_is_shown_each_while_it_is_decoded_for_canvases()
    {
        _folder.Write("data/b/39.png", TestImages.GrayPng()[..60]);
        var (decoder, onlooker) = (new Counting(), new Onlooker());

        using var decoded = Open(Sizes, decoder, also: onlooker);

        Assert.Equal(Images - 1, decoder.Count);
        Assert.Equal(
            decoded.Stores[Sizes[0]].Geometries.Select(geometry => geometry.Original.Width),
            onlooker.Widths.OrderBy(shown => shown.Key).Select(shown => shown.Value));
        Assert.Equal(decoded.Dataset.Rejected.Select(rejection => rejection.Reason), onlooker.Reasons.Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Canvases_that_are_there_keep_no_image_from_who_else_wants_it(int there)
    {
        Open(Sizes[..there]).Dispose();
        var (decoder, onlooker, progress) = (new Counting(), new Onlooker(), new Recorder());

        Open(Sizes, decoder, progress, onlooker).Dispose();
        Open(Sizes, new Unused(), also: onlooker).Dispose();

        Assert.Equal((Images, Images), (decoder.Count, onlooker.Widths.Count));
        Assert.Equal(Enumerable.Range(1, Images), progress.Reports);
    }

    [Fact]
    public void Of_a_cancelled_call_canvases_are_kept_and_who_else_wants_the_images_is_shown_all()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = new Counting { After = count => { if (count == 15) { source.Cancel(); } } };
        Assert.ThrowsAny<OperationCanceledException>(() => Open(Sizes, first, also: new Onlooker(), token: source.Token));
        var whole = new Onlooker();

        using var decoded = Open(Sizes, also: whole);

        Assert.Equal(Images, whole.Widths.Count);
        using var expected = CanvasDecoding.Decode(
            CtDataset.Open(Data), Sizes, new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: Token);
        AssertEqual(expected, decoded);
    }

    [Fact]
    public void Canvases_in_memory_for_lack_of_a_folder_are_shown_too()
    {
        _folder.Write("canvases", "a file in the folder's place");
        var onlooker = new Onlooker();

        using var decoded = Open(Sizes, also: onlooker);

        Assert.NotNull(decoded.Note);
        Assert.Equal(Images, onlooker.Widths.Count);
    }

    [Fact]
    public void A_fault_of_the_decoder_shows_as_it_was_thrown_and_leaves_no_file()
    {
        Assert.Throws<DivideByZeroException>(() => Open(Sizes, new Counting { After = _ => throw new DivideByZeroException() }));

        Assert.Equal([".lock"], FilesLeft());
    }

    [Fact]
    public void Nothing_readable_is_unusable_each_time()
    {
        var refusing = new Counting { After = _ => throw new ImageRejectedException("It is refused.") };

        Assert.Throws<UnusableDataException>(() => Open(Sizes, refusing));
        var e = Assert.Throws<UnusableDataException>(() => Open(Sizes, new Unused()));

        Assert.Contains("40 were rejected, the first being a/00.png: It is refused.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_stops_asking_for_batches_leaves_nothing_behind()
    {
        using var decoded = Open();
        using (var batches = decoded.Stores[Sizes[0]].Batches([[0], [1], [2]], CPU).GetEnumerator())
        {
            Assert.True(batches.MoveNext());
            batches.Current.Dispose();
        }

        using var failing = decoded.Stores[Sizes[0]].Batches([[0], [Images]], CPU).GetEnumerator();
        Assert.True(failing.MoveNext());
        failing.Current.Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() => failing.MoveNext());
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Canvases_of_many_images_take_none_of_the_memory()
    {
        const int Many = 20_000;
        var size = new ImageSize(335, 255);
        var picture = TestImages.GrayPng(40, 30);
        for (var i = 0; i < Many; i++)
        {
            _folder.Write($"many/{(i % 2 == 0 ? "a" : "b")}/{i:00000}.png", picture);
        }

        var dataset = CtDataset.Open(_folder["many"]);
        GC.Collect();
        var before = Environment.WorkingSet;
        long most = 0;
        for (var call = 0; call < 2; call++)
        {
            using var decoded = CanvasDecoding.Open(
                Canvases, dataset, [size], new CanvasTransform(new CanvasOptions()), call == 0 ? new SkiaImageDecoder() : new Unused(), cancellationToken: Token);
            var order = Enumerable.Range(0, Many).OrderBy(row => (row * 2654435761L) & 0xFFFFFF);
            foreach (var batch in decoded.Stores[size].Batches(order.Chunk(32), CPU))
            {
                batch.Dispose();
                most = Math.Max(most, Environment.WorkingSet);
            }
        }

        Assert.InRange(most - before, long.MinValue, (long)Many * size.Width * size.Height / 8);
    }

    private static void AssertEqual(DecodedDataset expected, DecodedDataset actual)
    {
        Assert.Equal(expected.Dataset.Samples, actual.Dataset.Samples);
        Assert.Equal(expected.Dataset.Rejected, actual.Dataset.Rejected);
        Assert.Equal(expected.Stores.Keys, actual.Stores.Keys);
        foreach (var (size, store) in expected.Stores)
        {
            Assert.Equal(store.Geometries, actual.Stores[size].Geometries);
            for (var row = 0; row < store.Count; row++)
            {
                Assert.Equal(Pixels(store, row), Pixels(actual.Stores[size], row));
            }
        }
    }

    private static byte[] Pixels(CanvasStore store, int row)
    {
        var pixels = new byte[store.Size.Width * store.Size.Height];
        store.Read(row, pixels);
        return pixels;
    }

    private IEnumerable<string?> FilesLeft() => Directory.GetFiles(Canvases).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private DecodedDataset Open(IImageDecoder? decoder = null) => Open(Sizes, decoder);

    private DecodedDataset Open(CtDataset dataset, IImageDecoder? decoder = null) =>
        CanvasDecoding.Open(Canvases, dataset, Sizes, new CanvasTransform(new CanvasOptions()), decoder ?? new SkiaImageDecoder(), cancellationToken: Token);

    private DecodedDataset Open(
        ImageSize[] sizes, IImageDecoder? decoder = null, IProgress<int>? progress = null, IImageTarget? also = null,
        CancellationToken? token = null) => CanvasDecoding.Open(
            Canvases, CtDataset.Open(Data), sizes, new CanvasTransform(new CanvasOptions()), decoder ?? new SkiaImageDecoder(), progress,
            also, token ?? Token);

    /// <summary>Keeps the widths of what it is shown, each of which it wants once.</summary>
    private sealed class Onlooker : IImageTarget
    {
        public ConcurrentDictionary<int, int> Widths { get; } = new();

        public ConcurrentDictionary<int, string> Reasons { get; } = new();

        public bool Wants(int row) => !Widths.ContainsKey(row) && !Reasons.ContainsKey(row);

        public void Take(int row, ReadOnlyMemory<byte> file, GrayImage image) => Assert.True(Widths.TryAdd(row, image.Width));

        public void Reject(int row, string reason, bool wasRead) => Assert.True(Reasons.TryAdd(row, reason));
    }

    /// <summary>A decoder that counts what it decodes.</summary>
    private sealed class Counting : IImageDecoder
    {
        private int _count;

        public int Count => _count;

        public Action<int> After { get; init; } = _ => { };

        public string Version { get; init; } = new SkiaImageDecoder().Version;

        public GrayImage Decode(ReadOnlyMemory<byte> file)
        {
            var image = new SkiaImageDecoder().Decode(file);
            After(Interlocked.Increment(ref _count));
            return image;
        }
    }

    /// <summary>A decoder that must not be needed.</summary>
    private sealed class Unused : IImageDecoder
    {
        public string Version => new SkiaImageDecoder().Version;

        public GrayImage Decode(ReadOnlyMemory<byte> file) => throw new InvalidOperationException("An image is decoded again.");
    }

    private sealed class Recorder : IProgress<int>
    {
        public List<int> Reports { get; } = [];

        public void Report(int value) => Reports.Add(value);
    }
}
