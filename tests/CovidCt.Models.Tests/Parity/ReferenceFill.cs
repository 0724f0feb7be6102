using System.Runtime.InteropServices;
using System.Text;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Parity;

/// <summary>
/// Weights and inputs by a rule that gives the same bits in any language: murmur3's finaliser over an arithmetic
/// sequence that starts at the FNV-1a hash of the entry's key. <c>tests/reference/make_golden_logits.py</c> has it too.
/// </summary>
internal static class ReferenceFill
{
    public static void Weights(nn.Module network)
    {
        using var noGradient = no_grad();
        foreach (var (key, tensor) in network.state_dict())
        {
            var last = key[(key.LastIndexOf('.') + 1)..];
            if (last == "num_batches_tracked")
            {
                tensor.zero_();
                continue;
            }

            var fanIn = tensor.shape.Skip(1).Aggregate(1L, (product, size) => product * size);
            var bound = Math.Sqrt(6.0 / fanIn);
            Fill(tensor, key, (last, tensor.ndim) switch
            {
                ("running_mean", _) => u => 0.1 * ((2 * u) - 1),
                ("running_var", _) => u => 1 + (0.5 * u),
                (_, >= 2) => u => ((2 * u) - 1) * bound,
                ("weight", _) => u => 1 + (0.1 * ((2 * u) - 1)),
                _ => u => 0.1 * ((2 * u) - 1),
            });
        }
    }

    /// <summary>Two images, [2, 3, height, width].</summary>
    public static Tensor Input(ImageSize size)
    {
        var input = empty([2, 3, size.Height, size.Width], ScalarType.Float32);
        Fill(input, "input", u => (2 * u) - 1);
        return input;
    }

    private static void Fill(Tensor tensor, string key, Func<double, double> value)
    {
        var seed = Encoding.UTF8.GetBytes(key).Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
        var values = new float[tensor.numel()];
        Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(0, values.Length), range =>
        {
            for (var i = range.Item1; i < range.Item2; i++)
            {
                values[i] = (float)value(Uniform(unchecked(seed + ((uint)i * 2654435761u))));
            }
        });
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(tensor.bytes);
    }

    private static double Uniform(uint x)
    {
        unchecked
        {
            x ^= x >> 16;
            x *= 0x85ebca6b;
            x ^= x >> 13;
            x *= 0xc2b2ae35;
            x ^= x >> 16;
            return x / 4294967296.0;
        }
    }
}
