using System.Runtime.InteropServices;
using System.Text;

namespace CovidCt.Models.Tests.Parity;

/// <summary>Several numbers at a time have the bits that they have one by one.</summary>
public sealed class ReferenceFillTests
{
    [Fact]
    public void Every_number_is_that_of_the_rule()
    {
        using var backbone = Networks.Factory.CreateForLoading("shufflenet_v2_x1_0", 3);

        ReferenceFill.Weights(backbone.Network);

        foreach (var (key, tensor) in backbone.Network.state_dict().Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
        {
            var bound = Math.Sqrt(6.0 / tensor.shape.Skip(1).Aggregate(1L, (product, size) => product * size));
            var seed = Encoding.UTF8.GetBytes(key).Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
            var values = MemoryMarshal.Cast<byte, float>(tensor.bytes);
            for (var i = 0; i < values.Length; i++)
            {
                var u = Mixed(unchecked(seed + ((uint)i * 2654435761u))) / 4294967296.0;
                var expected = (key[(key.LastIndexOf('.') + 1)..], tensor.ndim) switch
                {
                    ("running_mean", _) => 0.1 * ((2 * u) - 1),
                    ("running_var", _) => 1 + (0.5 * u),
                    (_, >= 2) => ((2 * u) - 1) * bound,
                    ("weight", _) => 1 + (0.1 * ((2 * u) - 1)),
                    _ => 0.1 * ((2 * u) - 1),
                };
                if (values[i] != (float)expected)
                {
                    Assert.Fail($"{key}[{i}] is {values[i]:R}, not {(float)expected:R}.");
                }
            }
        }
    }

    private static uint Mixed(uint x) => unchecked(Last((x ^ (x >> 16)) * 0x85ebca6b));

    private static uint Last(uint x)
    {
        var y = unchecked((x ^ (x >> 13)) * 0xc2b2ae35);
        return y ^ (y >> 16);
    }
}
