using System.Diagnostics;
using System.Globalization;
using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Onnx;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Tests;
using CovidCt.Training;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace CovidCt.Onnx.Tests;

/// <summary>
/// All networks at the sizes that they are used at, asked about phantom slices. Those that were trained have seen such slices, for a few
/// steps.
/// </summary>
public sealed class OnnxParityTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private const int Images = 5;

    private static readonly ImageSize TrainedAt = new(96, 80);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, bool> Cases =>
    [
        .. BackboneSpec.All.OrderBy(spec => spec.Parameters).SelectMany(spec => ((string, bool)[])[(spec.Name, true), (spec.Name, false)])
            .Take(LargeCount.Of("COVIDCT_ONNX_CASES", 2)),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Cases))]
    [InlineData("squeezenet1_1+linear", true)]
    public void Logits_and_maps_are_those_of_the_network_at_its_own_sizes(string name, bool trained)
    {
        using var backbone = Network(name, trained);
        using var session = new InferenceSession(Written(backbone));
        foreach (var size in (ImageSize[])[backbone.Spec.Canvas, backbone.Spec.Square])
        {
            var (logits, maps) = Deviations(backbone, session, size);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}, {(trained ? "trained" : "random")}, {size}: logits {logits:0.0e+0} of their deviation, maps {string.Join(" ", maps.Select(map => $"{map:0.0e+0}"))} of their range"));
            Assert.InRange(logits, 0, Tolerance);
            Assert.All(maps, map => Assert.InRange(map, 0, Tolerance));
        }
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Cases))]
    public void The_checker_of_onnx_finds_no_fault(string name, bool trained)
    {
        var python = Environment.GetEnvironmentVariable("COVIDCT_PYTHON");
        Assert.SkipWhen(string.IsNullOrEmpty(python), "COVIDCT_PYTHON is not set");
        Assert.SkipUnless(Run(python!, "import onnx") is null, "COVIDCT_PYTHON has no module onnx");
        using var backbone = Network(name, trained);

        Assert.Null(Run(python!, "import onnx, sys; onnx.checker.check_model(sys.argv[1], full_check=True)", Written(backbone)));
    }

    /// <summary>The largest differences over batches of one and of all images: of logits, and of the maps of each method.</summary>
    private (double Logits, double[] Maps) Deviations(IBackbone backbone, InferenceSession session, ImageSize size)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var slices = Slices(size);
        var rows = Enumerable.Range(0, Images).Select(i => i * slices.Dataset.Samples.Count / Images);
        using var batch = slices.Stores[size].Batch([.. rows], CPU);
        var images = new Augmenter(AugmentationOptions.None, backbone.Spec.Normalisation, new CanvasOptions().Fill).Prepare(batch);
        var map = backbone.FeatureMap(images);
        var expected = backbone.Head(map);
        var deviation = expected.std().item<float>();
        var values = expected.contiguous().data<float>().ToArray();
        var maps = Enum.GetValues<CamMethod>().Select(method => Expected(backbone, map, method)).ToArray();
        var (logits, largest) = (0.0, new double[maps.Length]);
        foreach (var count in (int[])[1, Images])
        {
            var (answered, drawn) = Answer(session, images[..count]);
            Assert.Equal(count * backbone.Classes, answered.Length);
            logits = Math.Max(logits, answered.Zip(values, (one, other) => Math.Abs(one - other)).Max() / deviation);
            for (var method = 0; method < maps.Length; method++)
            {
                largest[method] = Math.Max(largest[method], LargestOf(maps[method], drawn, method, maps.Length, count));
            }
        }

        return (logits, largest);
    }

    /// <summary>Of each class and image the map.</summary>
    private static float[][][] Expected(IBackbone backbone, Tensor map, CamMethod method) =>
    [
        .. Enumerable.Range(0, backbone.Classes).Select(label =>
            new GradCam(backbone, new() { Method = method }).ExplainMap(map, [.. Enumerable.Repeat(label, Images)])
                .Select(one => one.Raw.ToArray()).ToArray()),
    ];

    private static double LargestOf(float[][][] expected, float[] drawn, int method, int methods, int count)
    {
        var (classes, places) = (expected.Length, expected[0][0].Length);
        Assert.Equal(count * methods * classes * places, drawn.Length);
        var largest = 0.0;
        for (var image = 0; image < count; image++)
        {
            for (var label = 0; label < classes; label++)
            {
                var whole = expected[label][image];
                var range = Math.Max(whole.Max(), 0) - Math.Min(whole.Min(), 0); // Heat begins at 0.
                var part = drawn.AsSpan(((((image * methods) + method) * classes) + label) * places, places).ToArray();
                var difference = whole.Zip(part, (one, other) => Math.Abs(one - other)).Max();
                largest = Math.Max(largest, difference == 0 ? 0 : difference / range);
            }
        }

        return largest;
    }

    private static (float[] Logits, float[] Maps) Answer(InferenceSession session, Tensor images)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(images.contiguous().data<float>().ToArray(), images.shape);
        using var options = new RunOptions();
        using var values = session.Run(options, ["images"], [input], ["logits", "maps"]);
        return (values[0].GetTensorDataAsSpan<float>().ToArray(), values[1].GetTensorDataAsSpan<float>().ToArray());
    }

    private IBackbone Network(string name, bool trained)
    {
        var backbone = new BackboneFactory().Create(name, 2, seed: 20);
        if (trained)
        {
            using var decoded = Slices(TrainedAt);
            int[] labels = [.. decoded.Dataset.Samples.Select(sample => sample.Label)];
            new Trainer(new TrainingOptions { Epochs = 8, BatchSize = 4 }, seed: 0).Fit(
                backbone, decoded.Stores[TrainedAt], labels, [.. Enumerable.Range(0, labels.Length)], new CanvasOptions().Fill);
        }

        backbone.Network.eval();
        return backbone;
    }

    private DecodedDataset Slices(ImageSize size)
    {
        Phantom.Write(_folder["phantom"], patients: 4);
        return CanvasDecoding.Decode(
            CtDataset.Open(_folder["phantom"]), [size], new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder());
    }

    private string Written(IBackbone backbone)
    {
        var path = _folder["network.onnx"];
        using var file = File.Create(path);
        OnnxModel.Write(file, [new(backbone)], 1, new Dictionary<string, string>());
        return path;
    }

    /// <summary>What Python complains of; null where it is content.</summary>
    private static string? Run(string python, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", .. arguments]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : errors;
    }
}
