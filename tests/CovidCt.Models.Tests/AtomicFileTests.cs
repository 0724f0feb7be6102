namespace CovidCt.Models.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("covidct-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Makes_the_folder_and_replaces_the_file()
    {
        string path = Path.Combine(_folder, "a", "b", "file.txt");
        AtomicFile.WriteAllText(path, "one");
        AtomicFile.WriteAllText(path, "Größe");
        Assert.Equal("Größe"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        string path = Path.Combine(_folder, "file.txt");
        AtomicFile.WriteAllText(path, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void What_nobody_holds_is_swept_and_what_is_being_written_is_left_to_its_writer()
    {
        string path = Path.Combine(_folder, "a", "file.txt");
        string left = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "b", "c")).FullName, $"file.png.{Guid.NewGuid():N}{AtomicFile.Ending}");
        File.WriteAllText(left, "half");

        AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(65);
            AtomicFile.Sweep(_folder);
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!, $"*{AtomicFile.Ending}"));
            stream.WriteByte(66);
        });

        Assert.False(File.Exists(left));
        Assert.Equal("AB", File.ReadAllText(path));
        AtomicFile.Sweep(_folder);
        Assert.Equal([path], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_folder_that_is_a_file_is_an_IOException()
    {
        string path = Path.Combine(_folder, "file");
        AtomicFile.WriteAllText(path, "");
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteAllText(Path.Combine(path, "inside.txt"), ""));
    }
}
