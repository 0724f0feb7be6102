using System.Security.Cryptography;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Weights;

public sealed class FileHashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_hash_is_that_of_the_bytes() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", // FIPS 180-2, appendix B.1.
        FileHash.Sha256(_folder.Write("abc", "abc"), Cancellation));

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    [InlineData((3 << 20) + 1)]
    public void A_file_of_several_buffers_is_hashed_whole(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), FileHash.Sha256(_folder.Write("file", bytes), Cancellation));
    }

    [Fact]
    public void Hashing_can_be_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => FileHash.Sha256(_folder.Write("abc", "abc"), new CancellationToken(canceled: true)));
}
