using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Imaging;

/// <summary>The five line filters of PNG (section 9 of its specification), undone in place.</summary>
internal static class PngFilter
{
    /// <summary>Bytes behind a line that are read and left as they are.</summary>
    public const int Margin = 16;

    /// <summary>Undoes a line's filter.</summary>
    /// <param name="filter">Its number; of any but 0…4 nothing is done.</param>
    /// <param name="channels">Bytes a pixel: 1, 3 or 4.</param>
    /// <param name="line">The line, and <see cref="Margin"/> bytes behind it.</param>
    /// <param name="above">The line above, which is undone already, and as many bytes.</param>
    /// <returns>Whether there is such a filter.</returns>
    public static bool Undo(byte filter, int channels, Span<byte> line, ReadOnlySpan<byte> above) => channels switch
    {
        1 => UndoBytes(filter, line[..^Margin], above),
        3 => UndoPixels(filter, 3, line, above), // Written out, so that the loops are compiled for this number.
        _ => UndoPixels(filter, 4, line, above),
    };

    private static bool UndoBytes(byte filter, Span<byte> line, ReadOnlySpan<byte> above)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                Sub(line);
                return true;
            case 2:
                Up(line, above);
                return true;
            case 3:
                Average(line, above);
                return true;
            case 4:
                Paeth(line, above);
                return true;
            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool UndoPixels(byte filter, int channels, Span<byte> line, ReadOnlySpan<byte> above)
    {
        var length = line.Length - Margin;
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                Sub(line, length, channels);
                return true;
            case 2:
                Up(line[..length], above);
                return true;
            case 3:
                Average(line, above, length, channels);
                return true;
            case 4:
                Paeth(line, above, length, channels);
                return true;
            default:
                return false;
        }
    }

    private static void Up(Span<byte> line, ReadOnlySpan<byte> above)
    {
        var x = 0;
        for (; x <= line.Length - Vector256<byte>.Count; x += Vector256<byte>.Count)
        {
            (Vector256.Create<byte>(line[x..]) + Vector256.Create(above[x..])).CopyTo(line[x..]);
        }

        for (; x < line.Length; x++)
        {
            line[x] += above[x];
        }
    }

    private static void Sub(Span<byte> line)
    {
        byte left = 0;
        foreach (ref var value in line)
        {
            value = left += value;
        }
    }

    private static void Average(Span<byte> line, ReadOnlySpan<byte> above)
    {
        byte left = 0;
        for (var x = 0; x < line.Length; x++)
        {
            line[x] = left = (byte)(line[x] + ((left + above[x]) >> 1));
        }
    }

    private static void Paeth(Span<byte> line, ReadOnlySpan<byte> above)
    {
        var (left, aboveLeft) = (0, 0);
        for (var x = 0; x < line.Length; x++)
        {
            int up = above[x];
            var (toLeft, toUp, toAboveLeft) = (Math.Abs(up - aboveLeft), Math.Abs(left - aboveLeft), Math.Abs(left + up - (2 * aboveLeft)));
            var nearest = toLeft <= toUp && toLeft <= toAboveLeft ? left : toUp <= toAboveLeft ? up : aboveLeft;
            line[x] = (byte)(line[x] + nearest);
            (left, aboveLeft) = (line[x], up);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sub(Span<byte> line, int length, int channels)
    {
        var left = Vector128<byte>.Zero;
        ref var pixel = ref MemoryMarshal.GetReference(line);
        for (var x = 0; x < length; x += channels, pixel = ref Unsafe.Add(ref pixel, channels))
        {
            left += Load(ref pixel);
            Store(left, ref pixel, channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Average(Span<byte> line, ReadOnlySpan<byte> above, int length, int channels)
    {
        var left = Vector128<ushort>.Zero;
        ref var pixel = ref MemoryMarshal.GetReference(line);
        ref var over = ref MemoryMarshal.GetReference(above);
        for (var x = 0; x < length; x += channels, pixel = ref Unsafe.Add(ref pixel, channels), over = ref Unsafe.Add(ref over, channels))
        {
            var up = Vector128.WidenLower(Load(ref over));
            left = (Vector128.WidenLower(Load(ref pixel)) + ((left + up) >>> 1)) & Vector128.Create((ushort)0xFF);
            Store(Vector128.Narrow(left, left), ref pixel, channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Paeth(Span<byte> line, ReadOnlySpan<byte> above, int length, int channels)
    {
        var (left, aboveLeft) = (Vector128<short>.Zero, Vector128<short>.Zero);
        ref var pixel = ref MemoryMarshal.GetReference(line);
        ref var over = ref MemoryMarshal.GetReference(above);
        for (var x = 0; x < length; x += channels, pixel = ref Unsafe.Add(ref pixel, channels), over = ref Unsafe.Add(ref over, channels))
        {
            var up = Vector128.WidenLower(Load(ref over)).AsInt16();
            var (alongUp, alongLeft) = (up - aboveLeft, left - aboveLeft);
            var (toLeft, toUp, toAboveLeft) = (Vector128.Abs(alongUp), Vector128.Abs(alongLeft), Vector128.Abs(alongUp + alongLeft));
            var least = Vector128.Min(toAboveLeft, Vector128.Min(toLeft, toUp));
            var nearest = Vector128.ConditionalSelect(
                Vector128.Equals(least, toLeft), left, Vector128.ConditionalSelect(Vector128.Equals(least, toUp), up, aboveLeft));
            left = (Vector128.WidenLower(Load(ref pixel)).AsInt16() + nearest) & Vector128.Create((short)0xFF);
            aboveLeft = up;
            Store(Vector128.Narrow(left.AsUInt16(), left.AsUInt16()), ref pixel, channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load(ref byte pixel) => Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(ref pixel)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> values, ref byte pixel, int channels)
    {
        var four = values.AsUInt32().ToScalar();
        if (channels == 4)
        {
            Unsafe.WriteUnaligned(ref pixel, four);
        }
        else
        {
            Unsafe.WriteUnaligned(ref pixel, (ushort)four);
            Unsafe.Add(ref pixel, 2) = (byte)(four >> 16);
        }
    }
}
