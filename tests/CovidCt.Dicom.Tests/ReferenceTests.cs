using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Dicom.Tests;

/// <summary>Files that dcmtk and gdcm convert; a test says which program it lacks. Each asks up to ten processes.</summary>
[Trait("Category", "Long")]
public sealed class ReferenceTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] JpegCommands = ["dcmcjpeg +e1", "dcmcjpeg +el +sv 6", "dcmcjpls", "dcmcjpls +en +md 2", "dcmcjpeg +ee"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dcmconv +ti")]
    [InlineData("dcmconv +te")]
    [InlineData("dcmconv +tb")]
    [InlineData("dcmconv +td")]
    [InlineData("dcmconv -e +te")]
    [InlineData("dcmcrle")]
    [InlineData("dcmcjpeg +e1")]
    [InlineData("dcmcjpeg +el")]
    [InlineData("dcmcjpeg +el +sv 2")]
    [InlineData("dcmcjpeg +el +sv 3")]
    [InlineData("dcmcjpeg +el +sv 4")]
    [InlineData("dcmcjpeg +el +sv 5")]
    [InlineData("dcmcjpeg +el +sv 6")]
    [InlineData("dcmcjpeg +el +sv 7")]
    [InlineData("dcmcjpls")]
    [InlineData("gdcmconv --rle")]
    [InlineData("gdcmconv --jpeg")]
    [InlineData("gdcmconv --jpegls")]
    public void What_is_converted_without_loss_has_the_same_Hounsfield_units_in_every_pixel(string command)
    {
        foreach (var phantom in new Phantom[]
            { new(), new() { IsSigned = true, Stored = 16, Slope = "0.5", Intercept = "-10.25" }, new() { Stored = 16 }, new() { Width = 62, Height = 48, Allocated = 8, Stored = 8 }, new() { Frames = 3 } })
        {
            var file = DicomFile.Open(Convert(command, phantom));
            Assert.Equal(phantom.Frames, file.FrameCount);
            for (var frame = 0; frame < phantom.Frames; frame++)
            {
                var image = CtImage.Read(file, frame);
                Assert.Equal(phantom.Hounsfield(frame), Enumerable.Range(0, image.Values.Length).Select(image.Hounsfield));
            }

            output.WriteLine($"{command}: {file.TransferSyntaxUid}, {phantom.Frames} frames of {phantom.Stored} bits");
        }
    }

    [Theory]
    [InlineData("dcmcjpeg +eb +q 90", 8)]
    [InlineData("dcmcjpeg +ee +q 95", 8)]
    [InlineData("dcmcjpeg +ee +q 95", 12)]
    public void Lossy_JPEG_is_within_one_stored_value_of_dcmtk_s(string command, int bits)
    {
        var file = Convert($"{command} -W", new Phantom { Allocated = bits == 8 ? 8 : 16, Stored = bits });
        Programs.Run("dcmdjpeg", file, _folder["plain.dcm"]);
        var (ours, theirs) = (CtImage.Read(DicomFile.Open(file)), CtImage.Read(DicomFile.Open(_folder["plain.dcm"])));
        Assert.InRange(ours.Values.Zip(theirs.Values, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Near_lossless_JPEG_LS_is_what_dcmtk_makes_of_it(int near)
    {
        var file = Convert($"dcmcjpls +en +md {near}", new Phantom());
        Programs.Run("dcmdjpls", file, _folder["plain.dcm"]);
        var (ours, theirs) = (CtImage.Read(DicomFile.Open(file)), CtImage.Read(DicomFile.Open(_folder["plain.dcm"])));
        Assert.Equal(theirs.Values, ours.Values);
        Assert.InRange(ours.Values.Zip(new Phantom().Values(), (a, b) => Math.Abs(a - b)).Max(), 1, near);
    }

    [Fact]
    public void Changed_JPEG_files_are_images_or_refused() => MutatedFilesTests.Try(
        output,
        [
            .. JpegCommands.Select(command => File.ReadAllBytes(Convert(command, new Phantom()))),
        ],
        LargeCount.Of(MutatedFilesTests.Count, 20_000),
        3);

    [Fact]
    public void JPEG_2000_is_refused_by_its_name_with_what_converts_it()
    {
        var file = Convert("gdcmconv --j2k", new Phantom());
        var refusal = Assert.Throws<ImageRejectedException>(() => new DicomDecoder().DecodeFile(file)).Message;
        Assert.Contains("JPEG 2000", refusal, StringComparison.Ordinal);
        Assert.Contains("gdcmconv -w", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Hounsfield_units_are_those_of_pydicom()
    {
        const string script = "import sys, pydicom; from pydicom.pixel_data_handlers.util import apply_modality_lut\n"
            + "d = pydicom.dcmread(sys.argv[1]); apply_modality_lut(d.pixel_array, d).astype('<f8').tofile(sys.argv[2])";
        foreach (var phantom in new Phantom[]
            { new(), new() { IsSigned = true, Stored = 16, Slope = "0.125", Intercept = "-10.3" }, new() { Syntax = Phantom.ImplicitSyntax }, new() { Syntax = Phantom.BigEndianSyntax } })
        {
            var file = _folder.Write("phantom.dcm", phantom.File());
            Programs.Pydicom(script, file, _folder["hu"]);
            var theirs = new double[phantom.Width * phantom.Height];
            Buffer.BlockCopy(File.ReadAllBytes(_folder["hu"]), 0, theirs, 0, 8 * theirs.Length);
            var image = CtImage.Read(DicomFile.Open(file));
            Assert.Equal(theirs, Enumerable.Range(0, theirs.Length).Select(image.Hounsfield));
        }
    }

    private string Convert(string command, Phantom phantom)
    {
        var parts = command.Split(' ');
        var (from, to) = (_folder.Write("from.dcm", phantom.File()), _folder["to.dcm"]);
        Programs.Run(parts[0], [.. parts[1..], from, to]);
        return to;
    }
}
