using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
    private const uint Step = 2654435761;

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
            Fill(tensor, key, (last, tensor.ndim) switch
            {
                ("running_mean", _) => Around(0, 0.1),
                ("running_var", _) => new(1, 0.5, 1, 0),
                (_, >= 2) => Around(0, Math.Sqrt(6.0 / fanIn)),
                ("weight", _) => Around(1, 0.1),
                _ => Around(0, 0.1),
            });
        }
    }

    /// <summary>Two images, [2, 3, height, width].</summary>
    public static Tensor Input(ImageSize size)
    {
        var input = empty([2, 3, size.Height, size.Width], ScalarType.Float32);
        Fill(input, "input", Around(0, 1));
        return input;
    }

    private static Rule Around(double centre, double reach) => new(centre, reach, 2, 1);

    private static void Fill(Tensor tensor, string key, Rule rule)
    {
        var seed = Encoding.UTF8.GetBytes(key).Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
        var values = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        var i = 0;
        for (; i <= values.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            var x = Mixed(Vector256.Create(seed) + ((Vector256.Create((uint)i) + Vector256<uint>.Indices) * Step));
            Vector256.Narrow(rule.Of(Uniform(Vector256.WidenLower(x))), rule.Of(Uniform(Vector256.WidenUpper(x)))).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] = (float)rule.Of(Uniform(Vector256.Create((ulong)Mixed(Vector256.Create(seed + ((uint)i * Step)))[0])))[0];
        }
    }

    private static Vector256<uint> Mixed(Vector256<uint> x)
    {
        x ^= x >>> 16;
        x *= 0x85ebca6b;
        x ^= x >>> 13;
        x *= 0xc2b2ae35;
        return x ^ (x >>> 16);
    }

    /// <summary>x / 2³², exactly: the bits of 2⁵² + x are those of 2⁵² with x in the last ones.</summary>
    private static Vector256<double> Uniform(Vector256<ulong> x) =>
        ((x | Vector256.Create(0x4330000000000000UL)).AsDouble() - Vector256.Create(4503599627370496.0)) / 4294967296.0;

    /// <summary>What becomes of a number u in [0, 1): centre + reach · (factor · u − less), in float64, each operation rounded.</summary>
    private readonly record struct Rule(double Centre, double Reach, double Factor, double Less)
    {
        public Vector256<double> Of(Vector256<double> u) =>
            Vector256.Create(Centre) + (((u * Factor) - Vector256.Create(Less)) * Reach);
    }
}
