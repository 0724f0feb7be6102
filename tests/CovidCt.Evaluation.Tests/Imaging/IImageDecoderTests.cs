using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Imaging;

public class IImageDecoderTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    [Fact]
    public void What_lies_at_a_path_is_told_apart()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("folder", Reason(folder.Path), StringComparison.Ordinal);
        Assert.Contains("no such file", Reason(Path.Combine(folder.Path, "gone.png")), StringComparison.Ordinal);
        Assert.Contains("no such file", Reason(Path.Combine(folder.Path, "gone", "slice.png")), StringComparison.Ordinal);
        Assert.Contains("empty", Reason(folder.Write("empty.png", "")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_larger_than_any_image_is_not_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("large.png", TestImages.GrayPng());
        using (var file = File.OpenWrite(path))
        {
            // Sparse: it takes no room on the disk.
            file.SetLength((1L << 29) + 1);
        }

        Assert.Contains("512 MiB", Reason(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_never_hold_the_path()
    {
        using var folder = new TemporaryFolder();

        Assert.DoesNotContain(folder.Path, Reason(Path.Combine(folder.Path, "gone.png")), StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, Reason(folder.Write("text.png", "text")), StringComparison.Ordinal);
    }

    private static string Reason(string path) => Assert.Throws<ImageRejectedException>(() => Decoder.DecodeFile(path)).Message;
}
