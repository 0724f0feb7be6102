using System.Buffers.Binary;
using Google.Protobuf;
using Tensorboard;

namespace CovidCt.Studies;

/// <summary>The events of a file of TensorBoard's: records of a length, a sum of it, the content and a sum of that.</summary>
internal static class EventFile
{
    private const int LengthAndSum = sizeof(ulong) + sizeof(uint);

    /// <summary>The events up to where the file ends, or ends to make sense.</summary>
    public static IEnumerable<Event> Read(byte[] file)
    {
        for (var at = 0L; at + LengthAndSum <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan((int)at));
            if (length > (ulong)(file.Length - at - LengthAndSum) || Parsed(file, (int)at + LengthAndSum, (int)length) is not { } one)
            {
                yield break;
            }

            yield return one;
            at += LengthAndSum + (long)length + sizeof(uint);
        }
    }

    private static Event? Parsed(byte[] file, int at, int length)
    {
        try
        {
            return Event.Parser.ParseFrom(file, at, length);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
