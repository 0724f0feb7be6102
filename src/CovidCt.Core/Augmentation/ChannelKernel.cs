using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CovidCt.Compute;
using static TorchSharp.torch;

namespace CovidCt.Augmentation;

/// <summary>
/// Gray to three normalised channels on the CPU, in one sweep where operators of tensors take ten. Each value is rounded after the
/// product and after the sum, as theirs are.
/// </summary>
/// <param name="scale">What gray in 0…255 is multiplied by, for each channel.</param>
/// <param name="offset">What is added.</param>
/// <param name="fill">The normalised colour of the padding.</param>
internal sealed unsafe class ChannelKernel(float[] scale, float[] offset, float[] fill)
{
    private const int Channels = 3;
    private const int Band = 32; // Rows that a thread takes at a time.

    private readonly Vector256<float>[] _scale = Pattern(scale);
    private readonly Vector256<float>[] _offset = Pattern(offset);

    /// <summary>Whether it knows tensors like this one.</summary>
    public static bool Takes(Tensor gray) =>
        gray.device_type == TorchSharp.DeviceType.CPU && (gray.dtype is ScalarType.Byte or ScalarType.Float32) && gray.is_contiguous() &&
        gray.numel() <= int.MaxValue / (Channels * sizeof(float));

    /// <summary>Fills the channels of a batch.</summary>
    /// <param name="gray">uint8 or float32 [B, H, W], contiguous, on the CPU.</param>
    /// <param name="inside">Where each image lies; the rest is padding.</param>
    /// <param name="pixels">float32 [B, H, W, 3], contiguous, which is written.</param>
    public void Run(Tensor gray, PixelRectangle[] inside, Tensor pixels)
    {
        var (height, width) = ((int)gray.shape[1], (int)gray.shape[2]);
        var (source, target, isByte) = (TensorMemory.Address(gray), TensorMemory.Address(pixels), gray.dtype == ScalarType.Byte);
        var bands = (height + Band - 1) / Band;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
        Parallel.For(0, inside.Length * bands, parallel, part =>
        {
            var (image, first) = (part / bands, part % bands * Band);
            var widened = isByte ? new float[width] : [];
            for (var y = first; y < Math.Min(first + Band, height); y++)
            {
                var at = ((nint)image * height * width) + ((nint)y * width);
                var row = new Span<float>((float*)target + (at * Channels), width * Channels);
                var rectangle = inside[image];
                if (y < rectangle.Top || y >= rectangle.Bottom || rectangle.IsEmpty)
                {
                    Fill(row);
                    continue;
                }

                var values = isByte ? Widen(new((byte*)source + at, width), widened) : new((float*)source + at, width);
                Fill(row[..(rectangle.Left * Channels)]);
                Normalise(values[rectangle.Left..rectangle.Right], row[(rectangle.Left * Channels)..(rectangle.Right * Channels)]);
                Fill(row[(rectangle.Right * Channels)..]);
            }
        });
    }

    private void Normalise(ReadOnlySpan<float> gray, Span<float> pixels)
    {
        ref var from = ref MemoryMarshal.GetReference(gray);
        ref var to = ref MemoryMarshal.GetReference(pixels);
        var i = 0;
        for (; i + Vector256<float>.Count <= gray.Length; i += Vector256<float>.Count)
        {
            // Eight pixels become three vectors: 00011122, 23334445, 55666777.
            var values = Vector256.LoadUnsafe(ref from, (nuint)i);
            var place = (nuint)i * Channels;
            ((Vector256.ShuffleNative(values, Vector256.Create(0, 0, 0, 1, 1, 1, 2, 2)) * _scale[0]) + _offset[0])
                .StoreUnsafe(ref to, place);
            ((Vector256.ShuffleNative(values, Vector256.Create(2, 3, 3, 3, 4, 4, 4, 5)) * _scale[1]) + _offset[1])
                .StoreUnsafe(ref to, place + 8);
            ((Vector256.ShuffleNative(values, Vector256.Create(5, 5, 6, 6, 6, 7, 7, 7)) * _scale[2]) + _offset[2])
                .StoreUnsafe(ref to, place + 16);
        }

        for (; i < gray.Length; i++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                var product = gray[i] * scale[channel];
                pixels[(i * Channels) + channel] = product + offset[channel];
            }
        }
    }

    private void Fill(Span<float> pixels)
    {
        for (var i = 0; i < pixels.Length; i += Channels)
        {
            fill.CopyTo(pixels[i..]);
        }
    }

    private static ReadOnlySpan<float> Widen(ReadOnlySpan<byte> gray, Span<float> values)
    {
        for (var i = 0; i < gray.Length; i++)
        {
            values[i] = gray[i];
        }

        return values;
    }

    /// <summary>A value a channel, over and over, as three vectors.</summary>
    private static Vector256<float>[] Pattern(float[] values) =>
    [
        .. Enumerable.Range(0, Channels).Select(part => Vector256.Create<float>(
            [.. Enumerable.Range(part * Vector256<float>.Count, Vector256<float>.Count).Select(i => values[i % Channels])])),
    ];
}
