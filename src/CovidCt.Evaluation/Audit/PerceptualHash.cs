using System.Numerics;

namespace CovidCt.Audit;

/// <summary>
/// 63 bits that images of one slice have mostly in common: the signs of the lowest 8 × 8 coefficients of the discrete
/// cosine transform of a 32 × 32 image about their median, without the mean (pHash; Zauner 2010, "Implementation and
/// benchmarking of perceptual image hash functions", 3.2).
/// </summary>
/// <param name="Bits">Of the image.</param>
/// <param name="MirroredBits">Of the image mirrored left to right, whose coefficients of odd horizontal frequency are negated.</param>
/// <param name="InnerBits">Of the image without 6 % of its sides, which is what a cropped copy shows.</param>
internal readonly record struct PerceptualHash(ulong Bits, ulong MirroredBits, ulong InnerBits)
{
    private const int Frequencies = 8;
    private const int Side = SliceThumbnail.CoarseSide;
    private const int Fine = SliceThumbnail.Side;
    private const float Cropped = 0.06f;

    private static readonly float[] Cosines = MakeCosines();

    public static PerceptualHash Of(SliceThumbnail thumbnail)
    {
        var (fine, inner) = (new float[Fine * Fine], new float[Fine * Fine]);
        Span<float> coarse = stackalloc float[Side * Side];
        Span<float> coefficients = stackalloc float[Frequencies * Frequencies];
        thumbnail.CopyTo(fine, mirrored: false);
        Enlarge(fine, inner);
        SliceThumbnail.Coarsen(inner, coarse);
        Transform(coarse, coefficients);
        var innerBits = Signs(coefficients);

        SliceThumbnail.Coarsen(fine, coarse);
        Transform(coarse, coefficients);
        var bits = Signs(coefficients);
        for (var i = 1; i < coefficients.Length; i += 2)
        {
            coefficients[i] = -coefficients[i];
        }

        return new(bits, Signs(coefficients), innerBits);
    }

    /// <summary>Bits that differ, 0…63.</summary>
    public static int Distance(ulong a, ulong b) => BitOperations.PopCount(a ^ b);

    /// <summary>Brings the inner part to the whole size, bilinearly.</summary>
    private static void Enlarge(ReadOnlySpan<float> image, Span<float> target)
    {
        for (var y = 0; y < Fine; y++)
        {
            var (top, partY) = Inner(y);
            for (var x = 0; x < Fine; x++)
            {
                var (left, partX) = Inner(x);
                var corner = (top * Fine) + left;
                var upper = image[corner] + (partX * (image[corner + 1] - image[corner]));
                var lower = image[corner + Fine] + (partX * (image[corner + Fine + 1] - image[corner + Fine]));
                target[(y * Fine) + x] = upper + (partY * (lower - upper));
            }
        }
    }

    private static (int Pixel, float Part) Inner(int pixel)
    {
        var at = (Cropped * Fine) + ((pixel + 0.5f) * (1 - (2 * Cropped))) - 0.5f;
        return ((int)at, at - (int)at);
    }

    private static void Transform(ReadOnlySpan<float> coarse, Span<float> coefficients)
    {
        Span<float> rows = stackalloc float[Side * Frequencies];
        for (var y = 0; y < Side; y++)
        {
            for (var u = 0; u < Frequencies; u++)
            {
                rows[(y * Frequencies) + u] = Dot(coarse.Slice(y * Side, Side), u, 1);
            }
        }

        for (var v = 0; v < Frequencies; v++)
        {
            for (var u = 0; u < Frequencies; u++)
            {
                coefficients[(v * Frequencies) + u] = Dot(rows[u..], v, Frequencies);
            }
        }
    }

    private static float Dot(ReadOnlySpan<float> values, int frequency, int stride)
    {
        var sum = 0f;
        for (var i = 0; i < Side; i++)
        {
            sum += values[i * stride] * Cosines[(frequency * Side) + i];
        }

        return sum;
    }

    private static ulong Signs(ReadOnlySpan<float> coefficients)
    {
        Span<float> sorted = stackalloc float[coefficients.Length - 1];
        coefficients[1..].CopyTo(sorted);
        sorted.Sort();
        var median = sorted[sorted.Length / 2];
        var bits = 0UL;
        for (var i = 1; i < coefficients.Length; i++)
        {
            bits |= coefficients[i] > median ? 1UL << i : 0;
        }

        return bits;
    }

    private static float[] MakeCosines()
    {
        var cosines = new float[Frequencies * Side];
        for (var i = 0; i < cosines.Length; i++)
        {
            cosines[i] = (float)Math.Cos(Math.PI * (i / Side) * ((i % Side) + 0.5) / Side);
        }

        return cosines;
    }
}
