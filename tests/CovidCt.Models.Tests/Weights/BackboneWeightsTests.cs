using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Weights;

public sealed class BackboneWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> OnePerFamily => Networks.OnePerFamily;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(OnePerFamily))]
    public void What_is_saved_is_loaded_bit_for_bit(string name)
    {
        var path = _folder.File("weights.safetensors");
        using var saved = Networks.Filled(name, 3);
        using var loaded = Networks.Zeros(name, 3);

        BackboneWeights.Save(saved, path, new Dictionary<string, string> { ["note"] = "three classes" });
        BackboneWeights.Load(loaded, path);

        Assert.Equal(Networks.Bits(saved), Networks.Bits(loaded));
        using var file = TensorFile.Open(path);
        Assert.Equal("three classes", file.Metadata["note"]);
        Assert.Equal(saved.Network.state_dict().Keys, file.Entries.Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("squeezenet1_1", "classifier.1.")]
    [InlineData("inception_v3", "fc.", "AuxLogits.fc.")]
    [InlineData("densenet121", "classifier.")]
    public void Pretrained_weights_of_another_number_of_classes_get_a_new_head(string name, params string[] heads)
    {
        var path = _folder.File("weights.safetensors");
        using var saved = Networks.Filled(name, 10);
        using var fresh = Networks.Factory.Create(name, 2, seed: 7);
        BackboneWeights.Save(saved, path);

        using var loaded = BackboneWeights.LoadPretrained(Networks.Factory, name, path, classes: 2, seed: 7);

        Assert.Equal(2, loaded.Classes);
        var (own, old, drawn) = (Networks.Bits(loaded), Networks.Bits(saved), Networks.Bits(fresh));
        Assert.All(own, entry => Assert.Equal(
            heads.Any(head => entry.Key.StartsWith(head, StringComparison.Ordinal)) ? drawn[entry.Key] : old[entry.Key],
            entry.Value));
    }

    [Fact]
    public void What_was_mapped_skipped_and_newly_made_is_reported()
    {
        var path = _folder.File("weights.pth");
        using var saved = Networks.Filled("resnet18", 10);
        BackboneWeights.Save(saved, path);

        WeightsMatch? match = null;
        BackboneWeights.LoadPretrained(Networks.Factory, "resnet18", path, classes: 2, seed: 7, found => match = found).Dispose();

        Assert.Equal(("resnet18", path, 10, 2, 120), (match!.Network, match.Path, match.FileClasses, match.Classes, match.Loaded));
        Assert.Empty(match.Renamed);
        Assert.Equal(["fc.weight", "fc.bias"], match.Skipped);
        Assert.Equal(["fc.weight", "fc.bias"], match.Fresh);
        Assert.Equal(
            $"resnet18: 120 entries from {path}. 2 skipped, such as fc.weight. 2 not in the file and new, such as fc.weight.",
            match.ToString());
        Assert.Equal(match.ToString(), BackboneWeights.Inspect(Networks.Factory, "resnet18", path, 2).ToString());
    }

    [Theory]
    [MemberData(nameof(OnePerFamily))]
    public void The_network_of_a_file_is_recognised(string name)
    {
        var path = _folder.File("weights.safetensors");
        using var saved = Networks.Zeros(name, 4);
        BackboneWeights.Save(saved, path);

        var match = BackboneWeights.Identify(Networks.Factory, path);

        Assert.Equal((name, 4), (match!.Network, match.Classes));
    }

    [Fact]
    public void A_file_of_no_network_is_not_recognised()
    {
        using var one = ones(1);
        TensorFile.Write(_folder.File("other.safetensors"), [("one", one)]);

        Assert.Null(BackboneWeights.Identify(Networks.Factory, _folder.File("other.safetensors")));
    }

    [Theory]
    [InlineData("weights.pth")]
    [InlineData("weights.PT")]
    public void A_PyTorch_file_is_written_where_its_name_says_so(string name)
    {
        var path = _folder.File(name);
        using var saved = Networks.Filled("shufflenet_v2_x1_0", 3);
        using var loaded = Networks.Zeros("shufflenet_v2_x1_0", 3);

        BackboneWeights.Save(saved, path);
        BackboneWeights.Load(loaded, path);

        Assert.Equal(Networks.Bits(saved), Networks.Bits(loaded));
        using var file = TensorFile.Open(path);
        Assert.Equal(TensorFormat.PyTorch, file.Format);
        Assert.All(file.Entries.Where(entry => entry.Elements > 0), entry => Assert.Equal(0, entry.Offset % 64));
        Assert.Throws<ArgumentException>("format", () => BackboneWeights.Save(saved, path, new Dictionary<string, string> { ["a"] = "b" }));
    }

    [Fact]
    public void Pretrained_weights_of_the_same_number_of_classes_keep_their_head()
    {
        var path = _folder.File("weights.safetensors");
        using var saved = Networks.Filled("resnet18", 2);
        BackboneWeights.Save(saved, path);

        using var loaded = BackboneWeights.LoadPretrained(Networks.Factory, "resnet18", path, classes: 2, seed: 7);

        Assert.Equal(Networks.Bits(saved), Networks.Bits(loaded));
    }

    [Fact]
    public void Every_entry_that_does_not_fit_is_named_and_nothing_is_loaded()
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled("resnet18", 2);
        var before = Networks.Bits(backbone);
        var state = backbone.Network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value + 1);
        state.Remove("bn1.weight");
        state.Remove("bn1.num_batches_tracked");
        state["fc.weight"] = zeros(3, 512);
        state["conv1.weight"] = state["conv1.weight"].to(ScalarType.Int32);
        state["extra"] = zeros(1);

        var error = Assert.Throws<WeightsException>(() => BackboneWeights.Load(backbone, Written(state)));

        Assert.Equal(["bn1.weight", "bn1.num_batches_tracked"], error.Missing);
        Assert.Equal(["extra"], error.Unexpected);
        Assert.Equal(
            ["conv1.weight (file: I32 [64, 3, 7, 7], network: F32 [64, 3, 7, 7])", "fc.weight (file: F32 [3, 512], network: F32 [2, 512])"],
            error.Misshapen);
        Assert.Contains("weights.safetensors: these are not weights of resnet18 with 2 classes, nor of another network that is known: it has 121 entries, the first being conv1.weight [64, 3, 7, 7]", error.Message, StringComparison.Ordinal);
        Assert.All(error.Missing.Concat(error.Unexpected).Concat(error.Misshapen), entry => Assert.Contains(entry, error.Message, StringComparison.Ordinal));
        Assert.Equal(before, Networks.Bits(backbone));
    }

    [Fact]
    public void Weights_of_another_network_are_refused_with_a_message_of_bounded_length()
    {
        using var saved = Networks.Zeros("densenet121", 2);
        BackboneWeights.Save(saved, _folder.File("weights.safetensors"));

        var error = Assert.Throws<WeightsException>(() =>
            BackboneWeights.LoadPretrained(Networks.Factory, "resnet18", _folder.File("weights.safetensors"), 2, seed: 0));

        Assert.Equal(122, error.Missing.Count);
        Assert.Equal(727, error.Unexpected.Count);
        Assert.Contains("not weights of resnet18 with 2 classes, but of densenet121 with 2 classes.", error.Message, StringComparison.Ordinal);
        Assert.Contains("and 112 more", error.Message, StringComparison.Ordinal);
        Assert.Contains("and 717 more", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 2000);
    }

    [Fact]
    public void Weights_of_a_deeper_network_with_the_same_head_are_refused()
    {
        using var saved = Networks.Zeros("squeezenet1_0", 10);
        BackboneWeights.Save(saved, _folder.File("weights.safetensors"));

        var error = Assert.Throws<WeightsException>(() =>
            BackboneWeights.LoadPretrained(Networks.Factory, "squeezenet1_1", _folder.File("weights.safetensors"), 2, seed: 0));

        Assert.Contains("squeezenet1_1", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Misshapen);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Other_floating_types_become_float32(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var saved = Networks.Filled("squeezenet1_1", 2);
        using var loaded = Networks.Zeros("squeezenet1_1", 2);
        var state = saved.Network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.to(type));

        BackboneWeights.Load(loaded, Written(state));

        Assert.All(loaded.Network.state_dict(), entry =>
        {
            Assert.Equal(ScalarType.Float32, entry.Value.dtype);
            Assert.True(Networks.SameBits(state[entry.Key].to(ScalarType.Float32), entry.Value));
        });
    }

    [Fact]
    public void A_loaded_network_still_trains()
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled("resnet18", 2);
        BackboneWeights.Save(backbone, _folder.File("weights.safetensors"));
        BackboneWeights.Load(backbone, _folder.File("weights.safetensors"));

        Assert.All(backbone.TrainableParameters(NetworkPart.All), entry => Assert.True(entry.Parameter is { requires_grad: true, is_leaf: true }));
    }

    [Fact]
    public void A_truncated_file_is_named_and_nothing_is_loaded()
    {
        var path = _folder.File("weights.safetensors");
        using var backbone = Networks.Factory.Create("squeezenet1_1", 2, seed: 1);
        using var other = Networks.Factory.Create("squeezenet1_1", 2, seed: 2);
        BackboneWeights.Save(other, path);
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(file.Length - 1);
        }

        var before = Networks.Bits(backbone);
        var error = Assert.Throws<WeightsException>(() => BackboneWeights.Load(backbone, path));

        Assert.Contains($"{path}: it is cut off", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Networks.Bits(backbone));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_published_squeezenet_loads_with_two_classes()
    {
        var folder = Environment.GetEnvironmentVariable("COVIDCT_WEIGHTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "COVIDCT_WEIGHTS is not set.");

        using var backbone = BackboneWeights.LoadPretrained(
            Networks.Factory, "squeezenet1_1", Path.Combine(folder!, "squeezenet1_1-imagenet.safetensors"), 2, seed: 0);

        Assert.Equal(2, backbone.Classes);
        Assert.Equal([2, 512, 1, 1], backbone.Network.state_dict()["classifier.1.weight"].shape);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_published_squeezenet_is_the_same_in_all_three_formats()
    {
        var folder = Environment.GetEnvironmentVariable("COVIDCT_WEIGHTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "COVIDCT_WEIGHTS is not set.");
        string[] files = ["squeezenet1_1-imagenet.safetensors", "squeezenet1_1-imagenet.pth", "squeezenet1_1-imagenet-legacy.pth"];
        TensorFormat[] formats = [TensorFormat.Safetensors, TensorFormat.PyTorch, TensorFormat.PyTorchLegacy];

        var networks = files.Select(file => BackboneWeights.LoadPretrained(Networks.Factory, "squeezenet1_1", Path.Combine(folder!, file))).ToList();

        Assert.All(networks, network => Assert.Equal(1000, network.Classes));
        Assert.Equal(Networks.Bits(networks[0]), Networks.Bits(networks[1]));
        Assert.Equal(Networks.Bits(networks[0]), Networks.Bits(networks[2]));
        Assert.Equal(formats, files.Select(file =>
        {
            using var opened = TensorFile.Open(Path.Combine(folder!, file));
            return opened.Format;
        }));
        networks.ForEach(network => network.Dispose());
    }

    private string Written(IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        var path = _folder.File("weights.safetensors");
        TensorFile.Write(path, state.Select(entry => (entry.Key, entry.Value)));
        return path;
    }
}
