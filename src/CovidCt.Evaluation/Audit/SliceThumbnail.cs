using CovidCt.Imaging;

namespace CovidCt.Audit;

/// <summary>An image without its padding at one size for all, in which images are compared.</summary>
/// <param name="Pixels">96 × 96 gray levels, row by row.</param>
internal sealed record SliceThumbnail(byte[] Pixels)
{
    /// <summary>Pixels a side: enough for the lungs' vessels, few enough to keep those of twenty thousand images.</summary>
    public const int Side = 96;

    /// <summary>Pixels a side of the coarse image.</summary>
    public const int CoarseSide = Side / Block;

    private const int Block = 3;

    public static SliceThumbnail Of(GrayImage inside)
    {
        var pixels = new byte[Side * Side];
        BilinearResampler.Resample(inside, new ImageSize(Side, Side), pixels, Side);
        return new(pixels);
    }

    /// <summary>Writes the pixels, mirrored left to right where asked.</summary>
    public void CopyTo(Span<float> target, bool mirrored)
    {
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                target[(y * Side) + x] = Pixels[(y * Side) + (mirrored ? Side - 1 - x : x)];
            }
        }
    }

    /// <summary>Means of blocks of three by three.</summary>
    public static void Coarsen(ReadOnlySpan<float> fine, Span<float> coarse)
    {
        for (var y = 0; y < CoarseSide; y++)
        {
            for (var x = 0; x < CoarseSide; x++)
            {
                var sum = 0f;
                for (var row = 0; row < Block; row++)
                {
                    var at = (((y * Block) + row) * Side) + (x * Block);
                    sum += fine[at] + fine[at + 1] + fine[at + 2];
                }

                coarse[(y * CoarseSide) + x] = sum / (Block * Block);
            }
        }
    }
}
