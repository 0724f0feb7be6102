using CovidCt.Answers;
using CovidCt.Calibration;
using CovidCt.Export;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Statistics;
using CovidCt.Tests;

namespace CovidCt.Onnx.Tests;

public sealed class OnnxClassifierTests(OnnxClassifierTests.Slices slices) : IClassFixture<OnnxClassifierTests.Slices>, IDisposable
{
    private static readonly string[] Classes = ["non-COVID", "COVID"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string OnnxPath => _folder["network.onnx"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("squeezenet1_1")]
    [InlineData("shufflenet_v2_x1_0")]
    public void Answers_and_maps_are_those_of_the_network(string name) => AssertAlike(name, images: 4);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Others))]
    public void Answers_and_maps_of_the_others_are_theirs_too(string name) => AssertAlike(name, images: 1);

    public static TheoryData<string> Others =>
        [.. SampledNetworks.Names.Except(["squeezenet1_1", "shufflenet_v2_x1_0"])];

    [Fact]
    [Trait("Category", "Long")]
    public void An_ensemble_answers_as_one()
    {
        using var ensemble = new CtEnsemble([Network("shufflenet_v2_x1_0", 1), Network("shufflenet_v2_x1_0", 2), Network("shufflenet_v2_x1_0", 3)]);
        OnnxExport.Write(ensemble, OnnxPath);
        using var onnx = OnnxClassifier.Load(OnnxPath);

        Assert.Equal(3, onnx.Count);
        Assert.Equal(3, onnx.Classify(slices.Images[0]).Members.Count);
        Assert.All(slices.Images.Take(3), image => AssertAlike(ensemble, onnx, image));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_ensemble_with_a_calibration_of_its_own_has_it_in_the_file_and_in_the_graph(int positive)
    {
        CtEnsemble.Facts own = new(1, 2, new(0.7, 1.4, 40, 18), new(0.8, ClusterUnit.Patient, new(0.45, 20, 30), new(0.55, 21, 31)));
        using var ensemble = CtEnsemble.Of([.. Enumerable.Range(1, 2).Select(seed => Network("shufflenet_v2_x1_0", seed, positive))], own);
        OnnxExport.Write(ensemble, OnnxPath);
        using var onnx = OnnxClassifier.Load(OnnxPath);

        Assert.All(slices.Images.Take(3), image => AssertAlike(ensemble, onnx, image));
        Assert.Equal((0.8, true, 1, 2), (onnx.SetLevel, onnx.IsCalibrated, onnx.Model.Folds, onnx.Model.Seeds));
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(OnnxPath);
        float[] input = [.. Enumerable.Range(0, 3 * 96 * 96).Select(i => (float)Math.Sin(i * 0.37))];
        using var value = Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory(input, [1, 3, 96, 96]);
        using var options = new Microsoft.ML.OnnxRuntime.RunOptions();
        using var outputs = session.Run(options, ["images"], [value], ["logits", "probabilities"]);
        var logits = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        var mean = Enumerable.Range(0, 2).Average(member => 1 / (1 + Math.Exp(logits[(2 * member) + 1 - positive] - logits[(2 * member) + positive])));
        Assert.Equal(own.Calibration!.Apply(mean), outputs[1].GetTensorDataAsSpan<float>()[positive], 1e-5);
    }

    [Fact]
    public void In_whole_numbers_answers_are_near_and_the_file_says_how_its_ranges_were_found()
    {
        using var ensemble = new CtEnsemble([Network("shufflenet_v2_x1_0", 1), Network("shufflenet_v2_x1_0", 2)]);
        GrayImage[] training = [.. slices.Images.Skip(2).Take(3).Select(new SkiaImageDecoder().DecodeFile)];
        OnnxExport.WriteInt8(ensemble, [training, training[1..]], OnnxPath, null, Cancellation);
        using var onnx = OnnxClassifier.Load(OnnxPath);

        Assert.All(slices.Images.Take(2), image => Assert.All(
            ensemble.Classify(image).Members.Zip(onnx.Classify(image).Members),
            pair => Assert.Equal(pair.First.Probability, pair.Second.Probability, 0.02)));
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(OnnxPath);
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal("int8", metadata["precision"]);
        Assert.Contains("\"trainingImages\": 3", metadata["member-0/ranges"], StringComparison.Ordinal);
        Assert.Contains("\"trainingImages\": 2", metadata["member-1/ranges"], StringComparison.Ordinal);
        Assert.Contains("percentile", metadata["member-1/ranges"], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_training_images_or_cancelled_no_file_in_whole_numbers_is_left()
    {
        using var network = Network("shufflenet_v2_x1_0", 1);
        using var ensemble = new CtEnsemble([Network("shufflenet_v2_x1_0", 2), Network("shufflenet_v2_x1_0", 3)]);
        GrayImage[] training = [new SkiaImageDecoder().DecodeFile(slices.Images[0])];
        using var cancelled = new CancellationTokenSource();
        var stopping = new Relay(_ => cancelled.Cancel());

        Assert.Contains("each of 1", Assert.Throws<ArgumentException>(() => OnnxExport.WriteInt8(network, [], OnnxPath, null, Cancellation)).Message, StringComparison.Ordinal);
        Assert.Contains("each of 2", Assert.Throws<ArgumentException>(() => OnnxExport.WriteInt8(ensemble, [training], OnnxPath, null, Cancellation)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => OnnxExport.WriteInt8(network, training, OnnxPath, stopping, cancelled.Token));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private sealed class Relay(Action<Progress.StepProgress> told) : IProgress<Progress.StepProgress>
    {
        public void Report(Progress.StepProgress value) => told(value);
    }

    [Fact]
    public void Many_images_are_answered_as_one_by_one_and_can_be_cancelled()
    {
        using var network = Network("shufflenet_v2_x1_0", 1);
        OnnxExport.Write(network, OnnxPath);
        using var onnx = OnnxClassifier.Load(OnnxPath, threads: 1);
        GrayImage[] images = [.. Enumerable.Range(0, 18).Select(i => new SkiaImageDecoder().DecodeFile(slices.Images[i % slices.Images.Length]))];

        var together = onnx.Classify(images, Cancellation);

        Assert.All(images.Zip(together), pair => Assert.Equal(onnx.Classify(pair.First).Probability, pair.Second.Probability, 1e-6));
        Assert.Throws<OperationCanceledException>(() => onnx.Classify(images, new CancellationToken(canceled: true)));
        Assert.Empty(onnx.Classify([], Cancellation));
    }

    [Fact]
    public void Misuse_is_refused()
    {
        using var network = Network("shufflenet_v2_x1_0", 1);
        OnnxExport.Write(network, OnnxPath);
        var onnx = OnnxClassifier.Load(OnnxPath);

        Assert.Contains("no class 'x'", Assert.Throws<ArgumentException>(() => onnx.Explain(slices.Images[0], new(), "x")).Message, StringComparison.Ordinal);
        Assert.Contains("layer 'conv1'", Assert.Throws<ArgumentException>(() => onnx.Explain(slices.Images[0], new() { Layer = "conv1" }, null)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxClassifier.Load(OnnxPath, threads: 0));
        onnx.Dispose();
        onnx.Dispose();
        Assert.Throws<ObjectDisposedException>(() => onnx.Classify(slices.Images[0]));
    }

    private void AssertAlike(string name, int images)
    {
        using var network = Network(name, 1);
        OnnxExport.Write(network, OnnxPath);
        using var onnx = OnnxClassifier.Load(OnnxPath);

        Assert.True(onnx.Model.IsLike(network.Model));
        Assert.All(slices.Images.Take(images), image => AssertAlike(network, onnx, image));
    }

    private static void AssertAlike(ICtClassifier expected, OnnxClassifier actual, string image)
    {
        var (one, other) = (expected.Classify(image), actual.Classify(image));
        AssertAlike(one, other);
        Assert.Equal(one.Members.Count, other.Members.Count);
        Assert.All(one.Members.Zip(other.Members), pair => AssertAlike(pair.First, pair.Second));
        foreach (var method in Enum.GetValues<CamMethod>())
        {
            foreach (var label in Classes)
            {
                var options = new GradCamOptions { Method = method };
                var (map, ofFile) = (expected.Explain(image, options, label), actual.Explain(image, options, label));
                var range = Math.Max(map.Map.Raw.Max(), 0) - Math.Min(map.Map.Raw.Min(), 0); // Heat begins at 0.
                Assert.Equal((map.Label, map.Map.Width, map.Map.Height), (ofFile.Label, ofFile.Map.Width, ofFile.Map.Height));
                Assert.All(map.Map.Raw.Zip(ofFile.Map.Raw), pair => Assert.InRange(pair.Second - pair.First, -1e-4 * range, 1e-4 * range));
                Assert.Equal(map.Map.Score, ofFile.Map.Score, 1e-4 * Math.Max(1, Math.Abs(map.Map.Score)));
            }
        }
    }

    private static void AssertAlike(Classification one, Classification other)
    {
        Assert.Equal((one.Label, one.Positive), (other.Label, other.Positive));
        Assert.Equal(one.PredictionSet, other.PredictionSet);
        Assert.Equal(one.Probability, other.Probability, 1e-5);
        Assert.Equal(one.CalibratedProbability ?? -1, other.CalibratedProbability ?? -1, 1e-5);
        Assert.Equal(one.TrainingDistance?.Threshold, other.TrainingDistance?.Threshold);
        Assert.Equal(one.TrainingDistance?.Distance ?? -1, other.TrainingDistance?.Distance ?? -1, 1e-4);
    }

    internal static CtClassifier Network(string name, long seed, int positive = 1)
    {
        var backbone = new BackboneFactory().Create(name, 2, seed);
        var features = TorchSharp.torch.randn(12, backbone.Spec.FeatureWidth).abs();
        return new(
            backbone, new(name, Classes, positive, new(96, 80), CanvasFit.KeepAspect, (124, 116, 104)), null,
            TrainingReference.Of(features, features.add(0.1)), new NetworkCalibration(0.4, 1.7, 20, 9),
            new ConformalSets(0.9, ClusterUnit.Patient, new(0.4, 12, 20), new(0.55, 13, 22)));
    }

    public sealed class Slices : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Slices()
        {
            Phantom.Write(_folder.Path, patients: 4);
            Images = [.. Directory.GetFiles(Path.Combine(_folder.Path, "images")).Order(StringComparer.Ordinal)];
        }

        public string[] Images { get; }

        public void Dispose() => _folder.Dispose();
    }
}
