using CovidCt.Models;
using CovidCt.Models.Weights;

namespace CovidCt.Cli.Tests;

public sealed class WeightsCommandTests : IDisposable
{
    private readonly Workplace _place = new();
    private readonly string _cache = Directory.CreateTempSubdirectory("covidct-cache-").FullName;

    private Dictionary<string, string> Offline => new() { ["COVIDCT_CACHE"] = _cache, ["COVIDCT_OFFLINE"] = "1" };

    public void Dispose()
    {
        _place.Dispose();
        Directory.Delete(_cache, recursive: true);
    }

    [Fact]
    public void The_list_has_every_network_with_its_address_hash_licence_and_accuracy()
    {
        var outcome = _place.RunFrom(Workplace.Program, Offline, "weights", "list", "--json").Exits(0);

        Assert.Equal(Path.Combine(_cache, "weights"), outcome.Json["store"]!.GetValue<string>());
        var weights = outcome.Json["weights"]!.AsArray();
        Assert.Equal(
            new BackboneFactory().Specs.Select(spec => spec.Name).Order(StringComparer.Ordinal),
            weights.Where(item => item!["default"]!.GetValue<bool>()).Select(item => item!["network"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.All(weights, item =>
        {
            Assert.StartsWith("https://", item!["address"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Matches("^[0-9a-f]{8,64}$", item["sha256"]!.GetValue<string>());
            Assert.InRange(item["top1"]!.GetValue<double>(), 50, 100);
            Assert.NotEmpty(item["license"]!.GetValue<string>());
            Assert.False(item["present"]!.GetValue<bool>());
        });
        Assert.Contains("resnet50/imagenet1k_v2", _place.RunWith(Offline, "weights", "list").Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_network_the_file_and_its_place_are_told()
    {
        var path = Path.Combine(_cache, "weights", "resnet18-f37072fd.pth");
        string[] words = ["https://download.pytorch.org/models/resnet18-f37072fd.pth", path, "COVIDCT_OFFLINE"];

        _place.RunWith(Offline, "weights", "fetch", "resnet18", "--json").Fails(3, words);
        _place.RunWith(Offline, "reproduce", "--backbones", "resnet18", "--weights", "imagenet", "--json").Fails(3, words);
        _place.RunWith(Offline, "predict", "--backbone", "resnet18", "--weights", "imagenet", "slice.png", "--json").Fails(3, words);

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "no weights");
        _place.RunWith(Offline, "weights", "fetch", "resnet18", "--json").Fails(3, [.. words, "damaged"]);
        Assert.Empty(_place.Entries());
    }

    [Theory]
    [InlineData("nothing", "No weights are published for a network 'nothing'", "resnet18")]
    [InlineData("resnet18/other", "There are no weights 'resnet18/other'", "resnet18/imagenet1k_v1")]
    public void Names_that_there_are_not_are_told_with_those_that_there_are(string name, params string[] words) =>
        _place.RunWith(Offline, "weights", "fetch", name, "--json").Fails(2, words);

    [Fact]
    public void A_file_is_inspected()
    {
        WriteNetwork("a.pth");

        var text = _place.Run("weights", "inspect", "a.pth").Exits(0).Output;
        Assert.Contains("PyTorch, zip archive", text, StringComparison.Ordinal);
        Assert.Contains("squeezenet1_1, 7 classes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("features.0.weight", text, StringComparison.Ordinal);
        Assert.Contains("features.0.weight", _place.Run("weights", "inspect", "a.pth", "--entries").Exits(0).Output, StringComparison.Ordinal);

        var json = _place.Run("weights", "inspect", "a.pth", "--json").Exits(0).Json;
        Assert.Equal(7, json["match"]!["classes"]!.GetValue<int>());
        Assert.Equal(52, json["tensors"]!.AsArray().Count);
        Assert.Equal([64, 3, 3, 3], json["tensors"]![0]!["shape"]!.AsArray().Select(size => size!.GetValue<int>()));

        _place.Run("weights", "inspect", "a.pth", "--backbone", "resnet18", "--json").Fails(3, "a.pth", "not weights of resnet18, but of squeezenet1_1 with 7 classes", "missing");
        _place.Run("weights", "inspect", "none.pth", "--json").Fails(3, "none.pth", "no such file");
    }

    [Fact]
    public void A_file_goes_from_PyTorch_to_safetensors_and_back_without_a_change()
    {
        WriteNetwork("a.pth");

        Assert.Equal("squeezenet1_1", _place.Run("weights", "convert", "a.pth", "b.safetensors", "--json").Exits(0).Json["match"]!["network"]!.GetValue<string>());
        _place.Run("weights", "convert", "b.safetensors", "c.pth").Exits(0);

        Assert.Equal(["a.pth", "b.safetensors", "c.pth"], _place.Entries());
        using var before = TensorFile.Open(_place.PathOf("a.pth"));
        using var after = TensorFile.Open(_place.PathOf("c.pth"));
        Assert.Equal(before.Entries.Select(entry => entry.Name), after.Entries.Select(entry => entry.Name));
        Assert.All(before.Entries, entry =>
        {
            using var one = before.Read(entry.Name); // Held while its bytes are copied: a collected tensor frees them.
            using var other = after.Read(entry.Name);
            Assert.Equal(one.bytes.ToArray(), other.bytes.ToArray());
        });
    }

    [Fact]
    public void Nothing_is_replaced_unasked_and_no_other_format_promised()
    {
        WriteNetwork("a.pth");
        var before = File.ReadAllBytes(_place.PathOf("a.pth"));

        _place.Run("weights", "convert", "a.pth", "a.pth", "--json").Fails(2, "a.pth is there already", "--overwrite");
        _place.Run("weights", "convert", "a.pth", "a.onnx", "--json").Fails(2, "a.onnx", ".safetensors");
        _place.Run("weights", "convert", "none.pth", "b.pth", "--json").Fails(3, "none.pth", "no such file");
        _place.Write("file", "");
        _place.Run("weights", "convert", "a.pth", "file/b.pth", "--json").Fails(2, "file");

        Assert.Equal(before, File.ReadAllBytes(_place.PathOf("a.pth")));
        Assert.Equal(["a.pth", "file"], _place.Entries());
        _place.Run("weights", "convert", "a.pth", "a.pth", "--overwrite").Exits(0);
    }

    [Fact]
    public void Weights_that_would_run_a_program_are_refused_by_name()
    {
        _place.Write("trap.pth", [0x80, 2, .. "cos\nsystem\nX\u0000"u8]);

        _place.Run("weights", "inspect", "trap.pth", "--json").Fails(3, "trap.pth", "'os.system'", "nothing of it was run");
        _place.Run("predict", "--backbone", "squeezenet1_1", "--weights", "trap.pth", "slice.png", "--json").Fails(3, "'os.system'");
    }

    private void WriteNetwork(string file)
    {
        using var backbone = new BackboneFactory().Create("squeezenet1_1", 7);
        BackboneWeights.Save(backbone, _place.PathOf(file));
    }
}
