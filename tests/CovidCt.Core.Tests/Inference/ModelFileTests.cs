using CovidCt.Answers;
using CovidCt.Core.Tests.Training;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Inference;

public sealed class ModelFileTests : IDisposable
{
    private static readonly BackboneFactory Factory = new();

    private readonly TemporaryFolder _folder = new();

    public static ModelDescription Description { get; } =
        new("squeezenet1_1", ["non-COVID", "COVID"], 1, new(64, 48), CanvasFit.Stretch, (0, 116, 255));

    private string File => Path.Combine(_folder.Path, RunLayout.NetworkName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_network_and_its_description_come_back_as_they_were()
    {
        using var saved = Factory.Create("squeezenet1_1", 2, seed: 3);
        ModelFile.Save(File, saved, Description);

        var (description, loaded) = ModelFile.Load(File, Factory);

        using (loaded)
        {
            Assert.Equivalent(Description, description, strict: true);
            Assert.Equal(Bits.Of(saved), Bits.Of(loaded));
        }
    }

    [Fact]
    public void The_file_holds_the_published_keys_so_that_others_can_read_it()
    {
        using var saved = Factory.Create("resnet18", 2, seed: 3);
        ModelFile.Save(File, saved, Description with { Network = "resnet18" });

        using var file = TensorFile.Open(File);
        Assert.Equal(saved.Network.state_dict().Keys.Order(), file.Entries.Select(entry => entry.Name).Order());
    }

    [Fact]
    public void A_description_that_does_not_fit_its_network_is_an_error()
    {
        foreach (var description in (ModelDescription[])[Description with { Classes = ["a", "b", "c"] }, Description with { Positive = 2 }, Description with { Positive = -1 }])
        {
            using var backbone = Factory.Create("squeezenet1_1", 2);
            Assert.Throws<ArgumentException>(() => new CtClassifier(backbone, description));
        }
    }

    [Theory]
    [InlineData("format", null)]
    [InlineData("format", "covidct-model-9")]
    [InlineData("network", null)]
    [InlineData("network", "resnet19")]
    [InlineData("network", "shufflenet_v2_x1_0")]
    [InlineData("classes", null)]
    [InlineData("classes", "null")]
    [InlineData("classes", "[]")]
    [InlineData("classes", "[null,\"b\"]")]
    [InlineData("classes", "[\"a\",\"b\",\"c\"]")]
    [InlineData("classes", "a,b")]
    [InlineData("positive", "2")]
    [InlineData("positive", "-1")]
    [InlineData("positive", "COVID")]
    [InlineData("input", "[64]")]
    [InlineData("input", "[0,48]")]
    [InlineData("input", "null")]
    [InlineData("fit", "Squeeze")]
    [InlineData("fill", "[0,0,256]")]
    [InlineData("fill", "[0]")]
    public void A_file_that_says_something_wrong_is_named(string key, string? value)
    {
        using (var backbone = Factory.Create("squeezenet1_1", 2))
        {
            ModelFile.Save(File, backbone, Description);
        }

        Rewrite(metadata =>
        {
            if (value is null)
            {
                metadata.Remove(key);
            }
            else
            {
                metadata[key] = value;
            }
        });

        var error = Assert.Throws<WeightsException>(() => ModelFile.Load(File, Factory));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a text file that calls itself safetensors")]
    public void What_is_no_safetensors_file_is_named(string content)
    {
        _folder.Write(RunLayout.NetworkName, content);
        Assert.Contains(File, Assert.Throws<WeightsException>(() => ModelFile.Load(File, Factory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains(File, Assert.Throws<WeightsException>(() => ModelFile.Load(File, Factory)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_cut_off_is_named()
    {
        using (var backbone = Factory.Create("squeezenet1_1", 2))
        {
            ModelFile.Save(File, backbone, Description);
        }

        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..^10]);
        Assert.Contains(File, Assert.Throws<WeightsException>(() => ModelFile.Load(File, Factory)).Message, StringComparison.Ordinal);
    }

    private void Rewrite(Action<Dictionary<string, string>> change)
    {
        using var scope = NewDisposeScope();
        List<(string, Tensor)> entries;
        Dictionary<string, string> metadata;
        using (var file = TensorFile.Open(File))
        {
            entries = [.. file.Entries.Select(entry => (entry.Name, file.Read(entry.Name)))];
            metadata = new(file.Metadata);
        }

        change(metadata);
        TensorFile.Write(File, entries, metadata);
    }
}
