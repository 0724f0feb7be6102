using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

[Collection(OneFinishedStudy.Name)]
public sealed class ExplainCommandTests(FinishedStudy study) : IDisposable
{
    private readonly Workplace _place = new();

    private string Image => Directory.GetFiles(Path.Combine(study.Data, "images")).Order(StringComparer.Ordinal).First();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_study_leaves_maps_with_every_fold_and_without_controls_no_audit_of_them()
    {
        var second = Path.Combine(study.Run, "..", "fold-1", "maps");
        Assert.True(File.Exists(Path.Combine(study.Run, "maps", "maps.json")) && File.Exists(Path.Combine(second, "maps.json")));
        Assert.False(File.Exists(Path.Combine(study.Run, "maps", "audit.json")));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Without_images_those_of_the_run_are_explained_and_their_maps_audited()
    {
        var run = study.CopyTo(_place, fold: 1);

        var told = _place.Run("explain", "--run", run, "--method", "layer-cam", "--layer", "features.10").Exits(0).Output;

        Assert.Contains("maps audited, with 95 % intervals: evidence", told, StringComparison.Ordinal);
        Assert.Contains("Rank correlation among 2 networks, ", told, StringComparison.Ordinal);
        var audit = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "maps", "audit.json")))!;
        Assert.Equal(("layerCam", "features.10"), (audit["method"]!.GetValue<string>(), audit["layer"]!.GetValue<string>()));
        Assert.True(File.Exists(Path.Combine(run, "maps", "maps.json")));
    }

    [Theory]
    [InlineData("grad-cam")]
    [InlineData("grad-cam++")]
    [InlineData("layer-cam")]
    public void An_image_gets_a_picture_by_each_method(string method)
    {
        var outcome = _place.Run("explain", "--run", study.Run, Image, Image, "--method", method, "--class", "COVID", "--out", "maps", "--json").Exits(0);

        var stem = Path.GetFileNameWithoutExtension(Image);
        Assert.Equal([$"maps/{stem}-{method}-2.png", $"maps/{stem}-{method}.png"], _place.Entries().Where(entry => entry != "maps").Order(StringComparer.Ordinal));
        Assert.Equal("COVID", outcome.Json["images"]![0]!["explained"]!.GetValue<string>());
        Assert.Equal(_place.PathOf($"maps/{stem}-{method}.png"), outcome.Json["images"]![0]!["picture"]!.GetValue<string>());
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        _place.Run("explain", Image, "--json").Fails(2, "--run DIR");
        _place.Run("explain", "--run", study.Place.PathOf("out"), Image, "--json").Fails(3, study.Run);
        _place.Run("explain", "--run", study.Run, Image, "--class", "flu", "--json").Fails(2, "'flu'", "COVID");
        _place.Run("explain", "--run", study.Run, Image, "--method", "magic", "--json").Fails(2, "--method is 'magic'", "layer-cam");
        _place.Run("explain", "--run", study.Run, Image, "--layer", "magic", "--json").Fails(2, "no layer 'magic'");
        _place.Run("explain", "--run", study.Run, "--class", "COVID", "--json").Fails(2, "--class");
        _place.Run("explain", "--run", study.Run, Image, "--data", study.Data, "--json").Fails(2, "--data");
        Assert.Contains("nothing.png", _place.Run("explain", "--run", study.Run, "nothing.png").Exits(3).Errors, StringComparison.Ordinal);
        Assert.Empty(_place.Entries());
    }
}
