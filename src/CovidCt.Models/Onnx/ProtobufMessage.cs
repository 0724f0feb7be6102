using System.Buffers.Binary;
using System.Text;

namespace CovidCt.Models.Onnx;

/// <summary>
/// A message in the wire format of protocol buffers, its fields in the order in which they were added. What is kept of a large field is
/// the caller's memory, which is written from where it lies.
/// </summary>
internal sealed class ProtobufMessage
{
    private const int VarintType = 0, LengthDelimitedType = 2, FloatType = 5;

    private readonly List<(ReadOnlyMemory<byte> Bytes, ProtobufMessage? Nested)> _parts = [];

    /// <summary>The bytes that it takes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a whole number.</summary>
    public ProtobufMessage Add(int field, long value) => Append((byte[])[.. Varint(Key(field, VarintType)), .. Varint((ulong)value)]);

    /// <summary>Adds a number, float32.</summary>
    public ProtobufMessage Add(int field, float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Append((byte[])[.. Varint(Key(field, FloatType)), .. bytes]);
    }

    /// <summary>Adds a text.</summary>
    public ProtobufMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes, which must not change before they are written.</summary>
    public ProtobufMessage Add(int field, ReadOnlyMemory<byte> bytes) =>
        Append((byte[])[.. Varint(Key(field, LengthDelimitedType)), .. Varint((ulong)bytes.Length)]).Append(bytes);

    /// <summary>Adds a message, to which nothing must be added any more.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage message)
    {
        Append((byte[])[.. Varint(Key(field, LengthDelimitedType)), .. Varint((ulong)message.Length)]);
        _parts.Add((default, message));
        Length += message.Length;
        return this;
    }

    /// <summary>Adds all fields of another message.</summary>
    public ProtobufMessage AddAll(ProtobufMessage other)
    {
        _parts.AddRange(other._parts);
        Length += other.Length;
        return this;
    }

    /// <summary>Writes it.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var (bytes, nested) in _parts)
        {
            if (nested is null)
            {
                stream.Write(bytes.Span);
            }
            else
            {
                nested.WriteTo(stream);
            }
        }
    }

    private ProtobufMessage Append(ReadOnlyMemory<byte> bytes)
    {
        _parts.Add((bytes, null));
        Length += bytes.Length;
        return this;
    }

    private static ulong Key(int field, int type) => (ulong)((field << 3) | type);

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
