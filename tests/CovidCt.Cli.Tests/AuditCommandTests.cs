using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

public sealed class AuditCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void A_data_set_is_audited_for_a_reader_and_into_a_file()
    {
        var data = _place.WritePhantom(patients: 8);

        var outcome = _place.Run("audit", "--data", data, "--folds", "4", "--seed", "2", "--out", "below/audit.json").Exits(0);

        var written = JsonNode.Parse(File.ReadAllText(_place.PathOf("below/audit.json")))!;
        Assert.Contains("folds-by-image", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("What is not anatomy, in 4 folds by patient", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Verdict: ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(("image", 4, 2), (written["groupBy"]!.GetValue<string>(), written["folds"]!.GetValue<int>(), written["seed"]!.GetValue<int>()));
        Assert.Equal(28, written["images"]!.GetValue<int>());
    }

    [Fact]
    public void Findings_change_no_exit_code_and_json_is_one_document()
    {
        var data = _place.WritePhantom(patients: 4);
        var rows = File.ReadAllLines(Path.Combine(data, "manifest.csv"));
        var covid = rows.First(row => row.Contains(",COVID,", StringComparison.Ordinal)).Split(',')[0];
        _place.Write("data/copy.png", File.ReadAllBytes(Path.Combine(data, covid)));
        _place.Write("data/broken.png", "text");
        File.AppendAllLines(Path.Combine(data, "manifest.csv"), ["copy.png,non-COVID,p900", "broken.png,COVID,p901"]);

        var audit = _place.Run("audit", "--data", data, "--group-by", "patient", "--folds", "2", "--json").Exits(0).Json;

        Assert.Equal("serious", Verdict(audit, "label-conflicts"));
        Assert.Equal("warning", Verdict(audit, "unreadable-files"));
        Assert.Equal("patient", audit["groupBy"]!.GetValue<string>());
        Assert.Equal("broken.png", Assert.Single(audit["rejected"]!.AsArray())!["path"]!.GetValue<string>());
        Assert.Empty(_place.Entries("data"));
    }

    [Fact]
    public void Two_data_sets_are_asked_what_they_share_and_no_folds_are_drawn()
    {
        var (data, test) = (_place.WritePhantom(patients: 4), _place.WritePhantom(name: "test", seed: 9));

        var audit = _place.Run("audit", "--data", data, "--test", test, "--json").Exits(0).Json;

        Assert.Equal("official", audit["groupBy"]!.GetValue<string>());
        Assert.EndsWith(", tested on test", audit["dataset"]!.GetValue<string>(), StringComparison.Ordinal);
        var checks = audit["findings"]!.AsArray().ToDictionary(finding => finding!["check"]!.GetValue<string>(), finding => finding!["sentence"]!.GetValue<string>());
        Assert.Contains("the data set to train on", checks["official-split"], StringComparison.Ordinal);
        Assert.DoesNotContain(checks, check => check.Key.StartsWith("folds-by", StringComparison.Ordinal));
        Assert.DoesNotContain(checks, check => check.Value.Contains("own split", StringComparison.Ordinal));
        _place.Run("audit", "--data", data, "--test", test, "--group-by", "patient", "--json").Fails(2, "--test gives the images to test on");
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        var data = _place.WritePhantom();
        Directory.CreateDirectory(_place.PathOf("folder"));

        _place.Run("audit", "--json").Fails(2, "--data DIR");
        _place.Run("audit", "--data", "nowhere", "--json").Fails(3, "nowhere");
        _place.Run("audit", "--data", data, "--folds", "1", "--json").Fails(2, "--folds is '1'");
        _place.Run("audit", "--data", data, "--seed", "x", "--json").Fails(2, "--seed is 'x'");
        _place.Run("audit", "--data", data, "--group-by", "hospital", "--json").Fails(2, "--group-by hospital is neither a way of drawing folds nor a column of data; give one of image, patient, source, each-source, collection, official");
        _place.Run("audit", "--data", data, "--out", "folder", "--json").Fails(2, "--out folder");
    }

    private static string Verdict(JsonNode audit, string check) =>
        audit["findings"]!.AsArray().Single(finding => finding!["check"]!.GetValue<string>() == check)!["verdict"]!.GetValue<string>();
}
