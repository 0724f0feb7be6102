using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Tests;
using CovidCt.Volumes;

namespace CovidCt.Evaluation.Tests.Volumes;

public sealed class VolumeDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_a_class_of_volumes_is_a_data_set_whose_images_are_slices()
    {
        Write();
        var dataset = CtDataset.Open(_folder.Path, decoder: Decoder());

        Assert.Equal(["COVID", "non-COVID"], dataset.Classes);
        Assert.Equal(0, dataset.Positive);
        Assert.Equal(4 * 16, dataset.Samples.Count);
        Assert.Equal("COVID/a/0000", dataset.Samples[0].Path);
        Assert.Equal("a", dataset.Samples[0].Columns["series"]);
        Assert.True(dataset.CanBeOpenedAgain);
        Assert.Contains(dataset.Rejected, rejection => rejection == new Rejection("COVID", "1 files in it are of no volume."));
    }

    [Fact]
    public void Slices_are_decoded_through_the_window_and_those_without_lungs_left_out_with_the_reason()
    {
        Write();
        var decoder = Decoder();
        var dataset = CtDataset.Open(_folder.Path, decoder: decoder);
        var target = new Target();
        dataset.Decode(decoder, [target], cancellationToken: TestContext.Current.CancellationToken);

        var chest = new ChestVolume(Seed: 1);
        Assert.Equal(new CtSlice(64, 64, chest.Slice(8)).ToGray(CtWindow.Lung).Pixels, target.Images["COVID/a/0008"].Pixels);
        Assert.Equal(("The slice shows no lungs.", true), target.Reasons["COVID/a/0000"]);
        Assert.Equal(dataset.Samples.Count, target.Images.Count + target.Reasons.Count);
        var lungs = decoder.Decode(dataset.Read(dataset.Samples[8].Lungs!));
        Assert.Equal([.. Enumerable.Range(0, 64 * 64).Select(i => chest.IsLung(i % 64, i / 64, 8))], lungs.Pixels.Select(gray => gray > 0));

        Assert.Throws<FileNotFoundException>(() => dataset.Images!.Open("COVID/a/9999"));

    }

    [Fact]
    public void A_slice_has_another_hash_once_its_file_has_changed()
    {
        Write();
        var before = Images().HashOf("COVID/a/0008");
        Assert.NotEqual(before, Images().HashOf("COVID/a/0009"));
        Assert.Equal(before, Images().HashOf("COVID/a/0008"));
        Assert.Null(Images().HashOf("COVID/c/0008"));
        new ChestVolume(Seed: 77).Write(_folder["COVID/a.nii"]);
        Assert.NotEqual(before, Images().HashOf("COVID/a/0008"));

        CtDataset.IImageSource Images() => CtDataset.Open(_folder.Path, decoder: Decoder()).Images!;
    }

    [Fact]
    public void A_manifest_by_series_gives_labels_patients_and_splits()
    {
        Write();
        File.WriteAllText(_folder["manifest.csv"], """
            series,label,patient,split,source,age
            COVID/a.nii,sick,P1,train,,61
            COVID/sub,sick,P2,test,Here,
            c,well,P3,train,,
            d,well,,val,,
            """);
        var dataset = CtDataset.Open(_folder.Path, "sick", Decoder());
        Assert.Equal(["sick", "well"], dataset.Classes);
        var first = dataset.Samples.First(sample => sample.Path == "sick/a/0000");
        Assert.Equal(("P1", "train", null, "61"), (first.Patient, first.Split, first.Source, first.Columns["age"]));
        Assert.Equal("Here", dataset.Samples.First(sample => sample.Path == "sick/b/0000").Source);
        Assert.Null(dataset.Samples.First(sample => sample.Path == "well/d/0000").Patient);
    }

    [Theory]
    [InlineData("series,label\nCOVID/a.nii,sick\nnowhere,well\n", "line 3: there is no volume nowhere below")]
    [InlineData("series,label\nCOVID,sick\nb,well\n", "b is on lines 2 and 3; list each volume once.")]
    [InlineData("series,label\na,sick\n,well\n", "line 3: the series is missing.")]
    [InlineData("series,label\na,sick\nb,sick\n", "and the one class 'sick'")]
    [InlineData("series,label,split\na,sick,train\nc,well,elsewhere\n", "the split 'elsewhere' is none of train, val and test.")]
    public void A_manifest_that_cannot_be_used_is_refused_in_one_sentence(string manifest, string says)
    {
        Write();
        File.WriteAllText(_folder["manifest.csv"], manifest);
        Assert.Contains(
            says, Assert.Throws<UnusableDataException>(() => CtDataset.Open(_folder.Path, decoder: Decoder())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void So_many_slices_of_each_volume_and_one_for_each_window()
    {
        Write();
        var dataset = CtDataset.Open(
            _folder.Path, decoder: Decoder(new() { SlicesPerVolume = 4, Windows = [CtWindow.Lung, new(40, 400)] }));
        Assert.Equal(4 * 4 * 2, dataset.Samples.Count);
        Assert.Equal(["COVID/a/0002", "COVID/a/0002 window 2", "COVID/a/0006"], dataset.Samples.Take(3).Select(sample => sample.Path));
    }

    [Fact]
    public void A_data_set_of_volumes_is_tested_on_another_one_or_on_pictures()
    {
        Write();
        new ChestVolume(Seed: 7).Write(_folder["other/COVID/a.nii"]);
        new ChestVolume(Seed: 8).Write(_folder["other/non-COVID/e.nii"]);
        Directory.CreateDirectory(_folder["pictures/COVID"]);
        Directory.CreateDirectory(_folder["pictures/non-COVID"]);
        File.WriteAllBytes(_folder["pictures/COVID/1.png"], TestImages.GrayPng(40, 30));
        File.WriteAllBytes(_folder["pictures/non-COVID/1.png"], TestImages.GrayPng(30, 40));
        Directory.Move(_folder["other"], $"{_folder.Path}-other");
        Directory.Move(_folder["pictures"], $"{_folder.Path}-pictures");
        try
        {
            foreach (var (test, image) in new[] { ($"{_folder.Path}-other", "COVID/a/0008"), ($"{_folder.Path}-pictures", "COVID/1.png") })
            {
                var (trained, tested) = (CtDataset.Open(_folder.Path, decoder: Decoder()), CtDataset.Open(test, decoder: Decoder()));
                var both = trained.TestedOn(tested);
                Assert.Equal(trained.Samples.Count + tested.Samples.Count, both.Samples.Count);
                Assert.True(both.CanBeOpenedAgain);
                Assert.Equal(Decoder().Decode(trained.Read("COVID/a/0008")).Pixels, Decoder().Decode(both.Read("COVID/a/0008")).Pixels);
                var key = both.Samples.Single(sample => sample.Split == "test" && sample.Path.EndsWith("/" + image, StringComparison.Ordinal)).Path;
                Assert.Equal(Decoder().Decode(tested.Read(image)).Pixels, Decoder().Decode(both.Read(key)).Pixels);
                Assert.NotNull(both.Images!.HashOf(key));
                Assert.NotEqual(both.Images.HashOf(key), both.Images.HashOf("COVID/a/0008"));
            }
        }
        finally
        {
            Directory.Delete($"{_folder.Path}-other", recursive: true);
            Directory.Delete($"{_folder.Path}-pictures", recursive: true);
        }
    }

    [Fact]
    public void Pictures_are_decoded_and_opened_as_before()
    {
        Directory.CreateDirectory(_folder["x/COVID"]);
        Directory.CreateDirectory(_folder["x/non-COVID"]);
        var picture = TestImages.GrayPng(40, 30);
        File.WriteAllBytes(_folder["x/COVID/1.png"], picture);
        File.WriteAllBytes(_folder["x/non-COVID/1.png"], picture);
        var dataset = CtDataset.Open(_folder["x"], decoder: Decoder());
        Assert.Null(dataset.Images);
        Assert.Equal(new SkiaImageDecoder().Decode(picture).Pixels, Decoder().Decode(picture).Pixels);
        Assert.Contains("ask about it as a series", Assert.Throws<ImageRejectedException>(
            () => Decoder().Decode(new NiftiSample().File())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_slice_is_kept_as_is_read_back_or_refused()
    {
        var file = SliceFile.Of(new GrayImage(2, 3, [1, 2, 3, 4, 5, 6]));
        Assert.Equal([1, 2, 3, 4, 5, 6], SliceFile.Decode(file).Pixels);
        Assert.Contains("cut off", Assert.Throws<ImageRejectedException>(() => SliceFile.Decode(file.AsMemory(0, file.Length - 1))).Message, StringComparison.Ordinal);
        Assert.Equal("Why.", Assert.Throws<ImageRejectedException>(() => SliceFile.Decode(SliceFile.Of("Why."))).Message);
    }

    private static VolumeDecoder Decoder(VolumeOptions? options = null) => new([new NiftiFormat()], options);

    private void Write()
    {
        new ChestVolume(Seed: 1).Write(_folder["COVID/a.nii"]);
        new ChestVolume(Seed: 2).Write(_folder["COVID/sub/b.nii.gz"]);
        new ChestVolume(Seed: 3).Write(_folder["non-COVID/c.nii.gz"]);
        new ChestVolume(Seed: 4).Write(_folder["non-COVID/d.nii"]);
        File.WriteAllText(_folder["COVID/notes.txt"], "seen");
    }

    private sealed class Target : IImageTarget
    {
        private readonly Lock _turn = new();

        public Dictionary<string, GrayImage> Images { get; } = [];

        public Dictionary<string, (string, bool)> Reasons { get; } = [];

        public bool Wants(int row) => true;

        public void Take(int row, ReadOnlyMemory<byte> file, GrayImage image)
        {
            lock (_turn)
            {
                Images[Path(row)] = image;
            }
        }

        public void Reject(int row, string reason, bool wasRead)
        {
            lock (_turn)
            {
                Reasons[Path(row)] = (reason, wasRead);
            }
        }

        private static string Path(int row) => $"{(row < 32 ? "COVID" : "non-COVID")}/{"abcd"[row / 16]}/{row % 16:0000}";
    }
}
