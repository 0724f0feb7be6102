using CovidCt.Networks;
using CovidCt.Tests;
using CovidCt.Weights;

namespace CovidCt.Core.Tests.Weights;

public sealed class WeightsFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_folder_there_are_no_weights() => Assert.Null(WeightsFolder.Find(null, "resnet18"));

    [Fact]
    public void A_folder_without_the_name_has_none()
    {
        _folder.Write("resnet50-imagenet.safetensors", "");
        _folder.Write("resnet18-imagenet.onnx", "");
        _folder.Write("resnet18-f37072fd.pth.part", "");
        _folder.Write("my-resnet18.safetensors", "");
        Assert.Null(WeightsFolder.Find(_folder.Path, "resnet18"));
    }

    [Theory]
    [InlineData("resnet18-imagenet.safetensors")]
    [InlineData("resnet18-imagenet.pth")]
    [InlineData("resnet18-imagenet.pt")]
    public void The_only_file_that_begins_with_the_name_is_taken(string name)
    {
        var file = _folder.Write(name, "");
        Assert.Equal(file, WeightsFolder.Find(_folder.Path, "resnet18"));
    }

    [Fact]
    public void A_published_file_is_taken_though_its_name_is_spelt_otherwise()
    {
        var file = _folder.Write("shufflenetv2_x1-5666bf0f80.pth", "");
        Assert.Equal(file, WeightsFolder.Find(_folder.Path, "shufflenet_v2_x1_0"));
    }

    [Fact]
    public void Files_are_preferred_in_the_order_of_how_exactly_they_are_named()
    {
        string[] worstFirst =
            ["resnet50-mine.pth", "resnet50-mine.safetensors", "resnet50-0676ba61.pth", "resnet50.pt", "resnet50.pth", "resnet50.safetensors"];
        foreach (var name in worstFirst)
        {
            var file = _folder.Write(name, "");
            Assert.Equal(file, WeightsFolder.Find(_folder.Path, "resnet50"));
        }
    }

    [Fact]
    public void A_network_that_the_catalogue_does_not_know_is_found_by_its_name()
    {
        var file = _folder.Write("my_network-7.pt", "");
        Assert.Equal(file, WeightsFolder.Find(_folder.Path, "my_network"));
    }

    [Theory]
    [InlineData("resnet18-a.safetensors", "resnet18-b.safetensors", "resnet18.safetensors")]
    [InlineData("resnet18-a.pt", "resnet18-b.pth", "resnet18.pt")]
    public void Several_files_are_an_error_that_names_each(string one, string other, string way)
    {
        _folder.Write(one, "");
        _folder.Write(other, "");

        var error = Assert.Throws<WeightsException>(() => WeightsFolder.Find(_folder.Path, "resnet18"));

        Assert.Contains($"{one}, {other}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"name the one to use {way}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var missing = Path.Combine(_folder.Path, "nowhere");
        Assert.Contains(missing, Assert.Throws<WeightsException>(() => WeightsFolder.Find(missing, "resnet18")).Message, StringComparison.Ordinal);
    }
}
