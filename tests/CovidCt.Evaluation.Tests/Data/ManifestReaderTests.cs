using CovidCt.Data;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Data;

public sealed class ManifestReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ManifestReaderTests()
    {
        foreach (var name in (string[])["a.png", "b.png", "sub/c, d.png"])
        {
            _folder.Write(name, TestImages.GrayPng());
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_come_in_any_order_and_rows_are_sorted_by_path()
    {
        var dataset = Open("Split,PATIENT,Label,extra,path\n,p2,healthy,,\"sub/c, d.png\"\nTrain,p1,covid,x,b.png\nvalidation,p1,healthy,x,./a.png\n");

        Assert.Equal(["covid", "healthy"], dataset.Classes);
        Assert.Equal(0, dataset.Positive);
        Assert.Equal(
            [
                new CtSample("a.png", 1, "p1", "val") { Columns = CtSample.ColumnsOf([("extra", "x")]) },
                new CtSample("b.png", 0, "p1", "train") { Columns = CtSample.ColumnsOf([("EXTRA", "x")]) },
                new CtSample("sub/c, d.png", 1, "p2", null),
            ],
            dataset.Samples);
        Assert.True(dataset.HasPatients);
        Assert.True(File.Exists(dataset.FullPath(dataset.Samples[2])));
    }

    [Fact]
    public void Sources_collections_and_any_other_columns_are_kept()
    {
        var dataset = Open("path,label,source,Collection,Age,,scanner,age\na.png,covid,Oslo,north,41,?,A,7\nb.png,healthy,Ulm,, ,?,B,8\n");

        Assert.Equal([("Oslo", "north"), ("Ulm", null)], dataset.Samples.Select(sample => (sample.Source, sample.Collection)));
        Assert.Equal(["Age", "scanner"], dataset.Columns);
        Assert.Equal(["41", "8"], dataset.Samples.Select(sample => sample.Columns["AGE"]));
        Assert.Equal("A", dataset.Samples[0].Columns["Scanner"]);
        Assert.NotEqual(dataset.Samples[0], dataset.Samples[0] with { Columns = dataset.Samples[1].Columns });
    }

    [Fact]
    public void Findings_may_be_marked_in_pictures_of_their_own()
    {
        var dataset = Open("path,label,findings\na.png,covid,marks\\a.png\nb.png,healthy,\n");

        Assert.Equal(["marks/a.png", null], dataset.Samples.Select(sample => sample.Findings));
    }

    [Fact]
    public void Patients_and_split_may_be_missing()
    {
        var dataset = Open("path,label\na.png,0\nb.png,1\n");

        Assert.False(dataset.HasPatients);
        Assert.All(dataset.Samples, sample => Assert.Equal((null, null), (sample.Patient, sample.Split)));
        Assert.Equal(1, dataset.Positive);
    }

    [Fact]
    public void One_image_without_a_patient_is_enough_for_patients_to_be_unknown() =>
        Assert.False(Open("path,label,patient\na.png,0,p\nb.png,1,\n").HasPatients);

    [Fact]
    public void A_missing_image_is_a_rejection()
    {
        var dataset = Open("path,label\na.png,0\ngone.png,1\nb.png,1\n");

        Assert.Equal(new Rejection("gone.png", "There is no such file."), Assert.Single(dataset.Rejected));
        Assert.Equal(2, dataset.Samples.Count);
    }

    [Fact]
    public void A_path_may_be_written_with_backslashes_or_in_full()
    {
        _folder.Write("sub/e.png", TestImages.GrayPng());

        var dataset = Open($"path,label\nsub\\e.png,0\n{Path.Combine(_folder.Path, "a.png")},1\n");

        Assert.Equal(["a.png", "sub/e.png"], dataset.Samples.Select(sample => sample.Path));
    }

    [Theory]
    [InlineData("path\na.png\n", "no column 'label'")]
    [InlineData("label,patient\nx,y\n", "no column 'path'")]
    [InlineData("path,label\na.png,0\n./a.png,1\n", "a.png is on line 2 and again on line 3")]
    [InlineData("path,label\na.png,0\nb.png, \n", "line 3: the label is missing")]
    [InlineData("path,label\n,0\n", "line 2: the path is missing")]
    [InlineData("path,label\na.png,0\nb.png,0\n", "the one label '0'")]
    [InlineData("path,label\n", "0 images")]
    [InlineData("path,label,split\na.png,0,train\nb.png,1,holdout\n", "line 3: the split 'holdout'")]
    public void What_is_wrong_is_said_with_the_manifest_and_the_place(string text, string expected)
    {
        var e = Assert.Throws<UnusableDataException>(() => Open(text));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("manifest.csv", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_of_missing_images_alone_is_unusable()
    {
        var e = Assert.Throws<UnusableDataException>(() => Open("path,label\nx.png,0\ny.png,1\n"));

        Assert.Contains("2 were rejected", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_is_named_after_its_manifest_or_its_folder()
    {
        Assert.Equal(Path.GetFileName(_folder.Path), Open("path,label\na.png,0\nb.png,1\n").Name);
        Assert.Equal("study-1", CtDataset.Open(_folder.Write("study-1.csv", "path,label\na.png,0\nb.png,1\n")).Name);
    }

    // The folder is recognised by the manifest in it.
    private CtDataset Open(string manifest)
    {
        _folder.Write("manifest.csv", manifest);
        return CtDataset.Open(_folder.Path);
    }
}
