using System.Globalization;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Optimisation;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Tests;
using CovidCt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Training;

public class TrainerTests(PhantomCanvases phantom) : IClassFixture<PhantomCanvases>
{
    private const long Seed = 7;
    private const string SqueezeNet = "squeezenet1_1";
    private const string ShuffleNet = "shufflenet_v2_x1_0";

    private static readonly BackboneFactory Factory = new();

    [Theory]
    [InlineData(SqueezeNet, 1)]
    [InlineData(SqueezeNet, 2, Traits = ["Category", "Long"])]
    [InlineData(ShuffleNet, 2, Traits = ["Category", "Long"])]
    public void Equal_options_and_seeds_give_the_same_bits(string network, int threads)
    {
        var options = Small(epochs: 2);
        options.Threads = threads;
        using var first = Factory.Create(network, 2, Seed);
        using var second = Factory.Create(network, 2, Seed);

        var history = Fit(first, options);
        manual_seed(99); // What others drew from the global generator has no part in it.
        var again = Fit(second, options);

        Assert.Equal(Bits.Of(history), Bits.Of(again));
        Assert.Equal(Bits.Of(first), Bits.Of(second));
        Assert.Equal(Predict(first), Predict(second));
    }

    [Fact]
    public void Smoothed_labels_take_their_share_of_the_loss_from_the_right_class_to_all_alike()
    {
        using var scope = NewDisposeScope();
        using var backbone = WithoutDropout(SqueezeNet);
        var options = Small(epochs: 1);
        (options.LabelSmoothing, options.Augmentation, options.Lamb.LearningRate) = (0.2, AugmentationOptions.None, 0);

        var loss = Fit(backbone, options)[0].Loss;

        var probabilities = Predict(backbone);
        double[] expected = [.. phantom.Few.Select(row => -Enumerable.Range(0, 2).Sum(label =>
            ((phantom.Labels[row] == label ? 0.8 : 0) + 0.1) * Math.Log(probabilities[row, label])))];
        Assert.Equal(expected.Average(), loss, 1e-5);
    }

    [Fact]
    public void A_head_with_a_rate_of_its_own_goes_further_and_the_rest_as_far_as_without()
    {
        using var one = Factory.Create(SqueezeNet, 2, Seed);
        using var ten = Factory.Create(SqueezeNet, 2, Seed);
        var options = Small(epochs: 1);
        options.BatchSize = 16; // One step: afterwards the heads differ, and so does what reaches the rest.
        Fit(one, options);
        options.Head = new() { RateFactor = 10 };
        Fit(ten, options);
        using var start = Factory.Create(SqueezeNet, 2, Seed);
        var (weight, rest) = ("classifier.1.weight", "features.0.weight");

        using var scope = NewDisposeScope();
        Tensor Moved(IBackbone network, string name) => (network.Network.state_dict()[name] - start.Network.state_dict()[name]).norm();
        Assert.Equal(10, Moved(ten, weight).item<float>() / Moved(one, weight).item<float>(), 1e-2);
        Assert.Equal(Moved(one, rest).item<float>(), Moved(ten, rest).item<float>());
    }

    [Fact]
    public void Another_seed_gives_other_bits()
    {
        using var first = Factory.Create(SqueezeNet, 2, Seed);
        using var second = Factory.Create(SqueezeNet, 2, Seed);

        Fit(first, Small(epochs: 1));
        Fit(second, Small(epochs: 1), seed: Seed + 1);

        Assert.NotEqual(Bits.Of(first), Bits.Of(second));
    }

