using CovidCt.Models;
using CovidCt.Optimisation;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Tests;
using CovidCt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Training;

/// <summary>Training in bfloat16, and with all parameters in one buffer, as on a CUDA card, on the processor.</summary>
public sealed class MixedPrecisionTrainingTests(PhantomCanvases phantom) : IClassFixture<PhantomCanvases>
{
    private const long Seed = 7;
    private const string ShuffleNet = "shufflenet_v2_x1_0";

    private static readonly BackboneFactory Factory = new();

    [Fact]
    [Trait("Category", "Long")]
    public void It_learns_as_float32_does()
    {
        var options = Options(epochs: 8);
        options.Augmentation = AugmentationOptions.None;
        options.Lamb.LearningRate = 5e-3;
        var ends = ((ComputePrecision[])[ComputePrecision.Float32, ComputePrecision.BFloat16]).Select(precision =>
        {
            using var backbone = Factory.Create(ShuffleNet, 2, Seed);
            options.Precision = precision;
            return Fit(backbone, options, isFlat: true)[^1];
        }).ToList();

        Assert.All(ends, end => Assert.InRange(end.Accuracy, 0.9, 1));
        Assert.All(ends, end => Assert.InRange(end.Loss, 0, Math.Log(2) / 2)); // Half of what guessing has; batches of 8 make it noisy.
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Its_network_tells_the_phantoms_apart_in_float32()
    {
        using var backbone = Factory.Create("resnet18", 2, Seed);
        var options = Options(epochs: 8);
        options.Augmentation = AugmentationOptions.None;
        options.Lamb.LearningRate = 5e-3;

        Fit(backbone, options, isFlat: true);

        var probabilities = new Trainer(options, Seed).Predict(backbone, phantom.Store, phantom.Rows, PhantomCanvases.Fill, Token);
        var right = phantom.Rows.Count(row => probabilities[row, phantom.Labels[row]] > 0.5);
        Assert.True(right >= 0.9 * phantom.Rows.Count, $"{right} of {phantom.Rows.Count}");
    }

    [Theory]
    [InlineData(ComputePrecision.BFloat16, true, NetworkPart.All, 3, Traits = ["Category", "Long"])]
    [InlineData(ComputePrecision.BFloat16, false, NetworkPart.All, null, Traits = ["Category", "Long"])]
    [InlineData(ComputePrecision.BFloat16, true, NetworkPart.Head, null)]
    [InlineData(ComputePrecision.Float32, true, NetworkPart.All, null)]
    public void What_is_stopped_and_gone_on_with_ends_in_the_bits_of_an_unbroken_training(ComputePrecision precision, bool isFlat, NetworkPart part, int? microBatch)
    {
        using var folder = new TemporaryFolder();
        var checkpoint = Path.Combine(folder.Path, "a.safetensors");
        using var whole = Factory.Create(ShuffleNet, 2, Seed);
        using var stopped = Factory.Create(ShuffleNet, 2, Seed);
        using var resumed = Factory.Create(ShuffleNet, 2, Seed);
        var options = Options(epochs: 2);
        (options.Precision, options.Train, options.MicroBatchSize, options.BatchSize) = (precision, part, microBatch, 4);

        var unbroken = Fit(whole, options, isFlat, rows: phantom.Few);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var progress = new At(report =>
        {
            if (report is { Epoch: 1, Step: 2 })
            {
                stop.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => Fit(stopped, options, isFlat, checkpoint, progress, stop.Token, phantom.Few));
        var history = Fit(resumed, options, isFlat, checkpoint, rows: phantom.Few);

        Assert.Equal(Bits.Of(unbroken), Bits.Of(history));
        Assert.Equal(Bits.Of(whole), Bits.Of(resumed));
    }

    [Fact]
    public void One_buffer_for_all_parameters_changes_nothing_but_rounding()
    {
        using var scope = NewDisposeScope();
        using var one = Factory.Create("squeezenet1_1", 2, Seed);
        using var other = Factory.Create("squeezenet1_1", 2, Seed);
        var options = Options(epochs: 1);
        options.Precision = ComputePrecision.Float32;

        var flat = Fit(one, options, isFlat: true, rows: phantom.Few);
        var kernel = Fit(other, options, isFlat: false, rows: phantom.Few);

        Assert.Equal(kernel[0].Loss, flat[0].Loss, 1e-5);
        Assert.All(one.Network.parameters().Zip(other.Network.parameters()), pair =>
            Assert.True((pair.First - pair.Second).abs().max().item<float>() <= 1e-5 * Math.Max(1, pair.Second.abs().max().item<float>())));
    }

    [Fact]
    public void Steps_that_bfloat16_would_lose_are_not_lost()
    {
        using var backbone = Factory.Create("squeezenet1_1", 2, Seed);
        var before = backbone.TrainableParameters(NetworkPart.All).Select(entry => entry.Parameter.detach().clone()).ToList();
        var options = Options(epochs: 1);
        options.Lamb.LearningRate = 1e-5; // A weight moves by a hundred-thousandth of its norm at most; bfloat16's neighbours are 1/256 apart.

        Fit(backbone, options, isFlat: true, rows: phantom.Few);

        using var scope = NewDisposeScope();
        Assert.All(backbone.TrainableParameters(NetworkPart.All).Zip(before), entry =>
        {
            var (parameter, start) = (entry.First.Parameter.detach(), entry.Second);
            var moved = (parameter - start).norm().item<float>();
            if (parameter.dim() == 4)
            {
                Assert.InRange(moved / start.norm().item<float>(), 1e-7, 1.0 / 512);
                var kept = parameter.to_type(ScalarType.BFloat16).eq(start.to_type(ScalarType.BFloat16)).to_type(ScalarType.Float32).mean().item<float>();
                Assert.True(kept > 0.9, $"{entry.First.Name}: {kept}"); // Most weights have the same place in bfloat16 as before.
            }
        });
        before.ForEach(start => start.Dispose());
    }

    [Fact]
    public void Only_networks_of_this_library_are_trained_in_bfloat16_and_others_are_named()
    {
        using var backbone = Factory.Create(ShuffleNet, 2, Seed);
        using var mixed = backbone.ForMixedPrecision([], null)!;

        var error = Assert.Throws<ArgumentException>(() => Fit(mixed, Options(epochs: 1)));

        Assert.Contains(ShuffleNet, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Category", "Card")]
    [InlineData("squeezenet1_1", ComputePrecision.Auto)]
    [InlineData("resnet18", ComputePrecision.BFloat16)]
    [InlineData("resnet18", ComputePrecision.Float32)]
    public void On_a_card_determinism_gives_the_same_bits_twice(string network, ComputePrecision precision)
    {
        CardTests.Require();

        Assert.Equal(OnCard(network, precision, deterministic: true).Bits, OnCard(network, precision, deterministic: true).Bits);

        using var scope = NewDisposeScope();
        var (one, other) = (OnCard(network, precision, deterministic: false), OnCard(network, precision, deterministic: false));
        var difference = one.Parameters.Zip(other.Parameters).Max(pair => (pair.First - pair.Second).abs().max().item<float>());
        TestContext.Current.TestOutputHelper?.WriteLine(
            FormattableString.Invariant($"{network} in {precision}, {one.History.Count} epochs: without determinism weights differ by {difference:R}, losses by {Math.Abs(one.History[^1].Loss - other.History[^1].Loss):R}."));
    }

    [Fact]
    [Trait("Category", "Card")]
    public void On_a_card_the_step_of_all_parameters_is_that_of_the_processor()
    {
        CardTests.Require();
        using var scope = NewDisposeScope();
        using var here = Factory.Create("squeezenet1_1", 2, Seed);
        using var there = Factory.Create("squeezenet1_1", 2, Seed);
        there.Network.to(CUDA);
        using var one = new LambOptimizer(here.TrainableParameters(NetworkPart.All), LambOptions.Apex);
        using var all = new LambOptimizer(there.TrainableParameters(NetworkPart.All), LambOptions.Apex);
        Assert.NotNull(all.Flat);

        for (var step = 0; step < 3; step++)
        {
            foreach (var ((_, parameter), (_, onCard)) in here.TrainableParameters(NetworkPart.All).Zip(there.TrainableParameters(NetworkPart.All)))
            {
                parameter.grad = randn(parameter.shape);
                onCard.grad = parameter.grad!.to(CUDA);
            }

            one.Step();
            all.Step();
        }

        Assert.All(here.Network.parameters().Zip(there.Network.parameters()), pair =>
            Assert.True((pair.First - pair.Second.cpu()).abs().max().item<float>() <= 1e-6 * pair.First.abs().max().item<float>()));
    }

    private (IReadOnlyDictionary<string, string> Bits, IReadOnlyList<Tensor> Parameters, IReadOnlyList<EpochRecord> History) OnCard(
        string network, ComputePrecision precision, bool deterministic)
    {
        using var backbone = Factory.Create(network, 2, Seed);
        backbone.Network.to(CUDA);
        var options = Options(epochs: 3);
        (options.Precision, options.Deterministic) = (precision, deterministic);
        var history = Fit(backbone, options);
        return (Bits.Of(backbone), [.. backbone.Network.parameters().Select(parameter => parameter.detach().cpu())], history);
    }

    private static TrainingOptions Options(int epochs)
    {
        var options = TrainerTests.Options(epochs);
        options.Precision = ComputePrecision.BFloat16;
        return options;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IReadOnlyList<EpochRecord> Fit(
        IBackbone backbone, TrainingOptions options, bool? isFlat = null, string? checkpoint = null, IProgress<TrainingProgress>? progress = null, CancellationToken? token = null,
        IReadOnlyList<int>? rows = null) =>
        new Trainer(options, Seed) { IsFlat = isFlat }.Fit(
            backbone, phantom.Store, phantom.Labels, rows ?? phantom.Rows, PhantomCanvases.Fill, checkpoint, progress, token ?? Token);

    private sealed class At(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
