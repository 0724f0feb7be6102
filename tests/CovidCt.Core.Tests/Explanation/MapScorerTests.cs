using System.Text.Json;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CsCheck;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

public sealed class MapScorerTests
{
    private const int Classes = 3, Explained = 1;

    private static readonly ImageSize Canvas = new(24, 20);
    private static readonly CanvasGeometry Geometry = new(new(42, 30), Canvas, new(21, 15), 1, 3);
    private static readonly CamAuditOptions Options = new()
    {
        Steps = 5,
        PatchColumns = 4,
        PatchRows = 3,
        RoadShares = [0.2, 0.6],
        RoadNoise = 0,
        BlurDeviation = 2,
        BatchSize = 4,
    };

    private static JsonElement Golden { get; } = Read();

    [Fact]
    public void Scores_are_those_of_NumPy_and_SciPy()
    {
        using var network = Network();
        var image = Image();

        Assert.Equal(Golden.GetProperty("logOdds").GetDouble(), Answers(network).LogOdds([image.Pixels], Canvas, Explained)[0], 1e-4);
        var map = new ClassActivationMap(Explained, 0, 24, 20, GoldenCams.Uniform("audit map", 480));
        AssertScores(Golden.GetProperty("own"), Scorer(network, image).Score(map, key: 0));
    }

    [Fact]
    public void The_map_of_edges_is_SciPys_and_so_are_its_scores()
    {
        using var network = Network();
        var edges = Baseline(BaselineMap.Edges, Image());

        AssertValues(Golden.GetProperty("edges"), edges.Raw);
        AssertScores(Golden.GetProperty("edges"), Scorer(network, Image()).Score(edges, key: 0));
    }

    [Fact]
    public void The_spot_in_the_middle_is_NumPys_and_so_is_its_evidence()
    {
        using var network = Network();
        var centred = Baseline(BaselineMap.Centred, Image());
        var scores = Scorer(network, Image()).Score(centred, key: 0);

        AssertValues(Golden.GetProperty("centred"), centred.Raw);
        Assert.Equal(Golden.GetProperty("centred").GetProperty("evidence").GetDouble(), scores.Evidence!.Value, 1e-5);
        Assert.Equal(Golden.GetProperty("centred").GetProperty("faithfulness").GetDouble(), scores.Faithfulness!.Value, 1e-4);
    }

    /// <summary>What adds to all logits changes no probability, so no score; of the class's logit alone it would be all there is.</summary>
    [Fact]
    public void What_adds_to_all_logits_changes_no_score()
    {
        using var network = Network();
        using var brighter = new LogitNetwork(Classes, images =>
        {
            using var scope = NewDisposeScope();
            return (network.Logits(images) + (3 * images.mean([1, 2, 3], keepdim: false).unsqueeze(1))).MoveToOuterDisposeScope();
        });
        var map = new ClassActivationMap(Explained, 0, 24, 20, GoldenCams.Uniform("audit map", 480));

        var (scores, same) = (Scorer(network, Image()).Score(map, 0), Scorer(brighter, Image()).Score(map, 0));

        Assert.Equal(scores.Evidence!.Value, same.Evidence!.Value, 1e-4);
        Assert.Equal(scores.Faithfulness!.Value, same.Faithfulness!.Value, 1e-4);
    }

    [Fact]
    public void Of_two_classes_a_map_is_evidence_for_one_as_much_as_against_the_other() => GridOf(6, 5).Sample(
        raw =>
        {
            using var network = LogitNetwork.Linear(2, [.. GoldenCams.Uniform("two classes", 2 * 1440).Select(value => value - 0.5f)]);
            double Evidence(int explained) => new MapScorer(Occlusion, Answers(network), Image(), explained, null)
                .Score(new(explained, 0, 6, 5, raw), 0).Evidence!.Value;

            Assert.Equal(Evidence(0), -Evidence(1), 1e-3);
        },
        iter: 20, threads: 1);

    /// <summary>Were it otherwise, the score would favour maps for their shape, whatever they mark.</summary>
    [Fact]
    public void Random_maps_are_no_evidence_on_average() => Gen.Select(Gen.Long, GridOf(4, 3)).Sample(
        (seed, weights) =>
        {
            // A linear network of two classes, with a weight a patch.
            var perPixel = new ClassActivationMap(0, 0, 4, 3, weights).OnCanvas(Canvas);
            float[] all = [.. perPixel, .. perPixel, .. perPixel, .. new float[1440]];
            using var network = LogitNetwork.Linear(2, all);
            var (image, shape) = (Image(), new ClassActivationMap(0, 0, 6, 5, new float[30]));
            var scorer = new MapScorer(Occlusion, Answers(network), image, 0, null);

            double[] evidence =
            [
                .. Enumerable.Range(0, 400).Select(draw =>
                {
                    var key = CounterRandom.Key(seed, draw);
                    return scorer.Score(BaselineMaps.Of(BaselineMap.Random, image, shape, key), key).Evidence!.Value;
                }),
            ];

            var (mean, deviation) = (evidence.Average(), Math.Sqrt(evidence.Average(value => value * value)));
            Assert.InRange(mean, -4.5 * deviation / 20, 4.5 * deviation / 20);
        },
        iter: 5, threads: 1);

