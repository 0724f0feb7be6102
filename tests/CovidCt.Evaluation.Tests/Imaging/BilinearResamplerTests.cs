using CovidCt.Imaging;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Imaging;

public class BilinearResamplerTests
{
    [Fact]
    public void Vectors_give_the_bits_of_the_sums_written_down_one_by_one() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[0, 9]).Sample(
            (width, height, toWidth, toHeight, margin) =>
            {
                var image = TestImages.Noise(width, height);
                var stride = toWidth + margin;
                var resampled = new byte[stride * toHeight];

                BilinearResampler.Resample(image, new ImageSize(toWidth, toHeight), resampled, stride);

                Assert.Equal(OneByOne(image, toWidth, toHeight, stride), resampled);
            },
            iter: 300);

    private static byte[] OneByOne(GrayImage image, int width, int height, int stride)
    {
        var resampled = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            var (top, rows) = Taps(image.Height, height, y);
            for (var x = 0; x < width; x++)
            {
                var (left, columns) = Taps(image.Width, width, x);
                var sum = 0f;
                for (var i = 0; i < columns.Length; i++)
                {
                    var column = 0f;
                    for (var j = 0; j < rows.Length; j++)
                    {
                        column += rows[j] * image.Pixels[((top + j) * image.Width) + left + i];
                    }

                    sum += columns[i] * column;
                }

                resampled[(y * stride) + x] = (byte)Math.Clamp(MathF.Round(sum), 0, 255);
            }
        }

        return resampled;
    }

    // _upsample_bilinear2d_aa of PyTorch: the triangle filter, as wide as one output pixel where the image gets smaller.
    private static (int First, float[] Weights) Taps(int input, int output, int at)
    {
        var scale = (float)input / output;
        var support = Math.Max(scale, 1f);
        var centre = scale * (at + 0.5f);
        var first = Math.Max((int)(centre - support + 0.5f), 0);
        var weights = new float[Math.Min((int)(centre + support + 0.5f), input) - first];
        var total = 0f;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Max(0f, 1f - Math.Abs((first + i - centre + 0.5f) / support));
            total += weights[i];
        }

        return (first, Array.ConvertAll(weights, weight => weight / total));
    }
}
