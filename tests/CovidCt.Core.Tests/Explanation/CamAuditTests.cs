using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

[Collection(NativeMemory.Name)]
public sealed class CamAuditTests
{
    private static readonly BackboneFactory Factory = new();
    private static readonly ImageSize Canvas = new(80, 64);
    private static readonly CanvasGeometry Geometry = new(new(40, 24), Canvas, new(80, 48), 0, 8);
    private static readonly CamAuditOptions Quick = new() { Steps = 4, PatchColumns = 4, PatchRows = 3, RoadShares = [0.2, 0.6], BatchSize = 3 };

    [Fact]
    [Trait("Category", "Long")]
    public void An_audit_of_everything_is_within_its_ranges()
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create("resnet18", 2, seed: 6);
        var images = rand(4, 3, 64, 80, generator: new Generator(2));
        var audit = new CamAudit(Factory, Quick);

        var report = Run(audit, backbone, images, Four(Geometry), findings: [LeftHalf(), null, new bool[960], LeftHalf()]);

        Assert.Equal(4, report.Images.Count);
        foreach (var (image, i) in report.Images.Select((image, i) => (image, i)))
        {
            Assert.Equal(new GradCam(backbone).Explain(images.narrow(0, i, 1))[0].Class, image.Map.Class);
            Assert.InRange(image.Own.EnergyOutside!.Value, 0, 1);
            Assert.Equal(0.25, image.PaddingShare, 1e-9);
            Assert.InRange(image.Own.Faithfulness!.Value, -1, 1);
            Assert.Equal(5, image.Own.Deletion!.Shares.Count);
            Assert.All(image.Own.Deletion.Probabilities.Concat(image.Own.Insertion!.Probabilities), value => Assert.InRange(value, 0, 1));
            Assert.Equal(image.Own.Deletion.Probabilities[0], image.Own.Insertion.Probabilities[^1], 1e-5);
            Assert.InRange(image.Own.Insertion.Area, 0, 1);
            Assert.InRange(image.Own.Road!.Score, -1, 1);
            Assert.Equal(i is 0 or 3, image.Own.EnergyInMask is not null);
            Assert.Equal(i is 0 or 3 ? 0.5 : null, image.MaskShare);
            Assert.Equal([BaselineMap.Random, BaselineMap.Centred, BaselineMap.Edges], image.Baselines.Keys.Order());
            Assert.All(image.Baselines.Values, baseline =>
            {
                Assert.InRange(baseline.Faithfulness!.Value, -1, 1);
                Assert.Equal(image.Own.Deletion.Probabilities[0], baseline.Deletion!.Probabilities[0]);
                Assert.Equal(image.Own.Insertion.Probabilities[0], baseline.Insertion!.Probabilities[0]);
                Assert.InRange(baseline.Road!.Score, -1, 1);
                Assert.Equal(i is 0 or 3, baseline.EnergyInMask is not null);
            });
            Assert.Equal(0, image.Baselines[BaselineMap.Edges].EnergyOutside);
        }

        Assert.Equal(["fc", "layer4", "layer3", "layer2", "layer1", "bn1", "conv1"], report.Randomisation.Select(level => level.Layer));
        Assert.All(report.Randomisation, level => Assert.All(level.Ssims, ssim => Assert.InRange(ssim, -1, 1)));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void An_audit_of_everything_is_the_same_every_time()
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create("squeezenet1_1", 2, seed: 6);
        var images = rand(4, 3, 64, 80, generator: new Generator(2));
        var audit = new CamAudit(Factory, Quick);

