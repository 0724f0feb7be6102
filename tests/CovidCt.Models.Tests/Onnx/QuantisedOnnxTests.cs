using CovidCt.Models.Blocks;
using CovidCt.Models.Folding;
using CovidCt.Models.Onnx;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace CovidCt.Models.Tests.Onnx;

public sealed class QuantisedOnnxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Quick => Networks.Small;

    public static TheoryData<string> Others => Networks.OthersSampled;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Quick))]
    public void Answers_are_near_those_of_the_network_and_every_convolution_is_of_whole_numbers(string name)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var backbone = Networks.Filled(name, 3);
        var images = Networks.Images(2, 80, 96);
        var file = Written(new(backbone) { CalibrationImages = [images] });
        var optimised = _folder.File("optimised.onnx");
        using var options = new SessionOptions { OptimizedModelFilePath = optimised, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(file, options);

        AssertNear(backbone.FeatureMap(images).mean([2, 3]), Run(session, "features", images), 0.1);
        Assert.Equal(Convolutions(backbone), Operators(optimised, "QLinearConv"));

        // SqueezeNet's maps ask the last convolution, of its head, once more.
        Assert.Equal(name.StartsWith("squeezenet", StringComparison.Ordinal) ? 1 : 0, Operators(optimised, "FusedConv"));
        Assert.Equal(0, Operators(optimised, "BatchNormalization"));
        Assert.True(Operators(optimised, "QuantizeLinear") <= 2, "Numbers go to and fro between whole ones and others.");
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Others))]
    public void So_it_is_of_the_others(string name) =>
        Answers_are_near_those_of_the_network_and_every_convolution_is_of_whole_numbers(name);

    [Fact]
    public void All_outputs_are_there_and_near_maps_too()
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled("shufflenet_v2_x1_0", 2);
        var images = Networks.Images(2, 64, 64);
        using var exact = new InferenceSession(Written(new(backbone)));
        using var whole = new InferenceSession(Written(new(backbone) { CalibrationImages = [images] }));

        Assert.All(exact.OutputMetadata, output => Assert.Equal(output.Value.Dimensions, whole.OutputMetadata[output.Key].Dimensions));
        AssertNear(tensor(Run(exact, "maps", images)), Run(whole, "maps", images), 0.1);
        Assert.All(
            Run(exact, "probabilities", images).Zip(Run(whole, "probabilities", images)),
            pair => Assert.Equal(pair.First, pair.Second, 0.02f));
    }

    [Fact]
    public void A_file_takes_about_a_quarter()
    {
        using var backbone = Networks.Filled("squeezenet1_1", 2);
        using var images = Networks.Images(1, 64, 64);

        Assert.InRange(Written(new(backbone) { CalibrationImages = [images] }).Length / (double)Written(new(backbone)).Length, 0.2, 0.35);
    }

    [Fact]
    public void The_same_images_make_the_same_file_and_nothing_native_stays()
    {
        using var backbone = Networks.Filled("shufflenet_v2_x1_0", 2);
        using var images = Networks.Images(2, 64, 64);
        var first = Written(new(backbone) { CalibrationImages = [images] });
        var before = Tensors();

        Assert.Equal(first, Written(new(backbone) { CalibrationImages = [images] }));
        Assert.Equal(before, Tensors());
        Assert.NotEqual(first, Written(new(backbone) { CalibrationImages = [images * 3] }));
    }

    [Fact]
    public void Zero_is_exact_and_all_else_within_half_a_step()
    {
        foreach (var (low, high) in ((double, double)[])[(-1.5, 6), (0, 3), (2, 5), (-4, -1), (0, 0)])
        {
            var range = QuantisedRange.Of(low, high);
            for (var x = low; x <= high; x += Math.Max(1e-9, (high - low) / 100))
            {
                var whole = Math.Clamp(Math.Round(x / range.Scale) + range.Zero, 0, 255);
                Assert.InRange(((whole - range.Zero) * range.Scale) - x, -0.51 * range.Scale, 0.51 * range.Scale);
            }
        }
    }

    [Fact]
    public void The_outermost_numbers_are_left_out_of_a_range()
    {
        using var scope = NewDisposeScope();
        var images = rand(1, 3, 400, 400);
        images[0, 0, 0, 0] = 50;

        Assert.InRange(RangeObserver.Of(Steps.Identity, [images])[0].Scale, 0.99 / 255, 1.05 / 255);
        Assert.InRange(RangeObserver.Of(Steps.Identity, [images[TensorIndex.Colon, TensorIndex.Colon, ..4, ..4]])[0].Scale, 49 / 255.0, 51 / 255.0);
    }

    [Fact]
    public void What_is_put_together_has_one_range_but_not_with_what_is_never_negative()
    {
        using var scope = NewDisposeScope();
        var step = Steps.Concat(Steps.Identity, Steps.ReluCopy);
        var ranges = RangeObserver.Of(step, [randn(1, 2, 8, 8)]);

        Assert.Equal(3, ranges.Count); // The images, their ReLU, and both together.
        Assert.Equal(ranges[0], ranges[2]);
        Assert.Equal(0, ranges[1].Zero);
        Assert.NotEqual(0, ranges[0].Zero);
    }

    [Fact]
    public void Without_images_or_finite_numbers_nothing_is_written()
    {
        using var backbone = Networks.Filled("shufflenet_v2_x1_0", 2);
        using var broken = Networks.Images(1, 64, 64).fill_(float.NaN);

        Assert.Contains("finite numbers", Assert.Throws<ArgumentException>(
            () => Written(new(backbone) { CalibrationImages = [] })).Message, StringComparison.Ordinal);
        Assert.Contains("finite numbers", Assert.Throws<ArgumentException>(
            () => Written(new(backbone) { CalibrationImages = [broken] })).Message, StringComparison.Ordinal);
    }

    /// <summary>How many tensors there are but for those that nobody holds any more, such as other tests leave.</summary>
    private static long Tensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    private static int Convolutions(Backbone backbone)
    {
        using var folded = new FoldedSteps(fused: false);
        folded.Fold(backbone.Parts.Body);
        return folded.Layers.Count;
    }

    /// <summary>How many nodes of a file are of an operator: the field 4 of each, which is a text.</summary>
    private static int Operators(string file, string name)
    {
        byte[] field = [0x22, (byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name)];
        ReadOnlySpan<byte> rest = File.ReadAllBytes(file);
        var count = 0;
        for (int at; (at = rest.IndexOf(field)) >= 0; count++)
        {
            rest = rest[(at + field.Length)..];
        }

        return count;
    }

    private static void AssertNear(Tensor expected, float[] actual, double share)
    {
        var error = (tensor(actual).reshape(expected.shape) - expected).square().mean().sqrt().item<float>();
        Assert.InRange(error, 1e-9, share * expected.std().item<float>());
    }

    private static byte[] Written(OnnxModel.Member member)
    {
        using var stream = new MemoryStream();
        OnnxModel.Write(stream, [member], 1, new Dictionary<string, string>());
        return stream.ToArray();
    }

    private static float[] Run(InferenceSession session, string output, Tensor images)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(images.contiguous().data<float>().ToArray(), images.shape);
        using var options = new RunOptions();
        using var results = session.Run(options, ["images"], [input], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
