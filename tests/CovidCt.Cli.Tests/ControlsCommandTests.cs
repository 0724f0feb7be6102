using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

public sealed class ControlsCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void Controls_are_asked_over_several_drawings_of_the_folds_for_a_reader_and_into_a_file()
    {
        var data = _place.WritePhantom(patients: 6);

        var outcome = _place.Run("controls", "--data", data, "--backbones", "shufflenet_v2_x1_0", "--folds", "2", "--fold-draws", "2", "--out", "below/controls.json").Exits(0);

        var written = JsonNode.Parse(File.ReadAllText(_place.PathOf("below/controls.json")))!;
        Assert.Contains("random labels by patient", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("means over 2 drawings of the folds", outcome.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal((2, 100), (written["foldDraws"]!.GetValue<int>(), written["draws"]!.GetValue<int>()));
        Assert.Equal(
            ["image", "patient"],
            written["networks"]![0]!["results"]!.AsArray().Select(result => result!["folds"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_is_wrong_is_told()
    {
        var data = _place.WritePhantom();
        Directory.CreateDirectory(_place.PathOf("folder"));

        _place.Run("controls", "--json").Fails(2, "--data DIR");
        _place.Run("controls", "--data", "nowhere", "--json").Fails(3, "nowhere");
        _place.Run("controls", "--data", data, "--fold-draws", "0", "--json").Fails(2, "--fold-draws is '0'");
        _place.Run("controls", "--data", data, "--group-by", "hospital", "--json").Fails(2, "--group-by hospital");
        _place.Run("controls", "--data", data, "--group-by", "source", "--json").Fails(3, "Folds by source");
        _place.Run("controls", "--data", data, "--out", "folder", "--json").Fails(2, "--out folder");
        _place.Run("controls", "--data", data, "--weights", "nowhere", "--json").Fails(2, "--weights nowhere");
        _place.Run("controls", "--data", data, "--backbones", ",", "--json").Fails(2, "--backbones is empty");
    }
}
