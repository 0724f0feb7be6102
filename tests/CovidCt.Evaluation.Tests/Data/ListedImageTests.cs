using CovidCt.Data;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Data;

public sealed class ListedImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_come_in_their_order_with_what_is_known_of_them() => Assert.Equal(
        [
            new(_folder["b.png"], "p 1", "COVID"),
            new(_folder["sub/a.png"], null, null),
            new ListedImage(Path.GetFullPath("/elsewhere/c.png"), "p2", null),
        ],
        Read("Patient,label,path\n\"p 1\",COVID,b.png\n,,sub\\a.png\np2,,/elsewhere/c.png\n\n"));

    [Fact]
    public void The_label_may_be_missing() => Assert.Equal([new ListedImage(_folder["a.png"], "p", null)], Read("path,patient\na.png,p\n"));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("path,label\na.png,COVID\n", "no column 'patient'")]
    [InlineData("patient\np\n", "no column 'path'")]
    [InlineData("path,patient\n", "lists no image")]
    [InlineData("path,patient\na.png,p\n,p\n", "line 3: the path is missing")]
    [InlineData("path,patient\na.png,p\n./a.png,q\n", "is on line 2 and again on line 3")]
    [InlineData("path,patient\n\"a.png,p\n", "never closed")]
    public void What_is_wrong_is_told(string content, string word) =>
        Assert.Contains(word, Assert.Throws<UnusableDataException>(() => Read(content)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_told() =>
        Assert.Contains("gone.csv", Assert.Throws<UnusableDataException>(() => ListedImage.Read(_folder["gone.csv"])).Message, StringComparison.Ordinal);

    private IReadOnlyList<ListedImage> Read(string content) => ListedImage.Read(_folder.Write("images.csv", content));
}
