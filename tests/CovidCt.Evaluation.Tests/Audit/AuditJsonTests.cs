using System.Text.Json.Nodes;
using CovidCt.Audit;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Audit;

public class AuditJsonTests
{
    [Fact]
    public void A_report_comes_back_as_it_was_written()
    {
        using var phantom = new AuditPhantom(4);
        using var folder = new TemporaryFolder();
        var report = phantom.Audit(new() { Folds = 2, Trees = 5 });

        AuditJson.Write(folder["below/audit.json"], report);
        var read = AuditJson.Read(folder["below/audit.json"]);

        Assert.Equal(AuditJson.ToJson(report), AuditJson.ToJson(read));
        Assert.Equal(report.Findings.Select(finding => (finding.Check, finding.Verdict)), read.Findings.Select(finding => (finding.Check, finding.Verdict)));
        Assert.Equal(["audit.json"], Directory.GetFiles(folder["below"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Enumerations_are_words_and_unknown_fields_are_passed_over()
    {
        using var phantom = new AuditPhantom(4);
        using var folder = new TemporaryFolder();
        var node = AuditJson.ToNode(phantom.Audit(new() { Folds = 2, Trees = 5 }));
        Assert.Equal("image", node["groupBy"]!.GetValue<string>());
        Assert.Contains(node["findings"]!.AsArray(), finding => finding!["verdict"]!.GetValue<string>() == "clean");

        node["later"] = new JsonObject { ["version"] = 2 };
        Assert.Equal(node["images"]!.GetValue<int>(), AuditJson.Read(folder.Write("audit.json", node.ToJsonString())).Images);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"dataset\": 3}")]
    public void Anything_else_is_refused_with_its_path(string text)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("audit.json", text);

        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => AuditJson.Read(path)).Message, StringComparison.Ordinal);
    }
}
