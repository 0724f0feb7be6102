namespace CovidCt.Models.Onnx;

/// <summary>
/// How numbers of a range become whole ones of 8 bits: x is about (q - zero) · scale, with q from 0 to 255. 0 is one of them exactly:
/// Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference", CVPR 2018, equation 1.
/// </summary>
/// <param name="Scale">The distance of two neighbours, above 0.</param>
/// <param name="Zero">The whole number that 0 becomes.</param>
internal readonly record struct QuantisedRange(float Scale, byte Zero)
{
    private const int Most = byte.MaxValue;

    /// <summary>Of a range, which is widened so that 0 is in it.</summary>
    public static QuantisedRange Of(double low, double high)
    {
        (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        var scale = high > low ? (high - low) / Most : 1;
        return new((float)scale, (byte)Math.Round(-low / scale));
    }
}
