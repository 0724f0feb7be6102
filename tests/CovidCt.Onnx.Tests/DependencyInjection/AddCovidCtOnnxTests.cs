using CovidCt.Answers;
using CovidCt.Export;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CovidCt.Onnx.Tests.DependencyInjection;

public sealed class AddCovidCtOnnxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Alone_it_takes_an_onnx_file()
    {
        using var provider = new ServiceCollection().AddCovidCtOnnx(options => options.Model = Exported()).BuildServiceProvider();

        Assert.Equal("shufflenet_v2_x1_0", provider.GetRequiredService<ICtClassifier>().Model.Network);
        Assert.Same(provider.GetRequiredService<ICtClassifier>(), provider.GetRequiredService<ICtClassifier>());
        Assert.NotNull(provider.GetRequiredService<IImageDecoder>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Beside_the_others_one_option_takes_either_kind(bool first)
    {
        var (onnx, trained) = (Exported(), Trained());
        IServiceCollection Both(string model) => first
            ? new ServiceCollection().AddCovidCtOnnx(options => options.Model = model).AddCovidCt()
            : new ServiceCollection().AddCovidCt().AddCovidCtOnnx(options => options.Model = model);
        using var one = Both(onnx).BuildServiceProvider();
        using var other = Both(trained).BuildServiceProvider();

        var layer = new GradCamOptions { Layer = "nowhere" };
        string Refused(ServiceProvider provider) => Assert.Throws<ArgumentException>(
            () => provider.GetRequiredService<ICtClassifier>().Explain(new GrayImage(64, 48, new byte[64 * 48]), layer, null)).Message;
        Assert.Contains("an ONNX file", Refused(one), StringComparison.Ordinal);
        Assert.DoesNotContain("ONNX", Refused(other), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_was_not_added_is_named()
    {
        using var core = new ServiceCollection().AddCovidCt(options => options.Model = Exported()).BuildServiceProvider();
        using var onnx = new ServiceCollection().AddCovidCtOnnx(options => options.Model = Trained()).BuildServiceProvider();

        Assert.Contains("AddCovidCtOnnx", Assert.Throws<OptionsValidationException>(core.GetRequiredService<ICtClassifier>).Message, StringComparison.Ordinal);
        Assert.Contains("AddCovidCt, of CovidCt.Core", Assert.Throws<OptionsValidationException>(onnx.GetRequiredService<ICtClassifier>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_files_and_cards_are_refused_when_options_are_checked()
    {
        File.WriteAllText(_folder["broken.onnx"], "text");
        using var broken = new ServiceCollection().AddCovidCtOnnx(options => options.Model = _folder["broken.onnx"]).BuildServiceProvider();
        using var card = new ServiceCollection().AddCovidCtOnnx(options => (options.Model, options.Device) = (Exported(), ComputeDevice.Cuda)).BuildServiceProvider();
        using var two = new ServiceCollection().AddCovidCtOnnx(options => options.Model = Exported()).AddCovidCt(options => options.Model = Trained()).BuildServiceProvider();

        Assert.Contains("it isn't what was exported", Assert.Throws<OptionsValidationException>(broken.GetRequiredService<ICtClassifier>).Message, StringComparison.Ordinal);
        Assert.Contains("on the processor alone", Assert.Throws<OptionsValidationException>(card.GetRequiredService<ICtClassifier>).Message, StringComparison.Ordinal);
        Assert.Contains("a name of its own", Assert.Throws<OptionsValidationException>(two.GetRequiredService<ICtClassifier>).Message, StringComparison.Ordinal);
    }

    private string Trained()
    {
        var path = _folder["network.safetensors"];
        if (!File.Exists(path))
        {
            using var backbone = new BackboneFactory().Create("shufflenet_v2_x1_0", 2, 1);
            ModelFile.Save(path, backbone, new(backbone.Spec.Name, ["non-COVID", "COVID"], 1, new(64, 48), CanvasFit.KeepAspect, (124, 116, 104)));
        }

        return path;
    }

    private string Exported()
    {
        var path = _folder["network.onnx"];
        if (!File.Exists(path))
        {
            using var network = CtClassifier.Load(Trained());
            OnnxExport.Write(network, path);
        }

        return path;
    }
}
