using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace CovidCt.Core.Tests.Studies;

/// <summary>
/// What lies in TensorBoard's event files, read by nothing of TorchSharp's: records of a length, its masked CRC32C, the content and the
/// masked CRC32C of that (TensorFlow's <c>record_writer.h</c>), and within them protocol buffers, field by field (<c>event.proto</c>,
/// <c>summary.proto</c>).
/// </summary>
internal static class EventRecords
{
    /// <param name="Tag">Its name.</param>
    /// <param name="Step">Its step.</param>
    /// <param name="Scalar">The number, of a scalar.</param>
    /// <param name="Text">The string, of a text.</param>
    /// <param name="Picture">The PNG file, of a picture.</param>
    public sealed record Value(string Tag, long Step, float? Scalar, string? Text, byte[]? Picture);

    /// <summary>All values of a folder's files, in their order.</summary>
    /// <exception cref="InvalidDataException">A sum is wrong, a file is cut off, or it is of another version.</exception>
    public static IReadOnlyList<Value> In(string folder) =>
        [.. Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal).SelectMany(Of)];

    public static IReadOnlyList<Value> Of(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        List<Value> values = [];
        for (int at = 0, number = 0; at < bytes.Length; number++)
        {
            int length = checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)));
            Require(Masked(bytes.AsSpan(at, 8)) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)), $"the sum of a length at {at}");
            var content = bytes.AsSpan(at + 12, length).ToArray();
            Require(Masked(content) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)), $"the sum of a record at {at}");
            at += 12 + length + 4;

            var one = Fields(content).ToList();
            Require(number > 0 || one.Any(field => field.Number == 3 && Encoding.UTF8.GetString(field.Bytes) == "brain.Event:2"), "the version");
            long step = (long)one.Where(field => field.Number == 2).Select(field => field.Varint).SingleOrDefault();
            foreach (var summary in one.Where(field => field.Number == 5))
                values.AddRange(Fields(summary.Bytes).Where(field => field.Number == 1).Select(value => ValueOf([.. Fields(value.Bytes)], step)));
        }

        return values;

        void Require(bool isSo, string what)
        {
            if (!isSo)
                throw new InvalidDataException($"{file}: {what} is wrong.");
        }
    }

    private static Value ValueOf(Field[] fields, long step) => new(
        Encoding.UTF8.GetString(fields.Single(field => field.Number == 1).Bytes),
        step,
        fields.Where(field => field.Number == 2).Select(field => (float?)BitConverter.ToSingle(field.Bytes)).SingleOrDefault(),
        // A text is a tensor, whose strings are field 8.
        fields.Where(field => field.Number == 8).SelectMany(tensor => Fields(tensor.Bytes)).Where(field => field.Number == 8)
            .Select(text => Encoding.UTF8.GetString(text.Bytes)).SingleOrDefault(),
        // A picture's content is field 4.
        fields.Where(field => field.Number == 4).SelectMany(picture => Fields(picture.Bytes)).Where(field => field.Number == 4)
            .Select(picture => picture.Bytes).SingleOrDefault());

    private readonly record struct Field(int Number, ulong Varint, byte[] Bytes);

    private static IEnumerable<Field> Fields(byte[] message)
    {
        for (int at = 0; at < message.Length;)
        {
            ulong key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    yield return new((int)(key >> 3), Varint(message, ref at), []);
                    break;
                case 1:
                    yield return new((int)(key >> 3), 0, message[at..(at += 8)]);
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    yield return new((int)(key >> 3), 0, message[at..(at += length)]);
                    break;
                case 5:
                    yield return new((int)(key >> 3), 0, message[at..(at += 4)]);
                    break;
                default:
                    throw new InvalidDataException($"A field of the kind {key & 7}.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + 0xa282ead8;
    }
}
