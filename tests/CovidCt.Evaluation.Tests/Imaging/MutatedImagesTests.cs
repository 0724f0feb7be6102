using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Imaging;

/// <summary>Files of every format that is read, changed at random: each is an image or refused, soon and in bounds.</summary>
public sealed class MutatedImagesTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Category", "Long")]
    public void A_changed_file_is_an_image_or_is_refused_within_bounds_of_time_and_memory() =>
        MutatedImages.Check(new SkiaImageDecoder(), Originals(), LargeCount.Of(MutatedImages.Count, 5000), output);

    private static List<(string Name, byte[] Content)> Originals() =>
    [
        .. Directory.GetFiles(Path.Combine(TestImages.Fixtures, "Decode")).Where(file => !file.EndsWith(".pgm", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))),
        ("deep.png", TestImages.DeepPng(31, 23, [.. Enumerable.Range(0, 31 * 23).Select(i => (ushort)(i * 5))], stated: 12, filters: [0, 1, 2, 3, 4], interlaced: true)),
    ];
}
