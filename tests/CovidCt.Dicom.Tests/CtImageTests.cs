using CovidCt.Imaging;
using CovidCt.Volumes;

namespace CovidCt.Dicom.Tests;

public sealed class CtImageTests
{
    [Fact]
    public void Every_kind_of_file_gives_the_Hounsfield_units_that_it_was_made_of()
    {
        foreach (var phantom in Samples.All.Where(phantom => !phantom.IsEnhanced))
        {
            var image = CtImage.Read(DicomFile.Parse(phantom.File()));
            Assert.Equal(phantom.Values(), image.Values);
            Assert.Equal(phantom.Hounsfield(), Enumerable.Range(0, image.Values.Length).Select(image.Hounsfield));
            Assert.Equal(new CtWindow(40, 400), image.Window);
            Assert.Equal((-100, -100, 0), image.Plane!.Position);
            Assert.Equal((0.5, 0.75), (image.Plane.RowSpacing, image.Plane.ColumnSpacing));
        }
    }

    [Fact]
    public void Frames_of_an_enhanced_file_have_a_rescale_a_window_and_a_place_each()
    {
        foreach (var phantom in Samples.All.Where(phantom => phantom.IsEnhanced))
        {
            var file = DicomFile.Parse(phantom.File());
            for (var frame = 0; frame < phantom.Frames; frame++)
            {
                var image = CtImage.Read(file, frame);
                Assert.Equal(phantom.Values(frame), image.Values);
                Assert.Equal(-1000 - frame, image.Intercept);
                Assert.Equal(new CtWindow(frame, 100), image.Window);
                Assert.Equal((0, 0, 5 * frame), image.Plane!.Position);
            }
        }
    }

    [Theory]
    [InlineData(8, 8, 7, false)]
    [InlineData(8, 8, 7, true)]
    [InlineData(16, 12, 11, true)]
    [InlineData(16, 12, 15, false)]
    [InlineData(16, 12, 13, true)]
    [InlineData(16, 16, 15, true)]
    [InlineData(16, 10, 9, false)]
    public void Stored_bits_lie_below_the_high_bit_and_have_their_sign(int allocated, int stored, int high, bool isSigned)
    {
        foreach (var syntax in new[] { Phantom.ExplicitSyntax, Phantom.ImplicitSyntax, Phantom.BigEndianSyntax })
        {
            var phantom = new Phantom { Allocated = allocated, Stored = stored, HighBit = high, IsSigned = isSigned, Syntax = syntax };
            Assert.Equal(phantom.Values(), CtImage.Read(DicomFile.Parse(phantom.File())).Values);
        }
    }

    [Fact]
    public void Gray_goes_by_Hounsfield_units_also_where_the_file_asks_to_be_shown_inverted_and_padding_is_black()
    {
        var phantom = new Phantom { Padding = 0, PaddingLimit = 10 };
        var (plain, inverted) = (CtImage.Read(DicomFile.Parse(phantom.File())), CtImage.Read(DicomFile.Parse((phantom with { Photometric = "MONOCHROME1" }).File())));
        Assert.Equal(plain.Values, inverted.Values);
        Assert.Equal(plain.ToGray().Pixels, inverted.ToGray().Pixels);
        Assert.Contains(0, plain.Values);
        var slice = plain.ToSlice();
        Assert.All(plain.Values.Index(), value => Assert.Equal(
            value.Item <= 10 ? (true, 0) : (false, CtWindow.Lung.Gray(plain.Hounsfield(value.Index))),
            (float.IsNaN(slice.Hounsfield[value.Index]), (int)plain.ToGray().Pixels[value.Index])));
    }

    [Fact]
    public void What_is_no_CT_image_is_refused_in_one_sentence_without_the_patient()
    {
        foreach (var phantom in new Phantom[]
            { new() { Modality = "MR" }, new() { Photometric = "RGB" }, new() { Slope = "0" }, new() { Slope = "a" }, new() { Stored = 4 }, new() { Orientation = "1\\0\\0\\1\\0\\0" }, new() { Syntax = "1.2.840.10008.1.2.4.90" } })
        {
            Samples.AssertSentence(Assert.Throws<ImageRejectedException>(() => CtImage.Read(DicomFile.Parse(phantom.File()))).Message);
        }
    }

    [Fact]
    public void The_decoder_takes_one_frame_and_says_what_to_do_with_more()
    {
        Assert.Equal(new Phantom().Width, new DicomDecoder().Decode(new Phantom().File()).Width);
        Assert.Contains("3, and an image is one frame", Assert.Throws<ImageRejectedException>(() => new DicomDecoder().Decode(new Phantom { Frames = 3 }.File())).Message, StringComparison.Ordinal);
        Assert.NotEqual(new DicomDecoder().Version, new DicomDecoder(new() { Window = new(40, 400) }).Version);
        Assert.Throws<ImageRejectedException>(() => new DicomDecoder(new() { Window = null }).Decode(new Phantom { Window = null }.File()));
    }
}
