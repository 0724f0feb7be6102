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

    [Fact]
    public void Whole_numbers_come_with_what_they_change_on_the_own_test_images() => AssertTested(study.Run, images: 4);

    [Fact]
    [Trait("Category", "Long")]
    public void So_they_do_for_each_network_of_an_ensemble() => AssertTested(Folds, images: 8);

    private void AssertTested(string run, int images)
    {
        var written = _place.Run("export", "--run", run, "--out", "int8.onnx", "--precision", "int8", "--data", study.Data, "--json").Exits(0).Json;

        Assert.Equal("int8", written["precision"]!.GetValue<string>());
        var change = written["change"]!;
        Assert.Equal(images, change["images"]!.GetValue<int>());
        Assert.NotNull(change["byImage"]!["accuracy"]!["difference"]);
        Assert.NotNull(change["byPatient"]!["auc"]!["difference"]);
        Assert.False(change["isEquivalent"]!.GetValue<bool>()); // Of a handful of patients nothing can be shown.
        Assert.Contains("isn't shown", change["verdict"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(
            Predicted(run)["images"]![0]!["probability"]!.GetValue<double>(),
            Predicted("int8.onnx")["images"]![0]!["probability"]!.GetValue<double>(), 0.05);
        Assert.Equal(["int8.onnx"], _place.Entries().Select(entry => Path.GetFileName(entry)!));
    }

    [Fact]
    public void What_is_wrong_with_whole_numbers_is_told_too()
    {
        string[] int8 = ["export", "--out", "a.onnx", "--precision", "int8", "--json", "--run"];
        _place.Run([.. int8, Path.Combine(study.Run, "network.safetensors")]).Fails(2, "takes the folder of a run");
        _place.Run([.. int8, study.Run, "--data", "nowhere"]).Fails(3, "nowhere");
        _place.Run("export", "--run", study.Run, "--out", "a.onnx", "--precision", "int4", "--json").Fails(2, "float32, int8");
        _place.Run("export", "--run", study.Run, "--out", "a.onnx", "--data", study.Data, "--json").Fails(2, "--data takes --precision int8");
        Assert.Empty(_place.Entries());
    }

    private JsonNode Predicted(string run) => _place.Run("predict", "--run", run, Image, "--json").Exits(0).Json;
}
