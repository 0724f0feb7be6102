using System.Diagnostics;
using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.ImageSharp.Tests;

public sealed class RealImagesTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Category", "Long")]
    public void Every_image_of_COVID19_CT_is_Skias_within_a_few_levels()
    {
        string[] ends = [".png", ".jpg", ".jpeg"];
        var files = Directory.EnumerateFiles(RealData.Folder("covid19-ct"), "*", SearchOption.AllDirectories)
            .Where(file => ends.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var (skia, skiaSeconds) = Timed(new SkiaImageDecoder(), files);
        var (managed, managedSeconds) = Timed(new ImageSharpDecoder(), files);
        var apart = skia.Zip(managed, (a, b) => a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).ToList()).Zip(files).ToList();

        foreach (var format in apart.GroupBy(one => one.Second[0] == 0x89 ? "PNG" : one.Second[0] == 0xFF ? "JPEG" : "other"))
        {
            var all = format.SelectMany(one => one.First);
            output.WriteLine($"{format.Key}: {format.Count()} images, {format.Count(one => one.First.Max() == 0)} of them equal; the largest difference is {format.Max(one => one.First.Max())}, the mean {all.Average():0.0000} gray levels.");
        }

        output.WriteLine($"{files.Count} images: Skia {skiaSeconds:0.00} s, ImageSharp {managedSeconds:0.00} s.");
        Assert.True(files.Count > 0);
        Assert.All(apart, one => Assert.InRange(one.First.Max(), 0, one.Second[0] == 0x89 ? 0 : 16));
    }

    private static (List<GrayImage> Images, double Seconds) Timed(IImageDecoder decoder, List<byte[]> files)
    {
        _ = decoder.Decode(files[0]);
        var begin = Stopwatch.GetTimestamp();
        var images = files.ConvertAll(file => decoder.Decode(file));
        return (images, Stopwatch.GetElapsedTime(begin).TotalSeconds);
    }
}