    [Theory]
    [InlineData(SqueezeNet, 1, 1)]
    [InlineData(SqueezeNet, 2, 2)]
    [InlineData(ShuffleNet, 0, 3, Traits = ["Category", "Long"])]
    [InlineData(ShuffleNet, 2, 1, Traits = ["Category", "Long"])]
    public void A_training_that_is_stopped_and_gone_on_with_ends_in_the_bits_of_an_unbroken_one(string network, int epoch, int step)
    {
        using var folder = new TemporaryFolder();
        using var whole = Factory.Create(network, 2, Seed);
        var unbroken = Fit(whole, Small(epochs: 3), Checkpoint(folder, "whole"));

        using (var stopped = Factory.Create(network, 2, Seed))
        {
            Assert.Throws<OperationCanceledException>(() => StopAt(stopped, Small(epochs: 3), Checkpoint(folder, "stopped"), epoch, step));
        }

        using var other = Factory.Create(network, 2, Seed);
        var resumed = Fit(other, Small(epochs: 3), Checkpoint(folder, "stopped"));

        Assert.Equal(Bits.Of(unbroken), Bits.Of(resumed));
        Assert.Equal(Bits.Of(whole), Bits.Of(other));
        Assert.Equal(Predict(whole), Predict(other));
    }

    [Fact]
    public void Images_at_random_places_are_there_again_in_a_training_that_is_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        var options = Small(epochs: 2);
        options.Augmentation = AugmentationOptions.Authors;
        using var usual = Factory.Create(SqueezeNet, 2, Seed);
        using var whole = Factory.Create(SqueezeNet, 2, Seed);
        using var stopped = Factory.Create(SqueezeNet, 2, Seed);
        using var resumed = Factory.Create(SqueezeNet, 2, Seed);

        Fit(usual, Small(epochs: 2));
        Fit(whole, options);
        Assert.Throws<OperationCanceledException>(() => StopAt(stopped, options, Checkpoint(folder, "a"), epoch: 1, step: 2));
        Fit(resumed, options, Checkpoint(folder, "a"));

