using CovidCt.Data;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Data;

public sealed class Covid19CtReaderTests : IDisposable
{
    private const string CovidMetadata = "File name,Patient ID,Age,,\na%0.png,Patient 1,41,,\n b.png ,Patient 2,\"1,5\",,\nc,Patient 2,,,\n";
    private const string NonCovidMetadata = ",image name,patient id\n0,0.jpg,crawled_patient_0\n1,1%0.PNG,crawled_patient_1\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("Images-processed/", "")]
    [InlineData("Images-processed/", "Images-processed/")]
    public void Images_find_their_patients_and_their_split(string images, string metadata)
    {
        Images(images);
        _folder.Write(metadata + "COVID-CT-MetaInfo.csv", CovidMetadata);
        _folder.Write(metadata + "NonCOVID-CT-MetaInfo.csv", NonCovidMetadata);
        _folder.Write(metadata + "Data-split/COVID/trainCT_COVID.txt", "a%0.png\r\nb.png\r\n");
        _folder.Write(metadata + "Data-split/COVID/testCT_COVID.txt", "c.png");
        _folder.Write(metadata + "Data-split/NonCOVID/valCT_NonCOVID.txt", "0.jpg\n1%0.jpg\n");

        var dataset = CtDataset.Open(_folder.Path);

        Assert.Equal(("COVID19-CT", 1), (dataset.Name, dataset.Positive));
        Assert.Equal(["non-COVID", "COVID"], dataset.Classes);
        Assert.Equal(
            [
                new($"{images}CT_COVID/a%0.png", 1, "Patient 1", "train"),
                new($"{images}CT_COVID/b.png", 1, "Patient 2", "train"),
                new($"{images}CT_COVID/c.png", 1, "Patient 2", "test"),
                new($"{images}CT_NonCOVID/0.jpg", 0, "crawled_patient_0", "val"),
                new($"{images}CT_NonCOVID/1%0.jpg", 0, "crawled_patient_1", "val"),
            ],
            dataset.Samples);
    }

    [Fact]
    public void Ids_that_both_files_use_are_kept_apart()
    {
        Images("");
        _folder.Write("COVID-CT-MetaInfo.csv", CovidMetadata);
        _folder.Write("NonCOVID-CT-MetaInfo.csv", NonCovidMetadata.Replace("crawled_patient_", "Patient ", StringComparison.Ordinal));

        var dataset = CtDataset.Open(_folder.Path);

        Assert.Equal(
            ["COVID Patient 1", "COVID Patient 2", "COVID Patient 2", "non-COVID Patient 0", "non-COVID Patient 1"],
            dataset.Samples.Select(sample => sample.Patient));
    }

    [Fact]
    public void Without_metadata_there_are_images_and_no_patients()
    {
        Images("");

        var dataset = CtDataset.Open(_folder.Path);

        Assert.Equal(5, dataset.Samples.Count);
        Assert.False(dataset.HasPatients);
    }

    [Fact]
    public void Metadata_that_contradict_themselves_are_an_error()
    {
        Images("");
        _folder.Write("COVID-CT-MetaInfo.csv", CovidMetadata + "b.png,Patient 3,,,\n");

        var e = Assert.Throws<UnusableDataException>(() => CtDataset.Open(_folder.Path));

        Assert.Contains("both 'Patient 2' and 'Patient 3' of b.png", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_without_their_column_are_an_error()
    {
        Images("");
        _folder.Write("NonCOVID-CT-MetaInfo.csv", "image,patient\n0.jpg,1\n");

        var e = Assert.Throws<UnusableDataException>(() => CtDataset.Open(_folder.Path));

        Assert.Contains("NonCOVID-CT-MetaInfo.csv has no column 'image name'", e.Message, StringComparison.Ordinal);
    }

    private void Images(string folder)
    {
        foreach (var name in (string[])["CT_COVID/a%0.png", "CT_COVID/b.png", "CT_COVID/c.png", "CT_NonCOVID/0.jpg", "CT_NonCOVID/1%0.jpg"])
        {
            _folder.Write(folder + name, TestImages.GrayPng());
        }
    }
}
