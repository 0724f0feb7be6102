using System.Security.Cryptography;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests;

/// <summary>What several test classes do with networks.</summary>
internal static class Networks
{
    public static BackboneFactory Factory { get; } = new();

    public static TheoryData<string> All => [.. Factory.Specs.Select(spec => spec.Name)];

    /// <summary>The smallest network of each family.</summary>
    public static TheoryData<string> OnePerFamily => [.. Smallest];

    /// <summary>Of those the small ones, for tests that repeat on each what another test has shown of every family.</summary>
    public static TheoryData<string> Small => [.. Quick];

    /// <summary>Those of more than 20 million parameters.</summary>
    public static TheoryData<string> Large => [.. Heavy];

    /// <summary>All others.</summary>
    public static TheoryData<string> Deeper => [.. Factory.Specs.Select(spec => spec.Name).Except(Smallest)];

    /// <summary>All but the small ones.</summary>
    public static TheoryData<string> Others => [.. Factory.Specs.Select(spec => spec.Name).Except(Quick)];

    /// <summary>A sample of all, and of all but the small ones.</summary>
    public static TheoryData<string> Sampled => [.. SampledNetworks.Names];

    /// <inheritdoc cref="Sampled"/>
    public static TheoryData<string> OthersSampled => [.. SampledNetworks.Names.Except(Quick)];

    /// <summary>The names of the small ones.</summary>
    public static string[] Quick => [.. Smallest.Except(Heavy)];

    public static string[] Smallest => ["squeezenet1_1", "inception_v3", "resnet18", "resnext50_32x4d", "xception", "shufflenet_v2_x1_0", "densenet121"];

    private static string[] Heavy => ["inception_v3", "resnext50_32x4d", "xception"];

    /// <summary>A network in evaluation mode, with weights by a rule: in a tenth of the time that random ones take.</summary>
    public static Backbone Filled(string name, int classes)
    {
        var backbone = (Backbone)Factory.CreateForLoading(name, classes);
        Parity.ReferenceFill.Weights(backbone.Network);
        backbone.Network.eval();
        return backbone;
    }

    /// <summary>A network of zeros, which no file that was written here has.</summary>
    public static Backbone Zeros(string name, int classes)
    {
        var backbone = (Backbone)Factory.CreateForLoading(name, classes);
        using var guard = no_grad();
        foreach (var (_, value) in backbone.state_dict())
        {
            value.zero_();
        }

        return backbone;
    }

    /// <summary>Images that every network accepts, the same each time.</summary>
    public static Tensor Images(int count = 2, int height = 80, int width = 96)
    {
        using var random = new Generator(1);
        return empty([count, 3, height, width], ScalarType.Float32).normal_(0, 1, random);
    }

    public static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>A hash of the bits of every entry.</summary>
    public static Dictionary<string, string> Bits(IBackbone backbone) =>
        backbone.Network.state_dict().ToDictionary(entry => entry.Key, entry => Bits(entry.Value));

    public static string Bits(Tensor tensor) => Convert.ToHexString(SHA256.HashData(tensor.bytes));

    public static bool SameBits(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return one.shape.SequenceEqual(other.shape) && one.contiguous().bytes.SequenceEqual(other.contiguous().bytes);
    }

    /// <summary>The largest difference, as a share of the largest value.</summary>
    public static double Difference(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return one.sub(other).abs().max().item<float>() / (double)one.abs().max().item<float>();
    }
}

/// <summary>Tests of what the whole process shares: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
