using System.Numerics;

namespace CovidCt.Dicom.Codecs;

/// <summary>The parameters of a JPEG-LS scan (ITU-T T.87, sections A.1, A.2.1 and C.2.4.1.1).</summary>
internal sealed record JpegLsParameters(int MaxValue, int Near, int T1, int T2, int T3, int Reset)
{
    /// <summary>How many errors there are.</summary>
    public int Range { get; } = ((MaxValue + (2 * Near)) / ((2 * Near) + 1)) + 1;

    /// <summary>Bits that an error takes.</summary>
    public int RangeBits { get; } = BitsOf(((MaxValue + (2 * Near)) / ((2 * Near) + 1)) + 1);

    /// <summary>The most bits of a code.</summary>
    public int Limit { get; } = 2 * (Math.Max(2, BitsOf(MaxValue + 1)) + Math.Max(8, BitsOf(MaxValue + 1)));

    /// <summary>Parameters of samples of so many bits, with presets where they aren't 0; null where they are out of their ranges.</summary>
    public static JpegLsParameters? Of(int precision, int near, int[] presets)
    {
        var most = presets[0] == 0 ? (1 << precision) - 1 : presets[0];
        if (most >= 1 << precision || near > Math.Min(255, most / 2))
        {
            return null;
        }

        var (t1, t2, t3) = Thresholds(most, near);
        (t1, t2, t3) = (presets[1] == 0 ? t1 : presets[1], presets[2] == 0 ? t2 : presets[2], presets[3] == 0 ? t3 : presets[3]);
        var reset = presets[4] == 0 ? 64 : presets[4];
        return near < t1 && t1 <= t2 && t2 <= t3 && t3 <= most && reset >= 3 && reset <= Math.Max(255, most)
            ? new(most, near, t1, t2, t3, reset)
            : null;
    }

    /// <summary>The region of a gradient, -4 to 4 (section A.3.3).</summary>
    public int Quantize(int gradient)
    {
        var size = Math.Abs(gradient);
        var region = size <= Near ? 0 : size < T1 ? 1 : size < T2 ? 2 : size < T3 ? 3 : 4;
        return gradient < 0 ? -region : region;
    }

    private static (int T1, int T2, int T3) Thresholds(int most, int near)
    {
        if (most >= 128)
        {
            var factor = (Math.Min(most, 4095) + 128) >> 8;
            return Clamped((factor * 1) + 2 + (3 * near), (factor * 4) + 3 + (5 * near), (factor * 17) + 4 + (7 * near));
        }

        var divisor = 256 / (most + 1);
        return Clamped(
            Math.Max(2, (3 / divisor) + (3 * near)), Math.Max(3, (7 / divisor) + (5 * near)), Math.Max(4, (21 / divisor) + (7 * near)));

        (int, int, int) Clamped(int t1, int t2, int t3)
        {
            t1 = t1 > most || t1 < near + 1 ? near + 1 : t1;
            t2 = t2 > most || t2 < t1 ? t1 : t2;
            return (t1, t2, t3 > most || t3 < t2 ? t2 : t3);
        }
    }

    private static int BitsOf(int count) => BitOperations.Log2((uint)count - 1) + 1;
}
