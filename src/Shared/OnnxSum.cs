using System.Security.Cryptography;
using System.Text;

namespace CovidCt;

/// <summary>
/// The hash that an ONNX file ends in: one more entry of its metadata, of all bytes before it. A parser in native code is handed no file
/// that was changed.
/// </summary>
internal static class OnnxSum
{
    private const int Digits = 2 * SHA256.HashSizeInBytes;

    // Field 14 of the model, an entry of 74 bytes: its key, and as its value so many digits.
    private static readonly byte[] Start = [0x72, 74, 0x0A, 6, .. "sha256"u8, 0x12, Digits];

    private static int Length => Start.Length + Digits;

    /// <summary>The entry of a hash.</summary>
    /// <param name="hash">Of all bytes before it.</param>
    public static byte[] Entry(ReadOnlySpan<byte> hash) => [.. Start, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash))];

    /// <summary>Whether a file ends in the hash of what is before; no more than a piece of it is in memory at once.</summary>
    /// <param name="file">The whole file, at its beginning.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    public static bool IsRight(Stream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[1 << 16];
        var (rest, read) = (file.Length - Length, 1);
        for (; rest > 0 && read > 0; rest -= read)
        {
            read = file.Read(piece, 0, (int)Math.Min(rest, piece.Length));
            hash.AppendData(piece, 0, read);
        }

        var end = piece.AsSpan(0, Length);
        return rest == 0 && file.ReadAtLeast(end, Length, throwOnEndOfStream: false) == Length
            && end.SequenceEqual(Entry(hash.GetHashAndReset()));
    }
}