        Assert.Equal(Bits.Of(whole), Bits.Of(resumed));
        Assert.NotEqual(Bits.Of(usual), Bits.Of(whole));
    }

    [Fact]
    public void A_training_that_is_stopped_within_an_epoch_keeps_the_checkpoint_of_the_one_before()
    {
        using var folder = new TemporaryFolder();
        using var reference = Factory.Create(SqueezeNet, 2, Seed);
        var afterOne = Fit(reference, Small(epochs: 1)); // The schedule's first epoch is the same, however many follow.

        using var stopped = Factory.Create(SqueezeNet, 2, Seed);
        Assert.Throws<OperationCanceledException>(() => StopAt(stopped, Small(epochs: 3), Checkpoint(folder, "stopped"), epoch: 1, step: 2));

        using var restored = Factory.Create(SqueezeNet, 2, Seed);
        using var optimizer = new LambOptimizer(restored.TrainableParameters(NetworkPart.All), new LambOptions());
        var history = TrainingCheckpoint.Restore(Checkpoint(folder, "stopped"), restored, optimizer);
        Assert.Equal(Bits.Of(afterOne), Bits.Of(history));
        Assert.Equal(Bits.Of(reference), Bits.Of(restored));
        Assert.Equal([Checkpoint(folder, "stopped")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_finished_training_is_not_run_again()
    {
        using var folder = new TemporaryFolder();
        using var first = Factory.Create(SqueezeNet, 2, Seed);
        var history = Fit(first, Small(epochs: 1), Checkpoint(folder, "a"));

        using var second = Factory.Create(SqueezeNet, 2, Seed);
        var steps = 0;
        var again = new Trainer(Small(epochs: 1), Seed).Fit(
            second, phantom.Store, phantom.Labels, phantom.Few, PhantomCanvases.Fill, Checkpoint(folder, "a"), new Steps(_ => steps++), Token);

        Assert.Equal(0, steps);
        Assert.Equal(history, again);
        Assert.Equal(Bits.Of(first), Bits.Of(second));
    }

    public static TheoryData<string, Action<string>> Damages { get; } = new()
    {
        { "cut off", path => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1000]) },
        { "empty", path => File.WriteAllBytes(path, []) },
        { "text", path => File.WriteAllText(path, "not a checkpoint") },
        { "a plain weights file", path => Save(path, SqueezeNet, 2) },
        { "of another network", path => SaveCheckpoint(path, ShuffleNet, 2) },
        { "of another number of classes", path => SaveCheckpoint(path, SqueezeNet, 3) },
        { "without a history", path => Rewrite(path, metadata => metadata.Remove("history")) },
        { "with a history that is none", path => Rewrite(path, metadata => metadata["history"] = "null") },
        { "with steps that are none", path => Rewrite(path, metadata => metadata["steps"] = "many") },
        { "a bit of a weight", path => Flip(path, file => file.Length / 2) },
        { "a bit of the last number", path => Flip(path, file => file.Length - 1) },
        { "without its sum", path => Rewrite(path, metadata => metadata.Remove("sha256")) },
        { "of another sum", path => Rewrite(path, metadata => metadata["sha256"] = new string('0', 64)) },
        { "with other steps", path => Rewrite(path, metadata => metadata["steps"] = $"{long.Parse(metadata["steps"], CultureInfo.InvariantCulture) + 1}") },
        { "with another history", path => Rewrite(path, metadata => metadata["history"] = "[]") },
        { "of a later version", path => Rewrite(path, metadata => metadata["format"] = "covidct-checkpoint-9") },
    };

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public void A_checkpoint_that_cannot_be_used_is_named(string damage, Action<string> inflict)
    {
        ArgumentNullException.ThrowIfNull(inflict);
        using var folder = new TemporaryFolder();
        var path = Checkpoint(folder, damage);
        SaveCheckpoint(path, SqueezeNet, 2);
        inflict(path);
        var before = File.ReadAllBytes(path);
        using var backbone = Factory.Create(SqueezeNet, 2, Seed);

        var error = Assert.Throws<RunFolderException>(() => Fit(backbone, Small(epochs: 2), path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it to start this fold afresh.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_loss_that_is_no_number_any_more_stops_the_training_and_says_what_to_try()
    {
        using var backbone = Factory.Create(ShuffleNet, 2, Seed);
        var options = Small(epochs: 3);
        options.Lamb.LearningRate = 1e30;

        var error = Assert.Throws<TrainingFailedException>(() => Fit(backbone, options));

        Assert.Contains(ShuffleNet, error.Message, StringComparison.Ordinal);
        Assert.Equal(TrainingProblem.NotANumber, error.Problem);
        Assert.Contains("learning rate lower than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_the_head_changes_nothing_else_and_no_statistics()
    {
        using var backbone = Factory.Create(ShuffleNet, 2, Seed);
        var before = Bits.Of(backbone);
        var options = Small(epochs: 2);
        options.Train = NetworkPart.Head;

        Fit(backbone, options);

        var after = Bits.Of(backbone);
        Assert.Equal(["fc.weight", "fc.bias"], after.Keys.Where(key => after[key] != before[key]));
    }

    [Fact]
    public void Training_the_head_ends_in_the_same_bits_when_it_is_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        using var whole = Factory.Create(ShuffleNet, 2, Seed);
        using var stopped = Factory.Create(ShuffleNet, 2, Seed);
        using var resumed = Factory.Create(ShuffleNet, 2, Seed);
        var options = Small(epochs: 3);
        options.Train = NetworkPart.Head;

        Fit(whole, options);
        Assert.Throws<OperationCanceledException>(() => StopAt(stopped, options, Checkpoint(folder, "a"), epoch: 2, step: 1));
        Fit(resumed, options, Checkpoint(folder, "a"));

        Assert.Equal(Bits.Of(whole), Bits.Of(resumed));
    }

    [Fact]
    public void Training_everything_changes_every_parameter()
    {
        using var backbone = Factory.Create(ShuffleNet, 2, Seed);
        var before = Bits.Of(backbone);

        Fit(backbone, Small(epochs: 1));

        var after = Bits.Of(backbone);
        Assert.All(after, entry => Assert.NotEqual(before[entry.Key], entry.Value));
    }

    [Theory]
    [InlineData(SqueezeNet, NetworkPart.All)]
    [InlineData(ShuffleNet, NetworkPart.Head)]
    public void Gradients_of_small_passes_add_up_to_the_step_of_the_whole_batch(string network, NetworkPart part)
    {
        using var whole = WithoutDropout(network);
        using var parts = WithoutDropout(network);
        var options = Small(epochs: 1);
        options.Train = part;
        options.BatchSize = 8;
        var history = Fit(whole, options);
        options.MicroBatchSize = 3;
        var accumulated = Fit(parts, options);

        Assert.Equal(history[0].Loss, accumulated[0].Loss, 1e-5);
        Assert.Equal(history[0].Accuracy, accumulated[0].Accuracy);
        using var scope = NewDisposeScope();
        foreach (var ((name, expected), (_, actual)) in whole.TrainableParameters(part).Zip(parts.TrainableParameters(part)))
        {
            var moved = (expected - actual).abs().max().item<float>();
            Assert.True(moved <= 1e-5 * Math.Max(1, expected.abs().max().item<float>()), $"{name} differs by {moved}");
        }
    }

    [Fact]
    public void A_micro_batch_as_large_as_the_batch_changes_nothing()
    {
        using var whole = Factory.Create(ShuffleNet, 2, Seed);
        using var same = Factory.Create(ShuffleNet, 2, Seed);
        var options = Small(epochs: 1);
        Fit(whole, options);
        options.MicroBatchSize = options.BatchSize + 1;
        Fit(same, options);

        Assert.Equal(Bits.Of(whole), Bits.Of(same));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Training_lowers_the_loss()
    {
        using var backbone = Factory.Create(ShuffleNet, 2, Seed);

        var history = Fit(backbone, ToLearn(), rows: phantom.Rows);

        Assert.True(history[^1].Loss < history[0].Loss / 2, $"from {history[0].Loss} to {history[^1].Loss}");
        Assert.InRange(history[^1].Accuracy, 0.9, 1);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Training_lowers_the_loss_and_tells_the_phantoms_apart()
    {
        using var backbone = Factory.Create("resnet18", 2, Seed);
        var options = ToLearn();

        var history = Fit(backbone, options, rows: phantom.Rows);

        Assert.True(history[^1].Loss < history[0].Loss / 2, $"from {history[0].Loss} to {history[^1].Loss}");
        var probabilities = new Trainer(options, Seed).Predict(backbone, phantom.Store, phantom.Rows, PhantomCanvases.Fill, Token);
        var right = phantom.Rows.Count(row => probabilities[row, phantom.Labels[row]] > 0.5);
        Assert.True(right >= 0.9 * phantom.Rows.Count, $"{right} of {phantom.Rows.Count}");
    }

    [Fact]
    public void The_history_has_the_rates_of_the_schedule_and_the_progress_every_step()
    {
        using var backbone = Factory.Create(SqueezeNet, 2, Seed);
        var options = Small(epochs: 4);
        List<TrainingProgress> reports = [];

        var history = new Trainer(options, Seed).Fit(
            backbone, phantom.Store, phantom.Labels, phantom.Few, PhantomCanvases.Fill, null, new Steps(reports.Add), Token);

        Assert.Equal(Enumerable.Range(0, 4).Select(epoch => options.Lamb.LearningRate * options.RateFactor(epoch)), history.Select(epoch => epoch.LearningRate));
        Assert.Equal([0, 1, 2, 3], history.Select(epoch => epoch.Epoch));
        Assert.Equal(history, reports.Select(report => report.Finished).OfType<EpochRecord>());
        var steps = (phantom.Few.Count + options.BatchSize - 1) / options.BatchSize;
        Assert.Equal(4 * steps, reports.Count(report => report.Finished is null));
        Assert.All(reports, report => Assert.Equal((4, steps), (report.Epochs, report.Steps)));
    }

    [Fact]
    public void Predictions_are_probabilities_of_each_row_alone()
    {
        using var backbone = Factory.Create(ShuffleNet, 2, Seed);
        Fit(backbone, Small(epochs: 1));
        var trainer = new Trainer(Small(epochs: 1), Seed);
        var forwards = Predict(backbone);
        int[] order = [.. phantom.Rows.Reverse()];
        var backwards = trainer.Predict(backbone, phantom.Store, order, PhantomCanvases.Fill, Token);

        for (var i = 0; i < order.Length; i++)
        {
            Assert.Equal(1, forwards[i, 0] + forwards[i, 1], 1e-12);
            Assert.InRange(forwards[i, 0], 0, 1);
            Assert.Equal(forwards[order[i], 1], backwards[i, 1], 1e-5);
        }
    }

    [Fact]
    public void Options_out_of_their_range_are_told_when_the_trainer_is_made() =>
        Assert.Throws<ArgumentException>(() => new Trainer(new TrainingOptions { BatchSize = 0 }, Seed));

    [Fact]
    public void Training_on_no_row_is_an_error()
    {
        using var backbone = Factory.Create(SqueezeNet, 2, Seed);
        Assert.ThrowsAny<ArgumentException>(() => new Trainer(Small(1), Seed).Fit(backbone, phantom.Store, phantom.Labels, [], PhantomCanvases.Fill, cancellationToken: Token));
    }

    private static TrainingOptions ToLearn()
    {
        var options = Options(epochs: 8);
        options.Augmentation = AugmentationOptions.None;
        options.Lamb.LearningRate = 5e-3;
        return options;
    }

    private static TrainingOptions Small(int epochs)
    {
        var options = Options(epochs);
        options.BatchSize = 4;
        return options;
    }

    internal static TrainingOptions Options(int epochs) =>
        new() { Epochs = epochs, BatchSize = 8, Threads = 1, Device = ComputeDevice.Cpu, Precision = ComputePrecision.Float32, Lamb = { LearningRate = 1e-3 } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Checkpoint(TemporaryFolder folder, string name) => Path.Combine(folder.Path, $"{name}.safetensors");

    private IReadOnlyList<EpochRecord> Fit(IBackbone backbone, TrainingOptions options, string? checkpoint = null, long seed = Seed, IReadOnlyList<int>? rows = null) =>
        new Trainer(options, seed).Fit(
            backbone, phantom.Store, phantom.Labels, rows ?? phantom.Few, PhantomCanvases.Fill, checkpoint, null, Token);

    private void StopAt(IBackbone backbone, TrainingOptions options, string checkpoint, int epoch, int step)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var progress = new Steps(report =>
        {
            if (report.Epoch == epoch && report.Step == step)
            {
                stop.Cancel();
            }
        });
        new Trainer(options, Seed).Fit(
            backbone, phantom.Store, phantom.Labels, phantom.Few, PhantomCanvases.Fill, checkpoint, progress, stop.Token);
    }

    private double[,] Predict(IBackbone backbone) =>
        new Trainer(Small(epochs: 1), Seed).Predict(backbone, phantom.Store, phantom.Rows, PhantomCanvases.Fill, Token);

    private static IBackbone WithoutDropout(string network)
    {
        var backbone = Factory.Create(network, 2, Seed);
        foreach (var dropout in backbone.Network.modules().OfType<Dropout>())
        {
            dropout.p = 0;
        }

        return backbone;
    }

    private static void Save(string path, string network, int classes)
    {
        using var backbone = Factory.Create(network, classes, Seed);
        BackboneWeights.Save(backbone, path);
    }

    private static void SaveCheckpoint(string path, string network, int classes)
    {
        using var backbone = Factory.Create(network, classes, Seed);
        using var optimizer = new LambOptimizer(backbone.TrainableParameters(NetworkPart.All), new LambOptions());
        TrainingCheckpoint.Save(path, backbone, optimizer, [new(0, 1e-3, 0.7, 0.5, 1)]);
    }

    private static void Flip(string path, Func<byte[], int> place)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[place(bytes)] ^= 4;
        File.WriteAllBytes(path, bytes);
    }

    private static void Rewrite(string path, Action<Dictionary<string, string>> change)
    {
        using var scope = NewDisposeScope();
        List<(string, Tensor)> entries;
        Dictionary<string, string> metadata;
        using (var file = TensorFile.Open(path))
        {
            entries = [.. file.Entries.Select(entry => (entry.Name, file.Read(entry.Name)))];
            metadata = new(file.Metadata);
        }

        change(metadata);
        TensorFile.Write(path, entries, metadata);
    }

    private sealed class Steps(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
