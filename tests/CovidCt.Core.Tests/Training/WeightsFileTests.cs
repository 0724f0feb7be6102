using CovidCt.Core.Tests;
using CovidCt.Models.Weights;

namespace CovidCt.Training;

public sealed class WeightsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_folder_there_are_no_weights() => Assert.Null(WeightsFile.Find(null, "resnet18"));

    [Fact]
    public void A_folder_without_the_name_has_none()
    {
        _folder.Write("resnet50-imagenet.safetensors", "");
        _folder.Write("resnet18-imagenet.pth", "");
        _folder.Write("my-resnet18.safetensors", "");
        Assert.Null(WeightsFile.Find(_folder.Path, "resnet18"));
    }

    [Fact]
    public void The_only_file_that_begins_with_the_name_is_taken()
    {
        var file = _folder.Write("resnet18-imagenet.safetensors", "");
        Assert.Equal(file, WeightsFile.Find(_folder.Path, "resnet18"));
    }

    [Fact]
    public void The_file_of_exactly_the_name_goes_before_others()
    {
        _folder.Write("resnet18-imagenet.safetensors", "");
        var file = _folder.Write("resnet18.safetensors", "");
        Assert.Equal(file, WeightsFile.Find(_folder.Path, "resnet18"));
    }

    [Fact]
    public void Several_files_are_an_error_that_names_each()
    {
        _folder.Write("resnet18-a.safetensors", "");
        _folder.Write("resnet18-b.safetensors", "");

        var error = Assert.Throws<WeightsException>(() => WeightsFile.Find(_folder.Path, "resnet18"));

        Assert.Contains("resnet18-a.safetensors, resnet18-b.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("resnet18.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var missing = Path.Combine(_folder.Path, "nowhere");
        Assert.Contains(missing, Assert.Throws<WeightsException>(() => WeightsFile.Find(missing, "resnet18")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_is_that_of_the_bytes() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", // FIPS 180-2, appendix B.1.
        WeightsFile.Sha256(_folder.Write("abc", "abc")));
}
