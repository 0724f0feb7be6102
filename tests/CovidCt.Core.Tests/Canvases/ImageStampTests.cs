using CovidCt.Canvases;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Canvases;

public sealed class ImageStampTests
{
    [Fact]
    public void An_image_that_is_no_file_is_the_same_as_long_as_its_hash_is()
    {
        var stamp = ImageStamp.Of("1.png", "zip:a\n1.png", "12ab");

        Assert.Equal(stamp, ImageStamp.Of("1.png", "zip:a\n1.png", "12ab"));
        Assert.Equal(stamp, ImageStamp.Of("1.png", "zip:b\n1.png", "12ab"));
        Assert.All(
            [ImageStamp.Of("1.png", "zip:a\n1.png", "12ac"), ImageStamp.Of("2.png", "zip:a\n2.png", "12ab"), ImageStamp.Of("1.png", "zip:a\n1.png", "")],
            other => Assert.NotEqual(stamp, other));
        Assert.Equal(-1, ImageStamp.Of("1.png", "zip:a\n1.png", "").Length);
        Assert.NotEqual(ImageStamp.Of("1.png", "zip:b\n1.png", ""), ImageStamp.Of("1.png", "zip:a\n1.png", ""));
    }

    [Fact]
    public void A_file_goes_by_its_length_and_time_of_change_wherever_the_data_set_lies()
    {
        using var folder = new TemporaryFolder();
        var (file, copy) = (folder.Write("a/1.png", "one"), folder.Write("b/1.png", "two"));
        File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(file));

        var stamp = ImageStamp.Of("1.png", file, content: null);

        Assert.Equal((3, new FileInfo(file).LastWriteTimeUtc.Ticks), (stamp.Length, stamp.Modified));
        Assert.Equal(stamp, ImageStamp.Of("1.png", copy, content: null));
        Assert.NotEqual(stamp, ImageStamp.Of("2.png", file, content: null));
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.NotEqual(stamp, ImageStamp.Of("1.png", file, content: null));
        Assert.True(stamp.MayBe(ImageStamp.Of("1.png", file, content: null)));
        Assert.False(stamp.MayBe(ImageStamp.Of("1.png", folder.Write("b/1.png", "three"), content: null)));
    }
}
