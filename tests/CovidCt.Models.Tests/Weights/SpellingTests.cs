using System.Text.RegularExpressions;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Weights;

/// <summary>Files that spell a network otherwise than torchvision and timm do today.</summary>
public sealed partial class SpellingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("weights.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("densenet121", 58)]
    [InlineData("densenet201", 98)]
    public void DenseNets_old_spelling_without_counters_is_mapped(string name, int layers)
    {
        using var saved = Networks.Filled(name, 3);
        Write(saved, key => key.EndsWith(".num_batches_tracked", StringComparison.Ordinal) ? null : DenseLayer().Replace(key, "$1.$2"));
        Assert.Contains(Entries(), key => key.Contains("denselayer1.norm.1.weight", StringComparison.Ordinal));

        WeightsMatch? match = null;
        using var loaded = BackboneWeights.LoadPretrained(Networks.Factory, name, File, report: found => match = found);

        Assert.Equal(Networks.Bits(saved), Networks.Bits(loaded));
        Assert.Equal(10 * layers, match!.Renamed.Count); // two convolutions, and two norms of four entries
        Assert.Contains(new("features.denseblock1.denselayer1.norm.1.weight", "features.denseblock1.denselayer1.norm1.weight"), match.Renamed);
        Assert.All(match.Fresh, key => Assert.EndsWith(".num_batches_tracked", key, StringComparison.Ordinal));
        Assert.Equal(saved.Network.state_dict().Count, match.Loaded + match.Fresh.Count);
        Assert.Empty(match.Skipped);
    }

    [Fact]
    public void Counters_of_which_some_are_there_are_missed()
    {
        using var saved = Networks.Filled("resnet18", 3);
        Write(saved, key => key == "bn1.num_batches_tracked" ? null : key);

        var error = Assert.Throws<WeightsException>(() => BackboneWeights.LoadPretrained(Networks.Factory, "resnet18", File));

        Assert.Equal(["bn1.num_batches_tracked"], error.Missing);
    }

    [Fact]
    public void Cadenes_Xception_is_mapped()
    {
        using var scope = NewDisposeScope();
        using var saved = Networks.Filled("xception", 10);
        TensorFile.Write(File, saved.Network.state_dict().Select(entry => (
            entry.Key.Replace("fc.", "last_linear.", StringComparison.Ordinal),
            entry.Key.Contains("pointwise", StringComparison.Ordinal) ? entry.Value.squeeze(3).squeeze(2) : entry.Value)));

        WeightsMatch? match = null;
        using var loaded = BackboneWeights.LoadPretrained(Networks.Factory, "xception", File, report: found => match = found);

        Assert.Equal(Networks.Bits(saved), Networks.Bits(loaded));
        Assert.Equal([("last_linear.weight", "fc.weight"), ("last_linear.bias", "fc.bias")], match!.Renamed);
        Assert.Equal(10, match.FileClasses);
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("module.module.")]
    [InlineData("model.backbone.")]
    [InlineData("_orig_mod.")]
    public void A_prefix_that_all_have_is_taken_off(string prefix)
    {
        using var saved = Networks.Filled("squeezenet1_1", 3);
        using var loaded = Networks.Zeros("squeezenet1_1", 3);
        Write(saved, key => prefix + key);

        var match = BackboneWeights.Load(loaded, File);

        Assert.Equal(Networks.Bits(saved), Networks.Bits(loaded));
        Assert.Equal(saved.Network.state_dict().Count, match.Renamed.Count);
        Assert.Contains($"{prefix}features.0.weight to features.0.weight", match.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_beside_a_prefixed_network_is_unexpected()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Factory.Create("squeezenet1_1", 3);
        var state = network.Network.state_dict();
        TensorFile.Write(File, [.. state.Select(entry => ("model." + entry.Key, entry.Value)), ("criterion.weight", ones(3))]);

        Assert.Equal(["criterion.weight"], Assert.Throws<WeightsException>(() => BackboneWeights.Load(network, File)).Unexpected);

        TensorFile.Write(File, [.. state.Select(entry => ("teacher." + entry.Key, entry.Value)), .. state.Select(entry => ("student." + entry.Key, entry.Value))]);

        var error = Assert.Throws<WeightsException>(() => BackboneWeights.Load(network, File));
        Assert.Equal(state.Keys, error.Missing);
        Assert.Equal(2 * state.Count, error.Unexpected.Count);
    }

    [Fact]
    public void Two_spellings_of_one_entry_are_named()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Factory.Create("resnet18", 3);
        TensorFile.Write(File, [.. network.Network.state_dict().Select(entry => (entry.Key, entry.Value)), ("last_linear.bias", ones(3))]);

        var error = Assert.Throws<WeightsException>(() => BackboneWeights.Load(network, File));

        Assert.Equal($"{File}: 'last_linear.bias' and 'fc.bias' are both spellings of 'fc.bias'.", error.Message);
    }

    [Fact]
    public void InceptionV3_without_its_auxiliary_head_gets_the_one_of_the_seed()
    {
        using var saved = Networks.Filled("inception_v3", 10);
        using var fresh = Networks.Factory.Create("inception_v3", 2, seed: 7);
        Write(saved, key => key.StartsWith("AuxLogits.", StringComparison.Ordinal) ? null : key);

        WeightsMatch? match = null;
        using var loaded = BackboneWeights.LoadPretrained(Networks.Factory, "inception_v3", File, classes: 2, seed: 7, found => match = found);

        var (own, old, drawn) = (Networks.Bits(loaded), Networks.Bits(saved), Networks.Bits(fresh));
        Assert.All(own, entry => Assert.Equal(
            entry.Key.StartsWith("AuxLogits.", StringComparison.Ordinal) || entry.Key.StartsWith("fc.", StringComparison.Ordinal) ? drawn[entry.Key] : old[entry.Key],
            entry.Value));
        Assert.Equal(["fc.weight", "fc.bias"], match!.Skipped);
        Assert.Equal(own.Keys.Where(key => key.StartsWith("AuxLogits.", StringComparison.Ordinal) || key.StartsWith("fc.", StringComparison.Ordinal)), match.Fresh);
    }

    [Fact]
    public void InceptionV3_with_half_an_auxiliary_head_is_refused()
    {
        using var saved = Networks.Filled("inception_v3", 10);
        Write(saved, key => key.StartsWith("AuxLogits.conv0.", StringComparison.Ordinal) ? null : key);

        var error = Assert.Throws<WeightsException>(() => BackboneWeights.LoadPretrained(Networks.Factory, "inception_v3", File, classes: 2));

        Assert.All(error.Missing, key => Assert.StartsWith("AuxLogits.conv0.", key, StringComparison.Ordinal));
        Assert.NotEmpty(error.Missing);
    }

    private void Write(Backbone backbone, Func<string, string?> spell) => TensorFile.Write(
        File, backbone.state_dict().Where(entry => spell(entry.Key) is not null).Select(entry => (spell(entry.Key)!, entry.Value)));

    private List<string> Entries()
    {
        using var file = TensorFile.Open(File);
        return [.. file.Entries.Select(entry => entry.Name)];
    }

    [GeneratedRegex(@"(denselayer\d+\.(?:norm|conv))(\d)")]
    private static partial Regex DenseLayer();
}
