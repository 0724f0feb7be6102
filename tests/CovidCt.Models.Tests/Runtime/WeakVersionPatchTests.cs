using System.Numerics;
using CovidCt.Models.Runtime;

namespace CovidCt.Models.Tests.Runtime;

public sealed class WeakVersionPatchTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\u007FELF")]
    [InlineData("MZ is how a Windows library begins, and it is left alone, however long it is: 64 bytes at least.")]
    public void What_is_no_ELF_library_is_left_alone(string content)
    {
        var image = System.Text.Encoding.Latin1.GetBytes(content);
        var before = image.ToArray();

        Assert.False(WeakVersionPatch.TryWeaken(image));
        Assert.Equal(before, image);
    }

    [Fact]
    public void One_bit_of_the_real_library_changes()
    {
        var image = File.ReadAllBytes(NativePart());
        var before = image.ToArray();

        Assert.True(WeakVersionPatch.TryWeaken(image));

        var changed = Assert.Single(Enumerable.Range(0, image.Length), i => image[i] != before[i]);
        Assert.Equal(1, BitOperations.PopCount((uint)(image[changed] ^ before[changed])));
        Assert.Equal(before[changed] | 2, image[changed]);
    }

    [Fact]
    public void A_library_without_the_version_is_not_copied()
    {
        using var folder = new TemporaryFolder();
        NativePart();
        var other = Directory.EnumerateFiles(AppContext.BaseDirectory, "libc10.so", SearchOption.AllDirectories).First();

        Assert.Null(WeakVersionPatch.CopyOf(other, folder.File("cache")));
        Assert.False(Directory.Exists(folder.File("cache")));
    }

    [Fact]
    public void The_copy_is_made_once_and_made_again_when_it_is_damaged()
    {
        using var folder = new TemporaryFolder();
        var copy = WeakVersionPatch.CopyOf(NativePart(), folder.Path)!;
        var bytes = File.ReadAllBytes(copy);
        File.WriteAllText(copy, "damaged");

        Assert.Equal(copy, WeakVersionPatch.CopyOf(NativePart(), folder.Path));
        Assert.Equal(bytes, File.ReadAllBytes(copy));
        Assert.Equal([copy], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Where_the_cache_folder_can_not_be_made_a_temporary_one_takes_the_copy()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("in-the-way", []);

        var copy = WeakVersionPatch.CopyOf(NativePart(), file)!;

        Assert.True(File.Exists(copy));
        Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
    }

    private static string NativePart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux versions its symbols.");
        return Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First();
    }
}
