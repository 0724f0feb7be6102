using CovidCt.Tests;

namespace CovidCt.ImageSharp.Tests;

/// <summary>Files of every format that is read, changed at random: each is an image or refused, soon and in bounds.</summary>
public sealed class MutatedImagesTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Category", "Long")]
    public void A_changed_file_is_an_image_or_is_refused_within_bounds_of_time_and_memory() =>
        MutatedImages.Check(new ImageSharpDecoder(), Originals(), LargeCount.Of(MutatedImages.Count, 5000), output);

    [Fact]
    public void Of_a_few_changed_files_each_is_an_image_or_is_refused() =>
        MutatedImages.Check(new ImageSharpDecoder(), Originals(), 300, output);

    private static List<(string Name, byte[] Content)> Originals() =>
    [
        .. TestFiles.Names.Concat(["gray.tif", "gray-big-endian.tif", "gray.pgm", "gray-text.pgm", "gray.tga"]).Select(name => (name, TestFiles.Read(name))),
        ("deep.png", TestImages.DeepPng(31, 23, [.. Enumerable.Range(0, 31 * 23).Select(i => (ushort)(i * 5))], stated: 12, filters: [0, 1, 2, 3, 4], interlaced: true)),
    ];
}
