using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CovidCt.Data;
using CovidCt.Maps;
using CovidCt.Phantoms;
using CovidCt.Progress;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

[Collection(OneFinishedStudy.Name)]
public sealed class RunMapAuditorTests(FinishedStudy study)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void An_audit_is_read_as_it_was_written_and_counts_what_it_looked_at()
    {
        var run = study.Run(0);

        var audit = run.AuditMaps(run.OpenData(), run.OtherFolds(), new RunMapOptions { AuditedImages = 6, Method = CamMethod.LayerCam }, cancellationToken: Cancellation);

        Assert.True(run.HasMapAudit);
        var read = RunMapAudit.Read(Path.Combine(run.FullPath, "maps", "audit.json"));
        Assert.Equal(JsonSerializer.Serialize(audit), JsonSerializer.Serialize(read));
        Assert.Equal((CamMethod.LayerCam, null, 6, 2), (audit.Method, audit.Layer, audit.Images, audit.Networks));
        Assert.InRange(audit.Agreement!.Value, -1, 1);
        Assert.Equal((0.0, 1.0), (audit.Insertion.Shares[0], audit.Insertion.Shares[^1]));
        Assert.Equal(audit.Insertion.Probabilities[^1], audit.Deletion.Probabilities[0], 1e-6);
        Assert.NotEmpty(audit.Randomisation);
        var right = run.Predictions.Count(prediction => prediction.Label == PhantomDataset.Covid && prediction.Probability >= 0.5);
        Assert.InRange(audit.Findings?.Images ?? 0, Math.Min(1, right), right);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Equal_seeds_give_equal_audits_and_an_inner_layer_finer_maps()
    {
        var run = study.Run(0);
        var options = new RunMapOptions { AuditedImages = 2, Layer = "stage3", Seed = 5 };

        var one = run.AuditMaps(run.OpenData(), options: options, cancellationToken: Cancellation);
        var other = run.AuditMaps(run.OpenData(), options: options, cancellationToken: Cancellation);

        Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(other));
        Assert.Equal(("stage3", 1, null), (one.Layer, one.Networks, one.Agreement));
        Assert.True(one.Grid.Width * one.Grid.Height > run.AuditMaps(run.OpenData(), options: new() { AuditedImages = 2 }, cancellationToken: Cancellation).Grid.Width);
    }

    [Fact]
    public void What_can_t_be_audited_is_told_and_nothing_is_left()
    {
        var run = study.Run(1);
        var data = run.OpenData();
        using var stop = new CancellationTokenSource();
        using var folder = new TemporaryFolder();
        folder.Write("tiny.png", TestImages.GrayPng());

        Assert.Contains("Images", Assert.Throws<ValidationException>(() => run.AuditMaps(data, options: new() { AuditedImages = 0 }, cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
        Assert.Contains("no layer 'stage9'", Assert.Throws<ArgumentException>(() => run.AuditMaps(data, options: new() { Layer = "stage9" }, cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => run.AuditMaps(data, progress: new Relay<StepProgress>(_ => stop.Cancel()), cancellationToken: stop.Token));
        var marked = data with { Samples = [.. data.Samples.Select(sample => sample with { Findings = folder["tiny.png"] })] };
        Assert.Contains("Make it as large as the image", Assert.Throws<UnusableDataException>(() => run.AuditMaps(marked, cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
        var gone = data with { Samples = [.. data.Samples.Select(sample => sample with { Findings = "gone.png" })] };
        Assert.Contains("gone.png", Assert.Throws<UnusableDataException>(() => run.AuditMaps(gone, cancellationToken: Cancellation)).Message, StringComparison.Ordinal);

        Assert.False(run.HasMapAudit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"method":"gradCam","images":"many"}""")]
    public void A_damaged_file_is_named(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["audit.json"], content);

        Assert.Contains(folder["audit.json"], Assert.Throws<InvalidDataException>(() => RunMapAudit.Read(folder["audit.json"])).Message, StringComparison.Ordinal);
    }
}
