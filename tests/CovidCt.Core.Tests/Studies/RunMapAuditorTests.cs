using System.Text.Json;
using CovidCt.Data;
using CovidCt.Maps;
using CovidCt.Phantoms;
using CovidCt.Progress;
using CovidCt.Records;
using CovidCt.Statistics;
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

        var audit = run.AuditMaps(
            run.OpenData(), run.OtherFolds(), new RunMapOptions { AuditedImages = 2, Method = CamMethod.LayerCam },
            cancellationToken: Cancellation);

        Assert.True(run.HasMapAudit);
        var read = RunMapAudit.Read(Path.Combine(run.FullPath, "maps", "audit.json"));
        Assert.Equal(JsonSerializer.Serialize(audit), JsonSerializer.Serialize(read));
        Assert.Equal((CamMethod.LayerCam, null, 2, 2), (audit.Method, audit.Layer, audit.Images, audit.Networks));
        Assert.InRange(audit.Agreement.Value!.Value, -1, 1);
        Assert.Equal((ClusterUnit.Patient, 2, 1), (audit.Drawn, audit.Clusters, audit.TrainedNetworks));
        Assert.Equal((0.0, 1.0), (audit.Insertion.Shares[0], audit.Insertion.Shares[^1]));
        Assert.Equal(audit.Insertion.Probabilities[^1], audit.Deletion.Probabilities[0], 1e-6);
        Assert.NotEmpty(audit.Randomisation);
        var right = run.Predictions.Count(prediction => prediction.Label == PhantomDataset.Covid && prediction.Probability >= 0.5);
        Assert.InRange(audit.Findings?.Images ?? 0, Math.Min(1, right), right);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Maps_that_know_nothing_of_the_network_are_compared_on_the_same_images()
    {
        var run = study.Run(0);

        var audit = run.AuditMaps(run.OpenData(), options: new() { AuditedImages = 5 }, cancellationToken: Cancellation);

        var own = audit.Figures;
        Assert.Equal(audit.Deletion.Area, own.Deletion.Value!.Value, 1e-12);
        Assert.Equal(audit.Insertion.Area, own.Insertion.Value!.Value, 1e-12);
        Assert.Equal(audit.Road.Score, own.Road.Value!.Value, 1e-12);
        Assert.InRange(own.Deletion.Value.Value, own.Deletion.Interval!.Low, own.Deletion.Interval.High);
        Assert.Equal([BaselineMap.Random, BaselineMap.Centred, BaselineMap.Edges], audit.Baselines.Select(baseline => baseline.Map));
        Assert.All(audit.Baselines, baseline => Assert.All(
            (Func<MapFigures, EstimatedFigure>[])[of => of.Evidence, of => of.Deletion, of => of.Insertion, of => of.Road],
            of => Assert.Equal(
                of(own).Value!.Value - of(baseline.Figures).Value!.Value, of(baseline.Difference).Value!.Value, 1e-12)));
        Assert.Equal((1, 0, new(null, null)), (audit.Networks, audit.TrainedNetworks, audit.Agreement));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void No_patient_is_audited_twice()
    {
        var run = study.Run(0);
        var patients = run.Predictions.Select(prediction => prediction.Patient).Distinct().Count();
        Assert.True(patients < run.Predictions.Count);

        var audit = run.AuditMaps(run.OpenData(), options: new() { AuditedImages = 1000 }, cancellationToken: Cancellation);

        Assert.Equal((ClusterUnit.Patient, patients, patients), (audit.Drawn, audit.Images, audit.Clusters));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Where_sources_are_known_one_image_of_each_class_a_source_is_audited()
    {
        var run = study.Run(0);
        var data = run.OpenData();
        var known = data with { Samples = [.. data.Samples.Select(sample => sample with { Source = sample.Patient })] };
        var few = data with { Samples = [.. data.Samples.Select(sample => sample with { Source = "one" })] };

        var audit = run.AuditMaps(known, options: new() { AuditedImages = 1000 }, cancellationToken: Cancellation);

        Assert.Equal(ClusterUnit.Patient, run.AuditMaps(few, options: new() { AuditedImages = 2 }, cancellationToken: Cancellation).Drawn);
        var sources = run.Predictions.Select(prediction => prediction.Patient).Distinct().Count();
        Assert.Equal((ClusterUnit.Source, sources, sources), (audit.Drawn, audit.Images, audit.Clusters));
    }

    /// <summary>Here a copy of the run itself, as a run from another seed would be.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public void Networks_that_did_not_train_on_the_images_are_compared_alone()
    {
        var run = study.Run(0);
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(run.FullPath))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        var audit = run.AuditMaps(
            run.OpenData(), [study.Run(1), FinishedRun.Open(folder.Path)], new() { AuditedImages = 3 }, cancellationToken: Cancellation);

        Assert.Equal((2, 0), (audit.Networks, audit.TrainedNetworks));
        Assert.Equal(1, audit.Agreement.Value!.Value, 1e-9);
    }

    [Fact]
    public void A_network_trained_on_the_folds_that_it_was_not_tested_on()
    {
        var (one, other) = (study.Run(0), study.Run(1));

        Assert.All(one.Predictions, prediction => Assert.False(one.TrainedOn(prediction.Path)));
        Assert.All(one.Predictions, prediction => Assert.True(other.TrainedOn(prediction.Path)));
        Assert.All(one.Predictions, prediction => Assert.False(other.TestedOn(prediction.Path)));
        Assert.False(other.TrainedOn("added since.png"));
    }

    /// <summary>A study that is gone on with makes it anew.</summary>
    [Fact]
    public void An_audit_by_an_older_version_counts_for_none()
    {
        using var folder = new TemporaryFolder();
        var run = study.Run(1);
        foreach (var file in Directory.GetFiles(run.FullPath))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        var copy = FinishedRun.Open(folder.Path);
        Assert.False(copy.HasMapAudit);
        Directory.CreateDirectory(copy.Layout.Maps);
        File.WriteAllText(copy.Layout.MapAudit, """{"method":"gradCam","evidence":1.5,"faithfulness":null,"images":16}""");

        Assert.False(copy.HasMapAudit);
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
        Assert.Equal(("stage3", 1, null), (one.Layer, one.Networks, one.Agreement.Value));
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

        Assert.Contains("Images", Assert.Throws<ArgumentException>(() => run.AuditMaps(data, options: new() { AuditedImages = 0 }, cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
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
