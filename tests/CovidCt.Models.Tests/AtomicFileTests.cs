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
    public void A_folder_that_is_a_file_is_an_IOException()
    {
        string path = Path.Combine(_folder, "file");
        AtomicFile.WriteAllText(path, "");
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteAllText(Path.Combine(path, "inside.txt"), ""));
    }
}
