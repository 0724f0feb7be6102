using System.Numerics;

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

    /// <summary>Of one pixel.</summary>
    public static byte Of(byte red, byte green, byte blue) => Of(red | ((uint)green << 8) | ((uint)blue << 16));

    private static Vector<uint> Of(Vector<uint> rgba)
    {
        var low = new Vector<uint>(0xFF);
        return (((rgba & low) * 19595) + (((rgba >> 8) & low) * 38470) + (((rgba >> 16) & low) * 7471) + new Vector<uint>(0x8000)) >> 16;
    }

    private static byte Of(uint rgba) =>
        (byte)((((rgba & 0xFF) * 19595) + (((rgba >> 8) & 0xFF) * 38470) + (((rgba >> 16) & 0xFF) * 7471) + 0x8000) >> 16);
}
