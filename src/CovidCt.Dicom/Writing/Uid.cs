using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CovidCt.Dicom.Writing;

/// <summary>Unique identifiers that are made of what they name, so that the same has the same one, whoever asks and when.</summary>
internal static class Uid
{
    // Those that are made of a UUID (PS3.5, annex B.2).
    private const string Root = "2.25.";

    private const int UuidLength = 16, MostLength = 64;

    /// <summary>An identifier of a kind of thing with that content.</summary>
    public static string Of(string kind, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"CovidCt.Dicom {kind}\n"));
        hash.AppendData(content);
        var uuid = hash.GetHashAndReset().AsSpan(0, UuidLength);
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x80); // Version 8, which is anyone's own, and variant 10 (RFC 9562, section 5.8).
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        return Root + BinaryPrimitives.ReadUInt128BigEndian(uuid).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>An identifier of a kind of thing that these words tell apart.</summary>
    public static string Of(string kind, params IEnumerable<string> words) => Of(kind, Encoding.UTF8.GetBytes(string.Join('\n', words)));

    /// <summary>The identifier that a file must have; of several the first.</summary>
    /// <exception cref="Imaging.ImageRejectedException">It has none, or something else stands there.</exception>
    public static string In(DicomDataSet data, DicomTag tag, string without)
    {
        var uid = data.First(tag) ?? throw Fault.Missing(tag, without);
        return uid.Length is > 0 and <= MostLength && uid.All(c => char.IsAsciiDigit(c) || c == '.')
            ? uid
            : throw Fault.Of(tag, data.Find(tag)!.Offset, "is no unique identifier");
    }
}
