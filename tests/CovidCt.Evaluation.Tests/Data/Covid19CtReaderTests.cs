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
                new($"{images}CT_COVID/a%0.png", 1, "Patient 1", "train") { Source = "a", Collection = "publications", Columns = Of(("age", "41")) },
                new($"{images}CT_COVID/b.png", 1, "Patient 2", "train") { Source = "b", Collection = "publications", Columns = Of(("age", "1,5")) },
                new($"{images}CT_COVID/c.png", 1, "Patient 2", "test") { Source = "c", Collection = "publications" },
                new($"{images}CT_NonCOVID/0.jpg", 0, "crawled_patient_0", "val") { Source = "crawled_patient_0", Collection = "crawled" },
                new($"{images}CT_NonCOVID/1%0.jpg", 0, "crawled_patient_1", "val") { Source = "crawled_patient_1", Collection = "crawled" },
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
    public void A_COVID_image_is_of_the_publication_that_its_DOI_or_its_name_says_and_any_other_is_a_case()
    {
        string[] names =
        [
            "2020.03.12.20034686-p17-91-1.png", "2020.03.12.20034686-p17-91-2.png", "2020.02.10.20021584-p6-52%10.png", "2020.02.10.20021584-p7-1.png",
            "PIIS0140673620301549_0%1.png", "PIIS0140673620301549_2.png", "kjr-21-e24-p5-29.png", "part-one.png", "part-two%3.png",
        ];
        foreach (var name in (string[])[.. names.Select(name => "CT_COVID/" + name), "CT_NonCOVID/7.png", "CT_NonCOVID/8.jpg", "CT_NonCOVID/9.jpg"])
        {
            _folder.Write(name, TestImages.GrayPng());
        }

        _folder.Write(
            "COVID-CT-MetaInfo.csv",
            $"File name,Patient ID,DOI\n{names[0]},Patient 1,10.1101/2020.03.12.20034686\n{names[1]},Patient 1,\n{names[4]},Patient 2,10.1016/ S0140-6736(20)30154-9\n"
            + $"{names[7]},Patient 3,10.1/x\n{names[8]},Patient 4,10.1/x\n");
        _folder.Write("NonCOVID-CT-MetaInfo.csv", "image name,patient id\n7.png,medpix_patient_7\n8.jpg,someone\n");

        var samples = CtDataset.Open(_folder.Path).Samples.ToDictionary(sample => Path.GetFileName(sample.Path), StringComparer.Ordinal);

        Assert.Equal(
            [
                "10.1101/2020.03.12.20034686", "10.1101/2020.03.12.20034686", "2020.02.10.20021584", "2020.02.10.20021584",
                "10.1016/S0140-6736(20)30154-9", "10.1016/S0140-6736(20)30154-9", "kjr-21-e24", "10.1/x", "10.1/x",
            ],
            names.Select(name => samples[name].Source));
        Assert.Equal(("medpix_patient_7", "MedPix"), (samples["7.png"].Source, samples["7.png"].Collection));
        Assert.Equal(("someone", null), (samples["8.jpg"].Source, samples["8.jpg"].Collection));
        Assert.Equal(((string?)null, (string?)null), (samples["9.jpg"].Source, samples["9.jpg"].Collection));
    }

    [Fact]
    public void Without_metadata_there_are_images_and_no_patients()
    {
        Images("");

        var dataset = CtDataset.Open(_folder.Path);

        Assert.Equal(5, dataset.Samples.Count);
        Assert.False(dataset.HasPatients || dataset.HasSources);
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

    private static IReadOnlyDictionary<string, string> Of(params (string, string?)[] columns) => CtSample.ColumnsOf(columns);

    private void Images(string folder)
    {
        foreach (var name in (string[])["CT_COVID/a%0.png", "CT_COVID/b.png", "CT_COVID/c.png", "CT_NonCOVID/0.jpg", "CT_NonCOVID/1%0.jpg"])
        {
            _folder.Write(folder + name, TestImages.GrayPng());
        }
    }
}
