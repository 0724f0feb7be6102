using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Imaging;

/// <summary>ITU-R 601 luma in Pillow's integer arithmetic: <c>(19595 R + 38470 G + 7471 B + 32768) / 65536</c>.</summary>
internal static class Luma
{
    /// <summary>Of pixels of four bytes: R, G, B and one that doesn't count.</summary>
    public static void OfRgba(ReadOnlySpan<uint> rgba, Span<byte> gray)
    {
        var x = 0;
        for (var lanes = Vector<uint>.Count; x <= gray.Length - (4 * lanes); x += 4 * lanes)
        {
            var pixels = rgba[x..];
            Vector.Narrow(
                Vector.Narrow(Of(new Vector<uint>(pixels)), Of(new Vector<uint>(pixels[lanes..]))),
                Vector.Narrow(Of(new Vector<uint>(pixels[(2 * lanes)..])), Of(new Vector<uint>(pixels[(3 * lanes)..]))))
                .CopyTo(gray[x..]);
        }

        for (; x < gray.Length; x++)
        {
            gray[x] = Of(rgba[x]);
        }
    }

    /// <summary>Of pixels of three bytes.</summary>
    /// <param name="rgb">The pixels, and at least 4 bytes behind them, which don't count.</param>
    /// <param name="gray">Takes one value a pixel.</param>
    public static void OfRgb(ReadOnlySpan<byte> rgb, Span<byte> gray)
    {
        const int Lanes = 4;
        var x = 0;
        for (; x <= gray.Length - (4 * Lanes); x += 4 * Lanes)
        {
            var pixels = rgb[(3 * x)..];
            Vector128.Narrow(
                Vector128.Narrow(Of(Four(pixels)), Of(Four(pixels[12..]))),
                Vector128.Narrow(Of(Four(pixels[24..])), Of(Four(pixels[36..]))))
                .CopyTo(gray[x..]);
        }

        for (; x < gray.Length; x++)
        {
            gray[x] = Of(MemoryMarshal.Read<uint>(rgb[(3 * x)..]));
        }
    }

    // Four pixels of three bytes as four of four.
    private static Vector128<uint> Four(ReadOnlySpan<byte> rgb) => Vector128.Shuffle(
        Vector128.Create(rgb), Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255)).AsUInt32();

    private static Vector128<uint> Of(Vector128<uint> rgba)
    {
        var low = Vector128.Create(0xFFu);
        return (((rgba & low) * 19595) + (((rgba >>> 8) & low) * 38470) + (((rgba >>> 16) & low) * 7471) + Vector128.Create(0x8000u)) >>> 16;
    }

    private static Vector<uint> Of(Vector<uint> rgba)
    {
        var low = new Vector<uint>(0xFF);
        return (((rgba & low) * 19595) + (((rgba >> 8) & low) * 38470) + (((rgba >> 16) & low) * 7471) + new Vector<uint>(0x8000)) >> 16;
    }

    private static byte Of(uint rgba) =>
        (byte)((((rgba & 0xFF) * 19595) + (((rgba >> 8) & 0xFF) * 38470) + (((rgba >> 16) & 0xFF) * 7471) + 0x8000) >> 16);
}
