using System.Collections.Concurrent;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Data;

public sealed class CtDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sars_cov_2_ct_is_told_by_its_folders_and_files()
    {
        Images("COVID/Covid (1).png", "COVID/Covid (10).png", "COVID/Covid (2).png", "non-COVID/Non-Covid (1).png");

        var dataset = CtDataset.Open(_folder.Path);

        Assert.Equal("SARS-CoV-2 CT-scan", dataset.Name);
        Assert.Equal(["non-COVID", "COVID"], dataset.Classes);
        Assert.Equal(1, dataset.Positive);
        Assert.Equal([1, 1, 1, 0], dataset.Samples.Select(sample => sample.Label));
        Assert.Equal(
            ["COVID/Covid (1).png", "COVID/Covid (10).png", "COVID/Covid (2).png", "non-COVID/Non-Covid (1).png"],
            dataset.Samples.Select(sample => sample.Path));
        Assert.False(dataset.HasPatients);
    }

    [Fact]
    public void Any_other_folders_are_classes_with_all_that_lies_below_them()
    {
        Images("pneumonia/1.png", "COVID/p1/1.png", "COVID/p1/2.png", "non-COVID/1.png");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        _folder.Write(".git/config", "x");
        _folder.Write("__MACOSX/1.png", "x");

        var dataset = CtDataset.Open(_folder.Path + Path.DirectorySeparatorChar);

        Assert.Equal(Path.GetFileName(_folder.Path), dataset.Name);
        Assert.Equal(["COVID", "non-COVID", "pneumonia"], dataset.Classes);
        Assert.Equal(0, dataset.Positive);
        Assert.Equal(["COVID/p1/1.png", "COVID/p1/2.png", "non-COVID/1.png", "pneumonia/1.png"], dataset.Samples.Select(sample => sample.Path));
    }

    [Theory]
    [InlineData("COVID,non-COVID", 0)]
    [InlineData("Normal,covid19", 1)]
    [InlineData("NonCOVID,xCOVID", 1)]
    [InlineData("COVID,covid_negative,no-covid", 0)]
    [InlineData("CT_COVID,CT_NonCOVID", 0)]
    [InlineData("covid-mild,covid-severe,healthy", 1)]
    [InlineData("a,b", 1)]
    [InlineData("0,1", 1)]
    public void The_positive_class_is_found_by_its_name(string classes, int positive) =>
        Assert.Equal(positive, DatasetReader.PositiveOf(classes.Split(',')));

    public static TheoryData<string, string[], int, (string Path, int Label)[]> Contradictions { get; } = new()
    {
        { "number 5, counted from 0, is to be the positive one", ["a", "b"], 5, [("1.png", 0)] },
        { "number -1, counted from 0", ["a", "b"], -1, [("1.png", 0)] },
        { "2.png the label 7", ["a", "b"], 1, [("1.png", 0), ("2.png", 7)] },
        { "1.png the label -1", ["a", "b"], 1, [("1.png", -1)] },
        { "1.png is there twice", ["a", "b"], 1, [("1.png", 0), ("1.png", 1)] },
        { "image 1, counted from 0, has no path", ["a", "b"], 1, [("1.png", 0), ("", 1)] },
        { "2 classes (a, a): give each a name of its own", ["a", "a"], 1, [("1.png", 0)] },
        { "0 classes", [], 0, [("1.png", 0)] },
    };

    [Theory]
    [MemberData(nameof(Contradictions), DisableDiscoveryEnumeration = true)]
    public void A_data_set_that_contradicts_itself_is_refused_when_it_is_made_and_when_it_is_used(
        string words, string[] classes, int positive, (string Path, int Label)[] samples)
    {
        List<CtSample> images = [.. samples.Select(sample => new CtSample(sample.Path, sample.Label))];
        var sound = new CtDataset("name", "/data", ["a", "b"], 0, [], []);
        var changed = sound with { Classes = classes, Positive = positive, Samples = images };

        Assert.All(
            (Action[])
            [
                () => _ = new CtDataset("name", "/data", classes, positive, images, []), changed.ThrowIfInvalid,
                () => changed.Decode(new SkiaImageDecoder(), [], cancellationToken: TestContext.Current.CancellationToken), () => _ = new CovidCt.Audit.DatasetAudit(changed, new()),
            ],
            use =>
            {
                var error = Assert.Throws<UnusableDataException>(use);
                Assert.Contains(words, error.Message, StringComparison.Ordinal);
                Assert.StartsWith("/data", error.Message, StringComparison.Ordinal);
            });
    }

    [Fact]
    public void A_sample_is_a_path_and_a_label_where_nothing_else_is_known()
    {
        var sample = new CtSample("1.png", 1);

        Assert.Equal(new CtSample("1.png", 1, null, null), sample);
        Assert.Equal((null, null, null, null), (sample.Patient, sample.Split, sample.Source, sample.Findings));
        Assert.Empty(sample.Columns);
    }

    [Fact]
    public void A_positive_class_that_nothing_names_is_a_guess_and_said()
    {
        Images("sick/1.png", "well/1.png");

        var dataset = CtDataset.Open(_folder.Path);

        Assert.Equal((1, true), (dataset.Positive, dataset.IsPositiveGuessed));
        var warning = Assert.Single(dataset.Warnings);
        Assert.Contains("sick, well", warning, StringComparison.Ordinal);
        Assert.Contains("well is taken", warning, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_positive_class_that_somebody_names_is_no_guess()
    {
        Images("sick/1.png", "well/1.png");
        var guessed = CtDataset.Open(_folder.Path);

        foreach (var (positive, name) in guessed.Classes.Index())
        {
            Assert.All(
                [CtDataset.Open(_folder.Path, name), guessed.WithPositive(name)],
                dataset =>
                {
                    Assert.Equal((positive, false), (dataset.Positive, dataset.IsPositiveGuessed));
                    Assert.Empty(dataset.Warnings);
                    Assert.Equal(guessed.Samples, dataset.Samples);
                });
        }

        Assert.False((guessed with { Positive = 0 }).IsPositiveGuessed);
    }

    [Fact]
    public void A_suggested_positive_class_takes_the_place_of_a_guess_alone_and_where_it_is_there()
    {
        Images("sick/1.png", "well/1.png");
        var guessed = CtDataset.Open(_folder.Path);
        var named = guessed.WithPositive("well");

        Assert.Equal((0, false), (guessed.WithSuggestedPositive("sick").Positive, guessed.WithSuggestedPositive("sick").IsPositiveGuessed));
        Assert.Same(guessed, guessed.WithSuggestedPositive("ill"));
        Assert.Same(named, named.WithSuggestedPositive("sick"));
    }

    [Fact]
    public void A_class_that_is_not_there_is_refused_with_those_that_are()
    {
        Images("sick/1.png", "well/1.png");

        var error = Assert.Throws<ArgumentException>(() => CtDataset.Open(_folder.Path, positive: "ill"));

        Assert.Contains("no class 'ill'; its classes are sick, well", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("COVID", "non-COVID", false)]
    [InlineData("covid19", "healthy", false)]
    [InlineData("covid-mild", "covid-severe", true)]
    [InlineData("0", "1", true)]
    public void One_class_that_is_named_after_the_disease_is_no_guess(string first, string second, bool isGuess)
    {
        Images($"{first}/1.png", $"{second}/1.png");

        Assert.Equal(isGuess, CtDataset.Open(_folder.Path).IsPositiveGuessed);
    }

    [Fact]
    public void The_data_set_to_test_on_has_the_positive_class_of_the_other_unless_somebody_names_another()
    {
        Images("here/sick/1.png", "here/well/1.png", "there/sick/1.png", "there/well/1.png");
        var (here, there) = (CtDataset.Open(Path.Combine(_folder.Path, "here"), "sick"), CtDataset.Open(Path.Combine(_folder.Path, "there")));

        var (same, other, guessed) = (here.TestedOn(there), here.TestedOn(there.WithPositive("well")), CtDataset.Open(here.Root).TestedOn(there));

        Assert.Equal(("sick", "well", "well"), (same.TestPositive, other.TestPositive, guessed.TestPositive));
        Assert.Equal([0, 1], same.Samples.Where(sample => sample.Split == "test").Select(sample => sample.Label));
        Assert.Equal([1, 0], other.Samples.Where(sample => sample.Split == "test").Select(sample => sample.Label));
        Assert.Empty(same.Warnings);
        Assert.Equal(2, guessed.Warnings.Count);
        Assert.All(guessed.Warnings.Zip([here.Root, there.Root]), pair => Assert.Contains(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Fact]
    public void An_archive_unpacked_into_a_folder_of_its_own_is_looked_into()
    {
        Images("archive/data/a/1.png", "archive/data/b/1.png");
        _folder.Write("README.md", "text");

        var dataset = CtDataset.Open(_folder.Path);

        Assert.Equal(("data", 2), (dataset.Name, dataset.Samples.Count));
        Assert.Equal("a/1.png", dataset.Samples[0].Path);
    }

    [Fact]
    public void Files_that_are_no_images_are_rejected_by_name_whatever_they_are_called()
    {
        Images("a/1.png", "b/2.txt", "stray.png");
        _folder.Write("a/SOURCES.md", "# Sources");
        _folder.Write("a/empty.png", "");
        _folder.Write("a/text.png", "no picture");
        _folder.Write("b/Thumbs.db", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        _folder.Write("b/.hidden", "x");

        var dataset = CtDataset.Open(_folder.Path);

        Assert.Equal(["a/1.png", "b/2.txt"], dataset.Samples.Select(sample => sample.Path));
        Assert.Equal(
            ["a/SOURCES.md", "a/empty.png", "a/text.png", "b/.hidden", "b/Thumbs.db", "stray.png"], dataset.Rejected.Select(rejection => rejection.Path));
        Assert.All(dataset.Rejected, rejection => Assert.EndsWith(".", rejection.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_are_followed_but_not_in_circles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Images("data/a/1.png", "data/b/1.png", "elsewhere/2.png");
        var data = Path.Combine(_folder.Path, "data");
        Directory.CreateSymbolicLink(Path.Combine(data, "a", "circle"), data);
        Directory.CreateSymbolicLink(Path.Combine(data, "b", "more"), Path.Combine(_folder.Path, "elsewhere"));
        File.CreateSymbolicLink(Path.Combine(data, "b", "gone.png"), Path.Combine(_folder.Path, "gone.png"));

        var dataset = CtDataset.Open(data);

        Assert.Equal(["a/1.png", "b/1.png", "b/more/2.png"], dataset.Samples.Select(sample => sample.Path));
        Assert.Equal([new Rejection("b/gone.png", "There is no such file.")], dataset.Rejected);
    }

    [Fact]
    public void What_is_no_data_set_is_said_to_be_none()
    {
        Assert.Contains("is no data set", Failure(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("There is no folder", Failure(Path.Combine(_folder.Path, "gone")), StringComparison.Ordinal);
        Assert.Contains("is a file", Failure(_folder.Write("a.png", "x")), StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_is_no_data_set()
    {
        Images("COVID/1.png", "COVID/2.png");

        Assert.Contains("two or more", Failure(_folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_without_a_readable_file_is_unusable()
    {
        _folder.Write("a/1.png", "text");
        _folder.Write("b/1.png", "text");

        Assert.Contains("2 were rejected, the first being a/1.png: The file is text", Failure(_folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_a_split_are_not_taken_for_classes()
    {
        Images("train/a/1.png", "test/a/1.png", "val/b/1.png");

        Assert.Contains("parts of a split", Failure(_folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_sets_are_not_taken_for_classes()
    {
        Images("one/CT_COVID/1.png", "one/CT_NonCOVID/1.png", "two/x/1.png");

        Assert.Contains("holds data sets (one)", Failure(_folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Taking_keeps_shares_order_and_every_class() =>
        Gen.Select(Gen.Int[1, 60].Array[2, 5], Gen.Int[1, 320]).Sample((sizes, most) =>
        {
            var dataset = Dataset(sizes);
            var taken = dataset.Take(most);
            Assert.Equal(Math.Min(most, sizes.Sum()), taken.Samples.Count);
            Assert.Equal(taken.Samples, dataset.Samples.Where(taken.Samples.ToHashSet().Contains));
            Assert.Equal(taken.Samples, dataset.Take(most).Samples);
            for (var label = 0; label < sizes.Length; label++)
            {
                var count = taken.Samples.Count(sample => sample.Label == label);
                var share = (double)Math.Min(most, sizes.Sum()) * sizes[label] / sizes.Sum();
                Assert.InRange(count, most >= sizes.Length ? 1 : 0, Math.Min(sizes[label], Math.Max(1, Math.Ceiling(share))));

                // One image may have gone to each class that would have had none.
                Assert.True(count >= Math.Floor(share) - sizes.Length, $"{count} of {share}");
            }
        });

    [Fact]
    public void Taking_is_spread_over_the_data_set() =>
        Assert.Equal(["0/000002", "0/000007", "1/000002", "1/000007"], Dataset([10, 10]).Take(4).Samples.Select(sample => sample.Path));

    [Fact]
    public void Taking_nothing_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Dataset([3, 3]).Take(0));

    [Fact]
    public void One_data_set_is_trained_on_and_another_tested_on()
    {
        var here = new CtDataset("here", "/data/here", ["ill", "well"], 0, [new("b.png", 0, "p1", "test") { Source = "Oslo" }, new("c.png", 1, "p2", null)], []);
        var there = new CtDataset("there", "/data/there", ["No", "Yes"], 1, [new("a.png", 1, "p1", null) { Findings = "m.png" }, new("d.png", 0, null, "train")], [new("e.png", "It is empty.")]);

        var both = here.TestedOn(there);

        Assert.Equal("here, tested on there", both.Name);
        Assert.Equal(
            [
                new CtSample("../there/a.png", 0, "there: p1", "test") { Findings = "../there/m.png", Collection = "there" },
                new CtSample("../there/d.png", 1, null, "test") { Collection = "there" },
                new CtSample("b.png", 0, "here: p1", "train") { Source = "here: Oslo", Collection = "here" },
                new CtSample("c.png", 1, "here: p2", "train") { Collection = "here" },
            ],
            both.Samples);
        Assert.Equal("/data/there/a.png", both.FullPath(both.Samples[0]));
        Assert.Equal("../there/e.png", Assert.Single(both.Rejected).Path);
    }

    [Fact]
    public void Data_sets_that_share_images_or_have_other_classes_are_not_put_together()
    {
        var here = new CtDataset("here", "/data", ["a", "b"], 0, [new("x/b.png", 0, null, null)], []);
        Assert.Contains("/data/x/b.png", Assert.Throws<UnusableDataException>(() => here.TestedOn(here with { Root = "/data/x", Samples = [new("b.png", 0, null, null)] })).Message, StringComparison.Ordinal);
        Assert.Contains("has 3 classes", Assert.Throws<UnusableDataException>(() => (here with { Classes = ["a", "b", "c"] }).TestedOn(here)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_decoded_once_for_all_who_want_them_and_not_at_all_for_nobody()
    {
        var dataset = Decodable();
        var (decoder, all, some) = (new Counting(), new Target(_ => true), new Target(row => row < 2));

        dataset.Decode(decoder, [all, some], cancellationToken: TestContext.Current.CancellationToken);
        dataset.Decode(decoder, [some], cancellationToken: TestContext.Current.CancellationToken);
        dataset.Decode(decoder, [], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["0: 20", "1: 21", "2: 22"], all.Told.Order(StringComparer.Ordinal).Take(3));
        Assert.Equal(["0: 20", "0: 20", "1: 21", "1: 21"], some.Told.Order(StringComparer.Ordinal));
        Assert.Equal(3 + 2, decoder.Count);
    }

    [Fact]
    public void All_who_want_an_image_that_cannot_be_used_are_told_why_and_whether_it_was_read()
    {
        var dataset = Decodable();
        var (one, other) = (new Target(_ => true), new Target(row => row == 4));

        dataset.Decode(new Counting(), [one, other], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            ["3: The PNG data end before the image does: the file is cut off. (True)", "4: There is no such file. (False)"],
            one.Told.Order(StringComparer.Ordinal).Skip(3));
        Assert.Equal(["4: There is no such file. (False)"], other.Told);
    }

    [Fact]
    public void A_fault_of_who_takes_an_image_is_no_rejection()
    {
        var faulty = new Target(_ => true) { Fault = new ImageRejectedException("It is taken for a fault.") };

        Assert.Throws<ImageRejectedException>(
            () => Decodable().Decode(new Counting(), [faulty], cancellationToken: TestContext.Current.CancellationToken));
    }

    /// <summary>Three images, of 20, 21 and 22 pixels across, one that is cut off, and one that isn't there.</summary>
    private CtDataset Decodable()
    {
        for (var i = 0; i < 3; i++)
        {
            _folder.Write($"{i}.png", TestImages.GrayPng(20 + i, 16));
        }

        _folder.Write("3.png", TestImages.GrayPng()[..60]);
        return new("made", _folder.Path, ["a", "b"], 0, [.. Enumerable.Range(0, 5).Select(i => new CtSample($"{i}.png", i % 2, null, null))], []);
    }

    private static CtDataset Dataset(int[] sizes) => new(
        "made",
        "/",
        [.. sizes.Select((_, label) => $"class {label}")],
        0,
        [.. sizes.SelectMany((size, label) => Enumerable.Range(0, size).Select(i => new CtSample($"{label}/{i:000000}", label, null, null)))],
        []);

    private static string Failure(string path) => Assert.Throws<UnusableDataException>(() => CtDataset.Open(path)).Message;

    private void Images(params string[] names)
    {
        foreach (var name in names)
        {
            _folder.Write(name, TestImages.GrayPng());
        }
    }

    private sealed class Target(Func<int, bool> wants) : IImageTarget
    {
        public ConcurrentQueue<string> Told { get; } = new();

        public Exception? Fault { get; init; }

        public bool Wants(int row) => wants(row);

        public void Take(int row, ReadOnlyMemory<byte> file, GrayImage image)
        {
            if (Fault is not null)
            {
                throw Fault;
            }

            Assert.Equal(image.Pixels, new SkiaImageDecoder().Decode(file).Pixels);
            Told.Enqueue($"{row}: {image.Width}");
        }

        public void Reject(int row, string reason, bool wasRead) => Told.Enqueue($"{row}: {reason} ({wasRead})");
    }

    private sealed class Counting : IImageDecoder
    {
        private int _count;

        public int Count => _count;

        public GrayImage Decode(ReadOnlyMemory<byte> file)
        {
            var image = new SkiaImageDecoder().Decode(file);
            Interlocked.Increment(ref _count);
            return image;
        }
    }
}
