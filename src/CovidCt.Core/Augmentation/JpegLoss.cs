using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Augmentation;

/// <summary>What baseline JPEG (ITU-T T.81) loses of a gray image: all of it but the entropy coding, which loses nothing.</summary>
/// <remarks>
/// In floating point, and rounded where libjpeg's transform in whole numbers rounds: gray values are whole, coefficients multiples of an
/// eighth before they are quantised, halves away from zero.
/// </remarks>
internal static class JpegLoss
{
    private const int Side = 8;
    private const int Values = Side * Side;
    private const float White = 255;
    private const float Middle = 128; // T.81, A.3.1: what samples of 8 bits are shifted by.

    // T.81, table K.1.
    private static readonly byte[] Luminance =
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    // T.81, A.3.3, as a matrix: a block's coefficients are C · S · Cᵀ.
    private static readonly float[] Cosines = [.. Enumerable.Range(0, Values).Select(i => Cosine(i / Side, i % Side))];
    private static readonly float[] Transposed = [.. Enumerable.Range(0, Values).Select(i => Cosine(i % Side, i / Side))];

    /// <summary>Puts an image through JPEG in place.</summary>
    /// <param name="canvas">Gray values of 0…255, row by row; values beyond are cut to the range.</param>
    /// <param name="width">The canvas's.</param>
    /// <param name="image">Where the image lies, whose upper left corner is the first block's; the rest is left as it is.</param>
    /// <param name="quality">From 1 to 100.</param>
    public static void Apply(Span<float> canvas, int width, PixelRectangle image, int quality)
    {
        var table = Table(quality);
        Span<float> block = stackalloc float[Values];
        Span<float> between = stackalloc float[Values];
        for (var y = image.Top; y < image.Bottom; y += Side)
        {
            for (var x = image.Left; x < image.Right; x += Side)
            {
                var part = new PixelRectangle(x, y, Math.Min(x + Side, image.Right), Math.Min(y + Side, image.Bottom));
                Take(canvas, width, part, block);
                Multiply(Cosines, block, between);
                Multiply(between, Transposed, block);
                Quantise(block, table);
                Multiply(Transposed, block, between);
                Multiply(between, Cosines, block);
                Give(block, canvas, width, part);
            }
        }
    }

    /// <summary>The steps of a quality, as libjpeg scales them; T.81 leaves them open.</summary>
    internal static float[] Table(int quality)
    {
        var percent = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        return Array.ConvertAll(Luminance, step => (float)Math.Clamp(((step * percent) + 50) / 100, 1, White));
    }

    private static float Cosine(int frequency, int place) =>
        (float)((frequency == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * place) + 1) * frequency * Math.PI / 16));

    /// <summary>A block of samples around 0, whole numbers; the image's last column and row go on where it ends.</summary>
    private static void Take(ReadOnlySpan<float> canvas, int width, PixelRectangle part, Span<float> block)
    {
        for (var row = 0; row < Side; row++)
        {
            var from = canvas.Slice((Math.Min(part.Top + row, part.Bottom - 1) * width) + part.Left, part.Width);
            var to = block.Slice(row * Side, Side);
            from.CopyTo(to);
            to[from.Length..].Fill(from[^1]);
            (Whole(Vector256.Create<float>(to)) - Vector256.Create(Middle)).CopyTo(to);
        }
    }

    private static void Give(ReadOnlySpan<float> block, Span<float> canvas, int width, PixelRectangle part)
    {
        Span<float> values = stackalloc float[Side];
        for (var row = 0; row < part.Height; row++)
        {
            Whole(Vector256.Create(block.Slice(row * Side, Side)) + Vector256.Create(Middle)).CopyTo(values);
            values[..part.Width].CopyTo(canvas.Slice(((part.Top + row) * width) + part.Left, part.Width));
        }
    }

    private static Vector256<float> Whole(Vector256<float> gray) =>
        Vector256.Floor(Vector256.Min(Vector256.Max(gray, Vector256<float>.Zero), Vector256.Create(White)) + Vector256.Create(0.5f));

    /// <summary>The product of two matrices of 8 × 8, which <paramref name="product"/> is filled with.</summary>
    private static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> product)
    {
        ref var rows = ref MemoryMarshal.GetReference(right);
        for (var row = 0; row < Values; row += Side)
        {
            var sum = Vector256<float>.Zero;
            for (var k = 0; k < Side; k++)
            {
                sum += Vector256.Create(left[row + k]) * Vector256.LoadUnsafe(ref rows, (nuint)(k * Side));
            }

            sum.CopyTo(product[row..]);
        }
    }

    private static void Quantise(Span<float> block, ReadOnlySpan<float> table)
    {
        const float Eighths = 8;
        for (var row = 0; row < Values; row += Side)
        {
            var step = Vector256.Create(table.Slice(row, Side));
            var eighths = Vector256.Floor((Vector256.Create(block.Slice(row, Side)) * Eighths) + Vector256.Create(0.5f));
            var level = Vector256.Floor((Vector256.Abs(eighths) + (step * (Eighths / 2))) / (step * Eighths));
            Vector256.CopySign(level * step, eighths).CopyTo(block[row..]);
        }
    }
}