    [Fact]
    public void Random_maps_are_the_keys_alone_and_uniform()
    {
        var shape = new ClassActivationMap(0, 0, 40, 30, new float[1200]);
        var (one, same, other) = (Random(1), Random(1), Random(2));

        Assert.Equal(one.Raw, same.Raw);
        Assert.NotEqual(one.Raw, other.Raw);
        Assert.All(one.Raw, value => Assert.InRange(value, 0, 1));
        Assert.Equal(0.5, one.Raw.Average(), 0.04); // four standard errors
        Assert.Equal((0, 40, 30), (one.Class, one.Width, one.Height));

        ClassActivationMap Random(long key) => BaselineMaps.Of(BaselineMap.Random, Image(), shape, key);
    }

    [Fact]
    public void An_image_of_one_colour_has_no_edges()
    {
        var blank = new PerturbedImage([.. Enumerable.Repeat(0.5f, 1440)], Geometry, 2);

        Assert.All(Baseline(BaselineMap.Edges, blank).Raw, value => Assert.Equal(0, value));
    }

    private static CamAuditOptions Occlusion { get; } =
        new() { Parts = CamAuditParts.Occlusion, PatchColumns = 4, PatchRows = 3, BlurDeviation = 2 };

    private static Gen<float[]> GridOf(int width, int height) =>
        Gen.Float[0, 1].Array[width * height].Where(values => values.Max() - values.Min() > 0.1f);

    private static LogitNetwork Network() => LogitNetwork.Linear(
        Classes, [.. GoldenCams.Uniform("audit weights", Classes * 1440).Select(value => (value - 0.5f) / 10)]);

    private static PerturbedImage Image() =>
        new([.. GoldenCams.Uniform("audit pixels", 1440).Select(value => (2 * value) - 1)], Geometry, Options.BlurDeviation);

    private static NetworkAnswers Answers(LogitNetwork network) => new(network, Options.BatchSize, TestContext.Current.CancellationToken);

    private static MapScorer Scorer(LogitNetwork network, PerturbedImage image) => new(Options, Answers(network), image, Explained, null);

    private static ClassActivationMap Baseline(BaselineMap kind, PerturbedImage image) =>
        BaselineMaps.Of(kind, image, new(Explained, 0, 4, 3, new float[12]), key: 0);

    private static void AssertValues(JsonElement golden, float[] values) => Assert.All(
        golden.GetProperty("values").EnumerateArray().Zip(values), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-5));

    private static void AssertScores(JsonElement golden, MapScores scores)
    {
        Assert.Equal(golden.GetProperty("evidence").GetDouble(), scores.Evidence!.Value, 1e-5);
        Assert.Equal(golden.GetProperty("faithfulness").GetDouble(), scores.Faithfulness!.Value, 1e-4);
        Assert.Equal(golden.GetProperty("energyOutside").GetDouble(), scores.EnergyOutside!.Value, 1e-5);
        AssertCurve(golden.GetProperty("deletion"), scores.Deletion!);
        AssertCurve(golden.GetProperty("insertion"), scores.Insertion!);
        var road = golden.GetProperty("road");
        AssertProbabilities(road.GetProperty("most"), scores.Road!.MostRelevantFirst.Probabilities, 1e-4);
        AssertProbabilities(road.GetProperty("least"), scores.Road.LeastRelevantFirst.Probabilities, 1e-4);
        Assert.Equal(road.GetProperty("score").GetDouble(), scores.Road.Score, 1e-4);
    }

    private static void AssertCurve(JsonElement golden, PerturbationCurve curve)
    {
        AssertProbabilities(golden.GetProperty("probabilities"), curve.Probabilities, 1e-5);
        Assert.Equal(golden.GetProperty("area").GetDouble(), curve.Area, 1e-5);
    }

    private static void AssertProbabilities(JsonElement golden, IReadOnlyList<double> probabilities, double tolerance)
    {
        Assert.Equal(golden.GetArrayLength(), probabilities.Count);
        Assert.All(
            golden.EnumerateArray().Zip(probabilities), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, tolerance));
    }

    private static JsonElement Read()
    {
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Explanation", "Fixtures", "map-audit-golden.json")));
        return document.RootElement.Clone();
    }
}
