using CovidCt.Dicom.Tests.Writing;

namespace CovidCt.Dicom.Tests;

public sealed class SecondaryCaptureTests : IDisposable
{
    private readonly AnsweredSeries _answers = new();

    public static TheoryData<string> Kinds => AnsweredSeries.Kinds;

    public void Dispose() => _answers.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_picture_has_patient_and_study_of_its_source_and_refers_to_its_slice(string kind)
    {
        var (source, series, phantoms) = _answers.Series(kind);
        var (slice, picture) = (series.Slices[1], AnsweredSeries.Picture(122, 94));
        var uid = Write(source, slice, picture);
        var (data, origin) = (DicomFile.Open(_answers["picture.dcm"]).Data, DicomFile.Open(slice.Path).Data);

        Assert.Equal(uid, data.Text(Tags.SopInstanceUid));
        foreach (var tag in (DicomTag[])[Tags.PatientName, Tags.PatientId, Tags.PatientBirthDate, Tags.StudyInstanceUid, Tags.AccessionNumber])
        {
            Assert.Equal(origin.Text(tag), data.Text(tag));
        }

        var reference = Assert.Single(data.Items(Tags.SourceImageSequence));
        Assert.Equal(origin.Text(Tags.SopInstanceUid), reference.Text(Tags.ReferencedSopInstanceUid));
        Assert.Equal(phantoms[0].Frames > 1 ? "2" : null, reference.Text(Tags.ReferencedFrameNumber));
        Assert.Equal(origin.Text(Tags.SeriesInstanceUid), Assert.Single(data.Items(Tags.ReferencedSeriesSequence)).Text(Tags.SeriesInstanceUid));
        Assert.StartsWith(AnsweredSeries.Notice, data.Text(Tags.ImageComments), StringComparison.Ordinal);
        Assert.Contains("Grad-CAM of COVID by SqueezeNet 1.1", data.Text(Tags.DerivationDescription), StringComparison.Ordinal);
        Assert.Equal(kind == "oblique" ? "P\\FL" : "L\\P", data.Text(Tags.PatientOrientation));
        Assert.Equal([0.25, 0.375], data.Decimals(Tags.PixelSpacing)!);
        var columns = data.WholeNumber(Tags.Columns)!.Value;
        Assert.Equal(picture.Pixels.AsSpan(0, 3 * 122), data.Find(Tags.PixelData)!.Value.Span[..(3 * 122)]);
        Assert.Equal((columns, true), (122, data.WholeNumber(Tags.Rows) > 94));
    }

    [Fact]
    public void Slices_have_pictures_of_their_own_in_one_series()
    {
        var (source, series, _) = _answers.Series("documented");
        var made = series.Slices.Select(slice => (Uid: Write(source, slice, AnsweredSeries.Picture()), Series: DicomFile.Open(_answers["picture.dcm"]).Data.Text(Tags.SeriesInstanceUid))).ToList();
        Assert.Distinct(made.Select(one => one.Uid));
        Assert.Single(made.Select(one => one.Series).Distinct());
        Assert.Equal(made[0].Uid, Write(source, series.Slices[0], new(61, 47, new byte[3 * 61 * 47])));
        Assert.NotEqual(made[0].Uid, Write(source, series.Slices[0], AnsweredSeries.Picture(30, 20)));
        Assert.Throws<ArgumentException>(() => Write(source, new("none.dcm", 0), AnsweredSeries.Picture()));
    }

    [Fact]
    public void A_picture_of_pixels_that_lost_something_says_so()
    {
        var lossy = new Phantom { Allocated = 8, Stored = 8, Syntax = TransferSyntax.JpegBaseline, Fragments = [[], [0xFF, 0xD8]] };
        File.WriteAllBytes(_answers["slice.dcm"], lossy.File());
        var slice = new DicomSlice(_answers["slice.dcm"], 0);
        Write(DicomSource.Read([slice]), slice, AnsweredSeries.Picture());
        Assert.Equal("01", DicomFile.Open(_answers["picture.dcm"]).Data.Text(Tags.LossyImageCompression));
    }

    private string Write(DicomSource source, DicomSlice slice, Imaging.RgbImage picture) =>
        SecondaryCapture.Write(_answers["picture.dcm"], source, slice, AnsweredSeries.Answer, picture, "Grad-CAM of COVID");
}
