namespace CovidCt.Dicom.Tests;

/// <summary>Files of each kind that is read.</summary>
internal static class Samples
{
    public static IReadOnlyList<Phantom> All { get; } =
    [
        new(), new() { Syntax = Phantom.ImplicitSyntax }, new() { Syntax = Phantom.BigEndianSyntax }, new() { Syntax = Phantom.DeflatedSyntax },
        new() { Frames = 3, IsEnhanced = true }, new() { HasUndefinedLengths = false, Frames = 2, IsEnhanced = true, Syntax = Phantom.ImplicitSyntax },
        Rle(new() { Syntax = "1.2.840.10008.1.2.5" }),
    ];

    /// <summary>The phantom, its frames packed as runs of literals and of repeats.</summary>
    public static Phantom Rle(Phantom phantom) => phantom with
    {
        Syntax = "1.2.840.10008.1.2.5",
        Fragments = [[], .. Enumerable.Range(0, phantom.Frames).Select(frame => Packed(phantom.Pixels(frame), phantom.Allocated / 8))],
    };

    public static void AssertSentence(string message)
    {
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 10, 300);
        Assert.DoesNotContain("Mustermann", message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("4711", message, StringComparison.Ordinal);
    }

    /// <summary>RLE by PS3.5, annex G.</summary>
    public static byte[] Packed(byte[] pixels, int bytesPerPixel)
    {
        var header = new byte[64];
        header[0] = (byte)bytesPerPixel;
        List<byte> packed = [.. header];
        for (var segment = 0; segment < bytesPerPixel; segment++)
        {
            BitConverter.TryWriteBytes(header.AsSpan(4 + (4 * segment)), packed.Count);
            byte[] plane = [.. pixels.Where((_, i) => i % bytesPerPixel == bytesPerPixel - 1 - segment)];
            for (var at = 0; at < plane.Length;)
            {
                var same = 1;
                while (at + same < plane.Length && same < 128 && plane[at + same] == plane[at])
                {
                    same++;
                }

                if (same > 1)
                {
                    packed.AddRange([(byte)(257 - same), plane[at]]);
                    at += same;
                    continue;
                }

                var other = 1;
                while (at + other < plane.Length && other < 128 && plane[at + other] != plane[at + other - 1])
                {
                    other++;
                }

                packed.Add((byte)(other - 1));
                packed.AddRange(plane.AsSpan(at, other));
                at += other;
            }

            packed.AddRange(new byte[packed.Count % 2]);
        }

        header.CopyTo(packed.ToArray(), 0);
        return [.. header, .. packed.Skip(64)];
    }
}
