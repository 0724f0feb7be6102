using CovidCt.Tests;
using CovidCt.Volumes;

namespace CovidCt.Evaluation.Tests.Volumes;

/// <summary>Files that somebody changed: each is a volume or one sentence, soon, and with no more memory than its length admits.</summary>
public sealed class MutatedNiftiTests(ITestOutputHelper output) : IDisposable
{
    private const string Count = "COVIDCT_NIFTI_MUTATIONS";

    private const int HeadLength = 352;
    private const long Fixed = 1 << 18, Inflation = 1032;

    // The stored byte held and read, and of each two values in single precision, turned and not.
    private const long OfByte = 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_few_changed_files_are_volumes_or_refused() => Try(300, 1);

    [Fact]
    [Trait("Category", "Long")]
    public void Changed_files_are_volumes_or_refused() => Try(LargeCount.Of(Count, 10_000), 2);

    private void Try(int count, int seed)
    {
        NiftiSample[] plain =
        [
            new() { Type = 4, Slope = 1, Intercept = -1024 }, new() { Type = 16, IsSecond = true, HasQForm = true, HasSForm = false },
            new() { Type = 2, IsBigEndian = true, Order = [2, 0, 1] }, new() { Type = 64, Order = [0, 2, 1], IsAgainst = [true, true, false], HasQForm = true },
            new() { Type = 8, Geometry = new(40, 30, 20, (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)) },
        ];
        byte[][] originals = [.. plain.Select(sample => sample.File()), .. plain.Select(sample => (sample with { IsGzip = true }).File())];
        ChangedFiles.Try(output, originals, HeadLength, count, seed, Read, AssertSentence);
        ChangedFiles.Try(output, originals[..5], HeadLength, count / 2, seed + 1, file => Read(NiftiSample.Compressed(file)), AssertSentence);
    }

    private void Read(byte[] content)
    {
        var path = _folder.Write("scan.nii", content);
        var most = Fixed + (OfByte * content.Length * (content is [0x1F, 0x8B, ..] ? Inflation : 1));
        ChangedFiles.Within(most, () =>
        {
            var volume = NiftiVolume.Open(path);
            volume.Read(0);
            return volume.Read(volume.Count - 1);
        });
    }

    private static void AssertSentence(string message)
    {
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 10, 300);
    }
}
