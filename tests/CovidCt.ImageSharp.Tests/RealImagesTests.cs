using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.ImageSharp.Tests;

public sealed class RealImagesTests(ITestOutputHelper output)
{
    // What was measured, which docs/decisions.md states.
    private const int Images = 746, LevelsApart = 5;
    private const double LevelsApartInTheMean = 0.015;

    [Fact]
    [Trait("Category", "Long")]
    public void Every_image_of_COVID19_CT_is_Skias_within_a_few_levels()
    {
        string[] ends = [".png", ".jpg", ".jpeg"];
        var (skia, managed) = (new SkiaImageDecoder(), new ImageSharpDecoder());
        var apart = Directory.EnumerateFiles(RealData.Folder("covid19-ct"), "*", SearchOption.AllDirectories)
            .Where(file => ends.Contains(Path.GetExtension(file).ToLowerInvariant())).Select(File.ReadAllBytes)
            .Select(file => (IsPng: file[0] == 0x89, Levels: Apart(skia.Decode(file), managed.Decode(file)))).ToList();

        foreach (var format in apart.GroupBy(image => image.IsPng ? "PNG" : "JPEG"))
        {
            var all = format.SelectMany(image => image.Levels);
            output.WriteLine($"{format.Key}: {format.Count()} images, {format.Count(image => image.Levels.Max() == 0)} of them equal; the largest difference is {format.Max(image => image.Levels.Max())}, the mean {all.Average():0.0000} gray levels.");
        }

        Assert.Equal(Images, apart.Count);
        Assert.All(apart, image => Assert.InRange(image.Levels.Max(), 0, image.IsPng ? 0 : LevelsApart));
        Assert.InRange(apart.Where(image => !image.IsPng).SelectMany(image => image.Levels).Average(), 0, LevelsApartInTheMean);
    }

    private static int[] Apart(GrayImage one, GrayImage other)
    {
        Assert.Equal((one.Width, one.Height), (other.Width, other.Height));
        return [.. one.Pixels.Zip(other.Pixels, (x, y) => Math.Abs(x - y))];
    }
}
