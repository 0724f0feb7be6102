using System.Globalization;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

/// <summary>
/// Whether the audit's score tells a trained network from one with random weights, and the network's map from the
/// trivial prior, a spot in the middle: on real images (50, or a sample of them), each network on its own predictions.
/// </summary>
[Trait("Category", "Long")]
public sealed class CamAuditSeparationTests
{
    private static readonly int Images = LargeCount.Of("COVIDCT_AUDIT_IMAGES", 20);
    private const string Network = "squeezenet1_1";

    private static readonly BackboneFactory Factory = new();

    [Fact]
    public void Evidence_separates_trained_from_random_and_true_from_centred()
    {
        using var scope = NewDisposeScope();
        using var trained = BackboneWeights.LoadPretrained(Factory, Network, RealData.SqueezeNetWeights());
        using var random = Factory.Create(Network, trained.Classes, seed: 1);
        var (images, geometries) = RealImages.Input(trained.Spec, Images);

        var report = Audited(trained, images, geometries, CamAuditParts.Baselines);
        List<double> own = [.. report.Images.Select(image => image.Own.Evidence!.Value)];
        List<double> ofRandom = [.. Audited(random, images, geometries).Images.Select(image => image.Own.Evidence!.Value)];
        List<double> centred = [.. report.Images.Select(image => image.Baselines[BaselineMap.Centred].Evidence!.Value)];

        var (network, map) = (RocAuc(own, ofRandom), RocAuc(own, centred));
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"mean evidence {own.Average():0.000}, random {ofRandom.Average():0.0000}, centred {centred.Average():0.000}; AUC trained/random {network:0.000}, true/centred {map:0.000}"));
        Assert.True(network >= 0.9, $"trained against random: AUC {network}");

        // Of one logit it was more than 0.9. Log-odds of a thousand classes scatter more between images, and pairs are of different ones.
        Assert.True(map >= 0.8, $"true against centred: AUC {map}");
        Assert.True(own.Zip(centred).Count(pair => pair.First > pair.Second) >= 0.8 * Images);
    }

    [Fact]
    public void The_published_network_passes_the_whole_audit()
    {
        using var scope = NewDisposeScope();
        using var trained = BackboneWeights.LoadPretrained(Factory, Network, RealData.SqueezeNetWeights());
        var (images, geometries) = RealImages.Input(trained.Spec, 6);

        var report = new CamAudit(Factory).Run(trained, images, geometries, cancellationToken: TestContext.Current.CancellationToken);

        var output = TestContext.Current.TestOutputHelper;
        var (insertion, deletion, road) = (report.Mean(image => image.Own.Insertion!.Area)!.Value, report.Mean(image => image.Own.Deletion!.Area)!.Value, report.Mean(image => image.Own.Road!.Score)!.Value);
        output?.WriteLine(FormattableString.Invariant($"insertion {insertion:0.000}, deletion {deletion:0.000}, ROAD {road:0.000}"));
        foreach (var kind in BaselineMaps.All)
        {
            output?.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind}: insertion {Mean(kind, scores => scores.Insertion!.Area):0.000}, deletion "
                    + $"{Mean(kind, scores => scores.Deletion!.Area):0.000}, ROAD {Mean(kind, scores => scores.Road!.Score):0.000}, "
                    + $"evidence {Mean(kind, scores => scores.Evidence):0.000}"));
        }

        foreach (var level in report.Randomisation)
        {
            output?.WriteLine(FormattableString.Invariant(
                $"{level.Layer}: rank correlation {level.RankCorrelation:0.000}, SSIM {level.Ssims.Average():0.000}"));
        }

        Assert.True(insertion > deletion + 0.05);
        Assert.True(road > 0.02);
        Assert.True(road > Mean(BaselineMap.Random, scores => scores.Road!.Score) + 0.02);
        Assert.True(report.Randomisation[^1].RankCorrelation is null or < 0.5);

        double? Mean(BaselineMap kind, Func<MapScores, double?> score) => report.Mean(image => score(image.Baselines[kind]));
    }

    private static CamAuditReport Audited(
        IBackbone backbone, Tensor images, IReadOnlyList<CanvasGeometry> geometries, CamAuditParts others = CamAuditParts.None)
    {
        var report = new CamAudit(Factory, new CamAuditOptions { Parts = CamAuditParts.Occlusion | others })
            .Run(backbone, images, geometries, cancellationToken: TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"faithfulness {report.Mean(image => image.Own.Faithfulness):0.000}, energy outside {report.Mean(image => image.Own.EnergyOutside):0.000} of {report.Mean(image => image.PaddingShare):0.000} padding, {report.Images.Count(image => image.Own.Faithfulness is null)} undefined"));
        return report;
    }

    /// <summary>The share of pairs in which the first is larger; half of those where they are equal.</summary>
    private static double RocAuc(List<double> larger, List<double> smaller) =>
        larger.Average(one => smaller.Average(other => one > other ? 1 : one == other ? 0.5 : 0));
}
