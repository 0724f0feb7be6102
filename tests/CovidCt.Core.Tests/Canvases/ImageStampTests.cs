using CovidCt.Canvases;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Canvases;

public sealed class ImageStampTests
{
    [Fact]
    public void An_image_that_is_no_file_is_the_same_as_long_as_its_hash_is()
    {
        var stamp = ImageStamp.Of("zip:a\n1.png", "12ab");

        Assert.Equal(stamp, ImageStamp.Of("zip:a\n1.png", "12ab"));
        Assert.All(
            [ImageStamp.Of("zip:a\n1.png", "12ac"), ImageStamp.Of("zip:a\n2.png", "12ab"), ImageStamp.Of("zip:b\n1.png", "12ab"), ImageStamp.Of("zip:a\n1.png", "")],
            other => Assert.NotEqual(stamp, other));
        Assert.Equal(-1, ImageStamp.Of("zip:a\n1.png", "").Length);
    }

    [Fact]
    public void A_file_goes_by_its_length_and_time_of_change()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.png", "one");

        var stamp = ImageStamp.Of(file, content: null);

        Assert.Equal((3, new FileInfo(file).LastWriteTimeUtc.Ticks), (stamp.Length, stamp.Modified));
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.NotEqual(stamp, ImageStamp.Of(file, content: null));
    }
}
