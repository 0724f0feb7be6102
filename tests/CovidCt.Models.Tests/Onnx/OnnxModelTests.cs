using CovidCt.Models.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace CovidCt.Models.Tests.Onnx;

public sealed class OnnxModelTests
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    public static TheoryData<string> Quick => Networks.Small;

    public static TheoryData<string> Others => Networks.OthersSampled;

    [Theory]
    [MemberData(nameof(Quick))]
    public void Answers_are_those_of_the_network(string name)
    {
        using var backbone = Networks.Filled(name, 3);
        using var session = Session(backbone);

        AssertEqual(backbone, session, count: 2, height: 80, width: 96);
        AssertEqual(backbone, session, count: 1, height: 97, width: 81);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Others))]
    public void Answers_of_the_others_are_theirs_too(string name) => Answers_are_those_of_the_network(name);

    [Fact]
    public void Probabilities_are_calibrated_log_odds_of_the_positive_class()
    {
        using var backbone = Networks.Filled("squeezenet1_1", 2);
        foreach (var positive in (int[])[0, 1])
        {
            using var session = Session([new(backbone, (0.3, 0.6))], positive);
            var answers = Run(session, Networks.Images(3));
            for (var row = 0; row < 3; row++)
            {
                double odds = answers["logits"][(2 * row) + positive] - answers["logits"][(2 * row) + 1 - positive];
                Assert.Equal(1 / (1 + Math.Exp(-(0.3 + (0.6 * odds)))), answers["probabilities"][(2 * row) + positive], 1e-6);
                Assert.Equal(1, answers["probabilities"][2 * row] + answers["probabilities"][(2 * row) + 1], 1e-6);
            }
        }
    }

    [Fact]
    public void Several_networks_answer_side_by_side_and_their_probabilities_are_means()
    {
        using var one = Networks.Filled("shufflenet_v2_x1_0", 2);
        using var other = (Backbone)Networks.Factory.Create("shufflenet_v2_x1_0", 2, seed: 4);
        other.eval();
        using var alone = Session(one);
        using var second = Session(other);
        using var together = Session([new(one), new(other)], positive: 1);

        var images = Networks.Images(2);
        var (a, b, both) = (Run(alone, images), Run(second, images), Run(together, images));

        Assert.Equal([-1, 2, 2], together.OutputMetadata["logits"].Dimensions);
        Assert.Equal([-1, 2, 3, 2, -1, -1], together.OutputMetadata["maps"].Dimensions);
        foreach (var output in (string[])["logits", "features", "maps"])
        {
            var size = a[output].Length / 2;
            Assert.Equal(
                [.. a[output][..size], .. b[output][..size], .. a[output][size..], .. b[output][size..]], both[output]);
        }

        Assert.All(a["probabilities"].Zip(b["probabilities"], both["probabilities"]), row => Assert.Equal((row.First + row.Second) / 2, row.Third, 1e-6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Without_maps_the_answers_are_the_same_and_maps_have_no_numbers(int networks)
    {
        using var backbone = Networks.Filled("squeezenet1_1", 2);
        using var session = Session([.. Enumerable.Repeat(new OnnxModel.Member(backbone), networks)], positive: 1);
        var images = Networks.Images(2);

        var (with, without) = (Run(session, images), Run(session, images, explain: false));

        Assert.NotEmpty(with["maps"]);
        Assert.Empty(without["maps"]);
        Assert.All((string[])["logits", "probabilities", "features"], output => Assert.Equal(with[output], without[output]));
        Assert.Equal(with["maps"], Run(session, images, explain: true)["maps"]);
    }

    [Fact]
    public void Metadata_are_read_back()
    {
        using var backbone = Networks.Filled("squeezenet1_1", 2);
        using var stream = new MemoryStream();
        OnnxModel.Write(stream, [new(backbone)], 1, new Dictionary<string, string> { ["classes"] = "[\"ä\",\"b\"]", ["empty"] = "" });
        using var session = new InferenceSession(stream.ToArray());

        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(64, metadata["sha256"].Length);
        Assert.Equal(new Dictionary<string, string> { ["classes"] = "[\"ä\",\"b\"]", ["empty"] = "", ["sha256"] = metadata["sha256"] }, metadata);
        Assert.Equal(("CovidCt", "squeezenet1_1"), (session.ModelMetadata.ProducerName, session.ModelMetadata.GraphName));
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        using var two = Networks.Filled("squeezenet1_1", 2);
        using var three = Networks.Filled("squeezenet1_1", 3);
        using var other = Networks.Filled("shufflenet_v2_x1_0", 2);

        Assert.Throws<ArgumentException>(() => Written([], 1));
        Assert.Contains("with 3", Assert.Throws<ArgumentException>(() => Written([new(two), new(three)], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("shufflenet", Assert.Throws<ArgumentException>(() => Written([new(two), new(other)], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("two classes", Assert.Throws<ArgumentException>(() => Written([new(three, (0, 1))], 1)).Message, StringComparison.Ordinal);
        using var mixed = two.ForMixedPrecision([], null);
        Assert.Throws<NotSupportedException>(() => Written([new(mixed)], 1));
    }

    private static void AssertEqual(Backbone backbone, InferenceSession session, int count, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var images = Networks.Images(count, height, width);
        var map = backbone.FeatureMap(images);
        var (logits, features) = (backbone.Head(map), backbone.Pool(map));
        var answers = Run(session, images);
        Near(logits, answers["logits"]);
        Near(features, answers["features"]);
        Near(logits.softmax(1), answers["probabilities"]);
        Assert.Equal(count * 3 * backbone.Classes * map.shape[2] * map.shape[3], answers["maps"].Length);
    }

    private static void Near(Tensor expected, float[] actual)
    {
        var values = expected.contiguous().data<float>().ToArray();
        var deviation = expected.std().item<float>();
        Assert.Equal(values.Length, actual.Length);
        Assert.All(values.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -1e-4 * deviation, 1e-4 * deviation));
    }

    private static InferenceSession Session(Backbone backbone) => Session([new(backbone)], positive: 1);

    private static InferenceSession Session(IReadOnlyList<OnnxModel.Member> members, int positive) => new(Written(members, positive));

    private static byte[] Written(IReadOnlyList<OnnxModel.Member> members, int positive)
    {
        using var stream = new MemoryStream();
        OnnxModel.Write(stream, members, positive, NoMetadata);
        return stream.ToArray();
    }

    private static Dictionary<string, float[]> Run(InferenceSession session, Tensor images, bool? explain = null)
    {
        int[] shape = [.. images.shape.Select(size => (int)size)];
        var input = new DenseTensor<float>(images.contiguous().data<float>().ToArray(), shape);
        NamedOnnxValue[] maps = explain is { } isOn ? [NamedOnnxValue.CreateFromTensor("explain", new DenseTensor<bool>((bool[])[isOn], []))] : [];
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("images", input), .. maps]);
        return results.ToDictionary(result => result.Name, result => result.AsTensor<float>().ToArray());
    }
}
