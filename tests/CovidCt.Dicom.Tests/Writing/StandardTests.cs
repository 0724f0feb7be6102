using System.Text.RegularExpressions;

namespace CovidCt.Dicom.Tests.Writing;

/// <summary>What others say of the files that are written: dicom3tools, dcmtk and pydicom. Each asks several processes.</summary>
[Trait("Category", "Long")]
public sealed partial class StandardTests : IDisposable
{
    private readonly AnsweredSeries _answers = new();

    public static TheoryData<string> Kinds => AnsweredSeries.Kinds;

    public void Dispose() => _answers.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_report_is_what_the_standard_asks(string kind)
    {
        var (source, _, _) = _answers.Series(kind);
        StructuredReport.Write(_answers["report.dcm"], source, AnsweredSeries.Answer);

        AssertValid(_answers["report.dcm"]);
        var said = Programs.Run("dsrdump", "+Pl", "+Pu", _answers["report.dcm"]);
        Assert.DoesNotMatch(Complaint(), said);
        foreach (var part in (string[])["SqueezeNet 1.1", AnsweredSeries.Answer.ModelHash, "0.8312", "0.7512", "0.4321", "mean over 3 slices", AnsweredSeries.Notice, "1.2.3.4.1", "CT Report"])
        {
            Assert.Contains(part, said, StringComparison.Ordinal);
        }

        Assert.Equal(kind.StartsWith("enhanced", StringComparison.Ordinal) ? 1 : 3, Regex.Count(said, "inferred from IMAGE", RegexOptions.IgnoreCase));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_picture_is_what_the_standard_asks_and_shows_what_was_given(string kind)
    {
        var (source, series, _) = _answers.Series(kind);
        var picture = AnsweredSeries.Picture();
        SecondaryCapture.Write(_answers["picture.dcm"], source, series.Slices[^1], AnsweredSeries.Answer, picture, "Grad-CAM of COVID");

        AssertValid(_answers["picture.dcm"]);
        const string script = "import sys, pydicom\n"
            + "d = pydicom.dcmread(sys.argv[1]); assert d.ImageComments.startswith(sys.argv[3]), d.ImageComments\n"
            + "assert sys.argv[3] in d.DerivationDescription; d.pixel_array[:47, :61].tofile(sys.argv[2])";
        Programs.Pydicom(script, _answers["picture.dcm"], _answers["pixels"], AnsweredSeries.Notice);
        Assert.Equal(picture.Pixels, File.ReadAllBytes(_answers["pixels"]));
        Programs.Run("dcm2pnm", _answers["picture.dcm"], _answers["picture.ppm"]);
        var data = DicomFile.Open(_answers["picture.dcm"]).Data;
        var (columns, rows) = (data.WholeNumber(Tags.Columns)!.Value, data.WholeNumber(Tags.Rows)!.Value);
        var shown = File.ReadAllBytes(_answers["picture.ppm"])[^(3 * columns * rows)..];
        Assert.Equal(data.Find(Tags.PixelData)!.Value[..shown.Length].ToArray(), shown);
        Programs.Run("dcmj2pnm", "--write-png", _answers["picture.dcm"], _answers["picture.png"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Others_read_the_patient_as_in_the_source(string kind)
    {
        var (source, series, _) = _answers.Series(kind);
        StructuredReport.Write(_answers["report.dcm"], source, AnsweredSeries.Answer);
        SecondaryCapture.Write(_answers["picture.dcm"], source, series.Slices[0], AnsweredSeries.Answer, AnsweredSeries.Picture(), "Grad-CAM of COVID");
        const string script = "import sys, pydicom\n"
            + "s, *made = [pydicom.dcmread(f) for f in sys.argv[1:]]\n"
            + "for d in made:\n"
            + "    for k in ('PatientName PatientID PatientBirthDate PatientSex PatientAge PatientWeight StudyInstanceUID StudyDate StudyTime StudyID '\n"
            + "              'AccessionNumber ReferringPhysicianName StudyDescription').split():\n"
            + "        a, b = s.get(k) or '', d.get(k) or ''\n"
            + "        assert str(a) == str(b), (k, a, b)\n"
            + "    assert d.SeriesInstanceUID != s.SeriesInstanceUID";
        Programs.Pydicom(script, series.Slices[0].Path, _answers["report.dcm"], _answers["picture.dcm"]);
    }

    private static void AssertValid(string file)
    {
        Assert.DoesNotMatch(Complaint(), Programs.Run("dcmdump", file));
        Assert.DoesNotContain("Error", Verified(file), StringComparison.Ordinal);
    }

    private static string Verified(string file) => Programs.Run("dciodvfy", file);

    // What dcmtk can't check because of the letters is no complaint.
    [GeneratedRegex("^[WEF]: (?!The VR checker does not support this Specific|Reading unknown/unsupported Specific)", RegexOptions.Multiline)]
    private static partial Regex Complaint();
}