        var report = Run(audit, backbone, images, Four(Geometry), findings: [LeftHalf(), null, new bool[960], LeftHalf()]);
        var again = Run(audit, backbone, images, Four(Geometry), findings: [LeftHalf(), null, new bool[960], LeftHalf()]);
        Assert.Equal(report.Images.Select(image => image.Own.Road!.Score), again.Images.Select(image => image.Own.Road!.Score));
        Assert.Equal(report.Images.Select(image => image.Own.Evidence), again.Images.Select(image => image.Own.Evidence));
        Assert.Equal(
            report.Images.Select(image => image.Baselines[BaselineMap.Random].Evidence),
            again.Images.Select(image => image.Baselines[BaselineMap.Random].Evidence));
        Assert.Equal(
            report.Randomisation.SelectMany(level => level.RankCorrelations), again.Randomisation.SelectMany(level => level.RankCorrelations));
        Assert.Equal(report.Randomisation.SelectMany(level => level.Ssims), again.Randomisation.SelectMany(level => level.Ssims));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_network_stays_as_it_is_and_nothing_leaks()
    {
        using var images = rand(4, 3, 64, 80, generator: new Generator(2));
        using var backbone = Factory.Create("squeezenet1_1", 3, seed: 6);
        backbone.Network.train();
        var before = Sums(backbone);

        // The randomised copy and the fresh network are made and disposed; what that leaves behind is not the audit's.
        var networks = Growth(() =>
        {
            Factory.CreateForLoading("squeezenet1_1", 3).Dispose();
            Factory.Create("squeezenet1_1", 3).Dispose();
        });
        Assert.Equal(networks, Growth(() => Run(new CamAudit(Factory, Quick), backbone, images, Four(Geometry))));
        Assert.Equal(before, Sums(backbone));
        Assert.True(backbone.Network.training);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void A_map_that_marks_what_counts_is_found_faithful_and_its_opposite_is_not()
    {
        using var scope = NewDisposeScope();
        using var backbone = new Brightness();
        var images = rand(1, 3, 64, 80, generator: new Generator(2)) * 0.1;
        images[0, TensorIndex.Colon, TensorIndex.Slice(8, 56), TensorIndex.Slice(0, 20)] += 2;

        var left = Audit((x, _) => x < 0.25 ? 1 : 0);
        var right = Audit((x, _) => x > 0.25 ? 1 : 0);
        var constant = Audit((_, _) => 1);

        Assert.InRange(left.Own.Faithfulness!.Value, 0.8, 1);
        Assert.InRange(right.Own.Faithfulness!.Value, -1, -0.8);
        Assert.Null(constant.Own.Faithfulness);
        Assert.Equal(0, constant.Own.Evidence);
        Assert.True(left.Own.Evidence > 0 && right.Own.Evidence < 0);
        Assert.True(left.Own.Deletion!.Area < constant.Own.Deletion!.Area && constant.Own.Deletion.Area < right.Own.Deletion!.Area);
        Assert.True(left.Own.Insertion!.Area > constant.Own.Insertion!.Area && constant.Own.Insertion.Area > right.Own.Insertion!.Area);
        Assert.True(left.Own.Road!.Score > 0.05 && right.Own.Road!.Score < -0.05);

        ImageAudit Audit(Func<double, double, float> map)
        {
            var options = new CamAuditOptions { Parts = CamAuditParts.All & ~CamAuditParts.Randomisation, Steps = 10, PatchColumns = 8, PatchRows = 4 };
            return Run(new CamAudit(Factory, options, Drawn(map)), backbone, images, [Geometry], [1]).Images[0];
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_map_that_does_not_depend_on_the_network_shows_in_the_randomisation()
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create("resnet18", 2, seed: 6);
        var images = rand(2, 3, 64, 80, generator: new Generator(2));
        var options = new CamAuditOptions { Parts = CamAuditParts.Randomisation };

        var centred = new CamAudit(Factory, options, Drawn((x, y) => (float)Math.Exp(-8 * ((x - 0.5) * (x - 0.5) + ((y - 0.5) * (y - 0.5))))));
        Assert.All(Run(centred, backbone, images, [Geometry, Geometry]).Randomisation, level =>
        {
            Assert.Equal(2, level.RankCorrelations.Count);
            Assert.All(level.RankCorrelations, correlation => Assert.Equal(1, correlation!.Value, 1e-9));
            Assert.All(level.Ssims, ssim => Assert.Equal(1, ssim, 1e-9));
        });
        Assert.All(Run(new CamAudit(Factory, options, Drawn((_, _) => 0)), backbone, images, [Geometry, Geometry]).Randomisation, level =>
        {
            Assert.Null(level.RankCorrelation);
            Assert.Equal([1.0, 1.0], level.Ssims);
        });
        Assert.True(Run(new CamAudit(Factory, options), backbone, images, [Geometry, Geometry]).Randomisation[^1].Ssims.Average() < 0.9);
    }

    [Fact]
    public void Findings_are_compared_with_the_map_over_the_original()
    {
        using var scope = NewDisposeScope();
        using var backbone = new Brightness();
        var images = rand(1, 3, 64, 80);
        var audit = new CamAudit(Factory, new CamAuditOptions { Parts = CamAuditParts.None, PointingTolerance = 0 }, Drawn((x, _) => x < 0.25 ? 1 : 0));

        var hit = Run(audit, backbone, images, [Geometry], [0], [LeftHalf()]).Images[0];
        var missed = Run(audit, backbone, images, [Geometry], [0], [Array.ConvertAll(LeftHalf(), marked => !marked)]).Images[0];

        Assert.Equal((1.0, 0.0), (hit.Own.PointingGame!.Value, missed.Own.PointingGame!.Value));
        Assert.Equal((1, 0, 0.5), (hit.Own.EnergyInMask!.Value, missed.Own.EnergyInMask!.Value, hit.MaskShare!.Value));
        Assert.Equal(0.25, hit.Own.EnergyOutside!.Value, 0.01);
        Assert.Null(hit.Own.Deletion);
    }

    [Fact]
    public void Agreement_is_that_of_the_networks_maps_image_by_image()
    {
        using var scope = NewDisposeScope();
        var networks = Enumerable.Range(0, 3).Select(seed => Factory.Create("resnet18", 2, seed)).ToList();
        var images = rand(2, 3, 64, 80, generator: new Generator(2));
        var audit = new CamAudit(Factory);

        var same = audit.Agreement([networks[0], networks[0]], images, [0, 1], TestContext.Current.CancellationToken);
        var apart = audit.Agreement(networks, images, [0, 1], TestContext.Current.CancellationToken);

        Assert.All(same, agreement => Assert.Equal(1, agreement!.Value, 1e-9));
        var maps = networks.Select(network => new GradCam(network).Explain(images, [0, 1])[1]).ToList();
        Assert.Equal(MapStatistics.Agreement(maps), apart[1]);
        Assert.Throws<ArgumentException>(() => audit.Agreement([networks[0]], images, [0, 1], TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => audit.Agreement(networks, images, [0], TestContext.Current.CancellationToken));
        networks.ForEach(network => network.Dispose());
    }

    [Fact]
    public void Maps_of_other_classes_than_were_asked_for_are_told()
    {
        using var scope = NewDisposeScope();
        using var backbone = new Brightness();
        var audit = new CamAudit(Factory, Quick, (_, _, _) => [new(1, 0, 1, 1, [1])]);
        Assert.Throws<ArgumentException>(() => Run(audit, backbone, rand(1, 3, 64, 80), [Geometry], [0]));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Progress_is_told_and_cancelling_heard()
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create("resnet18", 2, seed: 6);
        var images = rand(3, 3, 64, 80);
        using var source = new CancellationTokenSource();
        List<CamAuditProgress> told = [];
        var options = new CamAuditOptions { Parts = CamAuditParts.Occlusion | CamAuditParts.Randomisation, PatchColumns = 2, PatchRows = 2 };

        var error = Assert.ThrowsAny<OperationCanceledException>(() => new CamAudit(Factory, options).Run(
            backbone, images, [Geometry, Geometry, Geometry], progress: new Told(progress =>
            {
                told.Add(progress);
                if (progress is { Part: CamAuditParts.Randomisation, Done: 2 })
                    source.Cancel();
            }), cancellationToken: source.Token));

        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal([(1, 3), (2, 3), (3, 3), (1, 7), (2, 7)], told.Select(progress => (progress.Done, progress.Total)));
    }

    [Fact]
    public void What_does_not_fit_together_is_told()
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create("squeezenet1_1", 2);
        var images = rand(1, 3, 64, 80);
        var audit = new CamAudit(Factory, Quick);
        Assert.Throws<ArgumentException>(() => Run(audit, backbone, images, []));
        Assert.Throws<ArgumentException>(() => Run(audit, backbone, images, [Geometry with { Canvas = new(64, 80) }]));
        Assert.Throws<ArgumentException>(() => Run(audit, backbone, images, [Geometry], [2]));
        Assert.Throws<ArgumentException>(() => Run(audit, backbone, images, [Geometry], [0, 0]));
        Assert.Throws<ArgumentException>(() => Run(audit, backbone, images, [Geometry], findings: []));
        Assert.Throws<ArgumentException>(() => Run(audit, backbone, images, [Geometry], findings: [new bool[7]]));
        Assert.Throws<ArgumentException>(() => Run(audit, backbone, rand(1, 1, 64, 80), [Geometry]));
        Assert.Throws<WeightsException>(() => Run(audit, backbone, images * float.NaN, [Geometry]));
        Assert.Throws<ArgumentException>(() => new CamAudit(Factory, new CamAuditOptions { Steps = 0 }));
        Assert.Contains("RoadShares", Assert.Throws<ArgumentException>(() => new CamAudit(Factory, new CamAuditOptions { RoadShares = [0.5, 0.5] })).Message, StringComparison.Ordinal);
    }

    private static CamAuditReport Run(
        CamAudit audit, IBackbone backbone, Tensor images, CanvasGeometry[] geometries, int[]? classes = null, bool[]?[]? findings = null) =>
        audit.Run(backbone, images, geometries, classes, findings, cancellationToken: TestContext.Current.CancellationToken);

    private static CanvasGeometry[] Four(CanvasGeometry geometry) => [geometry, geometry, geometry, geometry];

    private static bool[] LeftHalf() => [.. Enumerable.Range(0, 40 * 24).Select(i => i % 40 < 20)];

    /// <summary>The same map of 16 × 8 cells for every image, by the place of a cell in [0, 1]².</summary>
    private static MapMaker Drawn(Func<double, double, float> map) => (_, _, classes) =>
    [
        .. classes.Select(number => new ClassActivationMap(
            number, 0, 16, 8, [.. Enumerable.Range(0, 128).Select(i => map(((i % 16) + 0.5) / 16, ((i / 16) + 0.5) / 8))])),
    ];

    private static string Sums(IBackbone backbone)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return string.Join(' ', backbone.Network.state_dict().Select(entry => $"{entry.Key} {entry.Value.to_type(ScalarType.Float64).sum().item<double>():R}"));
    }

    private static long Growth(Action act)
    {
        NativeTensors.Settle();
        var before = Tensor.TotalCount;
        act();
        NativeTensors.Settle();
        return Tensor.TotalCount - before;
    }

    private sealed class Told(Action<CamAuditProgress> tell) : IProgress<CamAuditProgress>
    {
        public void Report(CamAuditProgress value) => tell(value);
    }

    /// <summary>A network of two classes that sees the second wherever it is bright, twice the more the brighter.</summary>
    private sealed class Brightness : IBackbone, IInferenceNetwork
    {
        public BackboneSpec Spec { get; } = Factory.Spec("resnet18");

        public int Classes => 2;

        public nn.Module<Tensor, Tensor> Network { get; } = nn.Identity();

        public Tensor FeatureMap(Tensor images) => images.relu();

        public Tensor Pool(Tensor featureMap) => featureMap.square().mean([2, 3]);

        public Tensor Head(Tensor featureMap)
        {
            using var scope = NewDisposeScope();
            var bright = Pool(featureMap).mean([1]);
            return stack([zeros_like(bright), bright * 2 - 1], 1).MoveToOuterDisposeScope();
        }

        public IReadOnlyList<(string Name, Parameter Parameter)> TrainableParameters(NetworkPart part) => [];

        public void ReplaceHead(int classes, long seed) => throw new NotSupportedException();

        public Device Device => CPU;

        public Tensor Logits(Tensor images) => Head(FeatureMap(images));

        public IInferenceNetwork ForInference() => new Brightness();

        public void Dispose() => Network.Dispose();
    }
}
