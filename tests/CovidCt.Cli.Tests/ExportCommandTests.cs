using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

[Collection(OneFinishedStudy.Name)]
public sealed class ExportCommandTests(FinishedStudy study) : IDisposable
{
    private readonly Workplace _place = new();

    private string Folds => Path.GetFullPath(Path.Combine(study.Run, ".."));

    private string Image => Directory.GetFiles(Path.Combine(study.Data, "images")).Order(StringComparer.Ordinal).First();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void What_was_exported_answers_and_explains_as_the_run(bool isEnsemble, int networks)
    {
        var run = isEnsemble ? Folds : study.Run;
        var written = _place.Run("export", "--run", run, "--out", "new/network.onnx", "--json").Exits(0).Json;

        Assert.Equal((FinishedStudy.Network, networks), (written["network"]!.GetValue<string>(), written["networks"]!.GetValue<int>()));
        Assert.Equal(new FileInfo(_place.PathOf("new/network.onnx")).Length, written["bytes"]!.GetValue<long>());
        var (one, other) = (Predicted(run), Predicted("new/network.onnx"));
        Assert.Equal(networks, other["networks"]!.GetValue<int>());
        Assert.Equal(one["setLevel"]?.GetValue<double>(), other["setLevel"]?.GetValue<double>());
        var (answer, ofFile) = (one["images"]![0]!, other["images"]![0]!);
        Assert.Equal(answer["label"]!.GetValue<string>(), ofFile["label"]!.GetValue<string>());
        foreach (var figure in (string[])["probability", "calibratedProbability"])
        {
            Assert.Equal(answer[figure]?.GetValue<double>() ?? -1, ofFile[figure]?.GetValue<double>() ?? -1, 1e-5);
        }

        var map = _place.Run("explain", "--run", "new/network.onnx", Image, "--method", "layer-cam", "--out", "maps", "--json").Exits(0).Json["images"]![0]!;
        Assert.True(File.Exists(map["picture"]!.GetValue<string>()));
    }

    [Fact]
    public void What_is_wrong_is_told_and_nothing_is_written()
    {
        _place.Write("broken.onnx", "text");

        _place.Run("export", "--out", "a.onnx", "--json").Fails(2, "--run PATH");
        _place.Run("export", "--run", study.Run, "--json").Fails(2, "--out FILE.onnx");
        _place.Run("export", "--run", study.Run, "--out", "a.safetensors", "--json").Fails(2, "ends in .onnx");
        _place.Run("export", "--run", study.Run, "--out", ".", "--json").Fails(2, "ends in .onnx");
        _place.Run("export", "--run", "nowhere", "--out", "a.onnx", "--json").Fails(3, "nowhere");
        _place.Run("export", "--run", "broken.onnx", "--out", "a.onnx", "--json").Fails(3, "broken.onnx can't be read as a trained network in ONNX");
        _place.Run("predict", "--run", "nowhere.onnx", Image, "--json").Fails(3, "nowhere.onnx");
        _place.Run("explain", "--run", "broken.onnx", Image, "--json").Fails(3, "export the network again");
        Assert.DoesNotContain(_place.Entries(), entry => entry.Contains("a.onnx", StringComparison.Ordinal));
    }

    private JsonNode Predicted(string run) => _place.Run("predict", "--run", run, Image, "--json").Exits(0).Json;
}
