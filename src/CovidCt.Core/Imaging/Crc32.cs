using System.Runtime.InteropServices;

namespace CovidCt.Imaging;

/// <summary>The CRC-32 of PNG (annex D of its specification), eight bytes at a time.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    // Table k has what a byte comes to that k bytes follow.
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The sum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = Tables;
        var sum = ~0u;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            var (low, high) = ((uint)word ^ sum, (uint)(word >> 32));
            sum = tables[0x700 + (int)(low & 0xFF)] ^ tables[0x600 + (int)((low >> 8) & 0xFF)]
                ^ tables[0x500 + (int)((low >> 16) & 0xFF)] ^ tables[0x400 + (int)(low >> 24)]
                ^ tables[0x300 + (int)(high & 0xFF)] ^ tables[0x200 + (int)((high >> 8) & 0xFF)]
                ^ tables[0x100 + (int)((high >> 16) & 0xFF)] ^ tables[(int)(high >> 24)];
        }

        foreach (var value in bytes[(bytes.Length & ~7)..])
        {
            sum = tables[(byte)(sum ^ value)] ^ (sum >> 8);
        }

        return ~sum;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var i = 0; i < tables.Length; i++)
        {
            if (i < 256)
            {
                tables[i] = (uint)i;
                for (var bit = 0; bit < 8; bit++)
                {
                    tables[i] = (tables[i] & 1) == 0 ? tables[i] >> 1 : Polynomial ^ (tables[i] >> 1);
                }
            }
            else
            {
                var before = tables[i - 256];
                tables[i] = tables[(byte)before] ^ (before >> 8);
            }
        }

        return tables;
    }
}
