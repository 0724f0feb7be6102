using CovidCt.Imaging;
using CovidCt.Networks;

namespace CovidCt.Onnx;

/// <summary>
/// Makes a network's input out of images, [3, H, W] each: on a canvas, gray copied to R, G and B, padding of the fill colour, and every
/// channel normalised. The numbers are those that the network was trained with, to the bit.
/// </summary>
internal sealed class NetworkInput
{
    private const int Channels = 3, Levels = 256;

    private readonly CanvasTransform _canvas;
    private readonly ImageSize _size;
    private readonly float[][] _values = new float[Channels][];
    private readonly float[] _fill = new float[Channels];

    /// <param name="size">Of the input, in pixels.</param>
    /// <param name="options">How images are brought to that size.</param>
    /// <param name="normalisation">The means and deviations of the channels on values in [0, 1].</param>
    public NetworkInput(ImageSize size, CanvasOptions options, ChannelNormalisation normalisation)
    {
        (_size, _canvas) = (size, new(options));
        byte[] colour = [options.Fill.R, options.Fill.G, options.Fill.B];
        for (var channel = 0; channel < Channels; channel++)
        {
            var (scale, offset) = normalisation.OfGray(channel);
            _values[channel] = [.. Enumerable.Range(0, Levels).Select(level => Normalised(level, scale, offset))];
            _fill[channel] = normalisation.OfColour(channel, colour[channel]);
        }
    }

    /// <summary>The shape of the input of so many images.</summary>
    public long[] Shape(int images) => [images, Channels, _size.Height, _size.Width];

    /// <summary>The numbers of one image.</summary>
    public int Length => Channels * _size.Height * _size.Width;

    /// <summary>Writes the input that an image makes.</summary>
    /// <param name="image">The image.</param>
    /// <param name="input"><see cref="Length"/> numbers.</param>
    /// <returns>How the image lies on the canvas.</returns>
    public CanvasGeometry Write(GrayImage image, Span<float> input)
    {
        var (gray, geometry) = _canvas.Apply(image, _size);
        for (var channel = 0; channel < Channels; channel++)
        {
            var plane = input.Slice(channel * gray.Length, gray.Length);
            plane.Fill(_fill[channel]);
            for (var y = geometry.OffsetY; y < geometry.OffsetY + geometry.Scaled.Height; y++)
            {
                var at = (y * _size.Width) + geometry.OffsetX;
                Look(_values[channel], gray.AsSpan(at, geometry.Scaled.Width), plane.Slice(at, geometry.Scaled.Width));
            }
        }

        return geometry;
    }

    private static void Look(float[] values, ReadOnlySpan<byte> gray, Span<float> row)
    {
        for (var x = 0; x < gray.Length; x++)
        {
            row[x] = values[gray[x]];
        }
    }

    // Rounded after the product and after the sum, as in training.
    private static float Normalised(int level, float scale, float offset)
    {
        var product = level * scale;
        return product + offset;
    }
}
