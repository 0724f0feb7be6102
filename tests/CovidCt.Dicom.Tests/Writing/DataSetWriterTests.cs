using System.Text;
using CovidCt.Dicom.Writing;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Dicom.Tests.Writing;

public sealed class DataSetWriterTests : IDisposable
{
    private const string SopClass = "1.2.840.10008.5.1.4.1.1.88.11", SopInstance = "2.25.1";

    private static readonly DicomTag[] OfLetters =
        [Tags.AccessionNumber, Tags.StudyDescription, Tags.PatientName, Tags.DerivationDescription, Tags.ImageComments, Tags.TextValue];

    private static readonly DicomTag[] Plain =
        [Tags.StudyInstanceUid, Tags.ImageType, Tags.StudyDate, Tags.StudyTime, Tags.InstanceNumber, Tags.PixelSpacing, Tags.PatientAge];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(
        Gen.Dictionary(Gen.Int[0, OfLetters.Length - 1].Select(i => OfLetters[i]), Gen.String[Gen.Char["aZ 0ä°×王小\\.^"], 0, 16])[0, 6],
        Gen.Dictionary(Gen.Int[0, Plain.Length - 1].Select(i => Plain[i]), Gen.String[Gen.Char["0123456789."], 0, 15])[0, 7],
        Gen.UShort, Gen.Byte.Array[0, 9], Gen.Int[0, 3], Gen.Int[1, 4]).Sample((letters, plain, number, bytes, items, depth) =>
    {
        var file = Written(_folder["file.dcm"], set => Fill(set.Text(Tags.SpecificCharacterSet, "ISO_IR 192"), depth));
        Check(DicomFile.Open(file).Data, depth);

        void Fill(DataSetWriter set, int depth)
        {
            foreach (var (tag, text) in letters.Concat(plain).Reverse())
            {
                set.Text(tag, text);
            }

            set.Number(Tags.Rows, number).Bytes(Tags.PixelData, bytes);
            _ = depth > 0 ? set.Sequence(Tags.ContentSequence, Enumerable.Repeat<Action<DataSetWriter>>(item => Fill(item, depth - 1), items)) : set;
        }

        void Check(DicomDataSet data, int depth)
        {
            foreach (var (tag, text) in letters.Concat(plain))
            {
                var isLine = tag == Tags.AccessionNumber || tag == Tags.StudyDescription || tag == Tags.PatientName;
                var expected = (isLine ? text.Replace('\\', ' ') : text).Trim(' ');
                Assert.Equal(expected.Length == 0 ? null : expected, data.Text(tag));
            }

            Assert.Equal(number, data.WholeNumber(Tags.Rows));
            Assert.Equal(bytes, (data.Find(Tags.PixelData)?.Value.ToArray() ?? []).Take(bytes.Length));
            Assert.Equal(depth > 0 ? items : 0, data.Items(Tags.ContentSequence).Count);
            foreach (var item in data.Items(Tags.ContentSequence))
            {
                Check(item, depth - 1);
            }
        }
    }, iter: 100, threads: 1);

    [Fact]
    public void What_a_representation_does_not_allow_is_left_out()
    {
        var file = Written(_folder["file.dcm"], set => set
            .Text(Tags.SeriesDescription, new string('x', 60) + "\\\u001b\nyyyyyy").Text(Tags.TextValue, "a\\b\u001b\r\nc").Text(Tags.StudyId, "12345678901234567"));
        var data = DicomFile.Open(file).Data;
        Assert.Equal(new string('x', 60) + "   y", data.Text(Tags.SeriesDescription));
        Assert.Equal("a\\b \r\nc", data.Text(Tags.TextValue));
        Assert.Equal("1234567890123456", data.Text(Tags.StudyId));
    }

    [Fact]
    public void An_element_is_written_once() =>
        Assert.Throws<ArgumentException>(() => new DataSetWriter(Encoding.UTF8).Text(Tags.StudyId, "1").Text(Tags.StudyId, "2"));

    private static string Written(string path, Action<DataSetWriter> fill)
    {
        var set = new DataSetWriter(Encoding.UTF8);
        fill(set);
        Part10.Write(path, SopClass, SopInstance, set);
        return path;
    }
}
