using System.Collections.Concurrent;
using CovidCt.Answers;
using CovidCt.Calibration;
using CovidCt.Core.Tests.Training;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Statistics;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Inference;

[Collection(NativeMemory.Name)]
public sealed class CtEnsembleTests(CtClassifierTests.Slices slices) : IClassFixture<CtClassifierTests.Slices>, IDisposable
{
    private const string ShuffleNet = "shufflenet_v2_x1_0";

    private static readonly BackboneFactory Factory = new();

    private static readonly ConformalSets[] Sets =
    [
        new(0.9, ClusterUnit.Source, new(0.25, 12, 30), new(0.5, 14, 14)), new(0.9, ClusterUnit.Source, new(null, 8, 9), new(0.75, 10, 20)),
    ];

    private static readonly NetworkCalibration[] Calibrations = [new(0.4, 1.7, 20, 9), new(-1.1, 0.3, 22, 10)];

    private static readonly CtEnsemble.Facts Own = new(1, 2, new(0.7, 1.2, 40, 18), new(0.8, ClusterUnit.Patient, new(0.45, 20, 30), new(0.55, 21, 31)));

    private readonly TemporaryFolder _folder = new();

    private string[] Images => slices.Images;

    private string SavedFile => _folder["ensemble.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_probabilities_are_the_means_of_its_members()
    {
        using var ensemble = Ensemble(ShuffleNet, 3);
        using var one = Member(ShuffleNet, 1);
        foreach (var file in Images.Take(3))
        {
            var answer = ensemble.Classify(file);

            Assert.Equal(3, answer.Members.Count);
            Assert.Equal(one.Classify(file).Probabilities, answer.Members[1].Probabilities);
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(answer.Members.Average(member => member.Probabilities[i]), answer.Probabilities[i], 1e-15);
            }

            Assert.Equal(answer.Probabilities[1], answer.Probability);
            Assert.Equal(answer.Probability > 0.5 ? "COVID" : "non-COVID", answer.Label);
            Assert.Null(answer.TrainingDistance);
            Assert.Null(answer.CalibratedProbability);
            Assert.Equal(answer.Probabilities, ensemble.Classify(File.ReadAllBytes(file).AsMemory()).Probabilities);
        }
    }

    [Fact]
    public void Its_calibrated_probability_is_the_mean_of_its_members_and_changes_nothing_else()
    {
        using var raw = Ensemble(ShuffleNet, 2);
        using var ensemble = new CtEnsemble([.. Enumerable.Range(0, 2).Select(seed => Member(ShuffleNet, seed, calibration: Calibrations[seed]))]);
        using var half = new CtEnsemble([Member(ShuffleNet, 0, calibration: Calibrations[0]), Member(ShuffleNet, 1)]);
        foreach (var file in Images.Take(3))
        {
            var (before, answer) = (raw.Classify(file), ensemble.Classify(file));

            Assert.Equal((before.Label, before.Probability), (answer.Label, answer.Probability));
            Assert.Equal(before.Probabilities, answer.Probabilities);
            Assert.Equal(
                answer.Members.Select((member, i) => Calibrations[i].Apply(member.Probability)),
                answer.Members.Select(member => member.CalibratedProbability!.Value));
            Assert.Equal(answer.Members.Average(member => member.CalibratedProbability!.Value), answer.CalibratedProbability);
            Assert.Equal(answer.CalibratedProbability!.Value, ensemble.Explain(file, new GradCamOptions(), null).Answer.CalibratedProbability!.Value, 1e-6);
            Assert.Null(half.Classify(file).CalibratedProbability);
        }

        Assert.True(ensemble.IsCalibrated);
        Assert.False(half.IsCalibrated || raw.IsCalibrated);
    }

    [Fact]
    public void With_a_calibration_and_thresholds_of_its_own_they_are_applied_to_the_mean_whatever_its_members_have()
    {
        using var voted = Ensemble(ShuffleNet, 2);
        using var ensemble = OfSeeds(withReference: false);
        foreach (var file in Images.Take(3))
        {
            var (before, answer) = (voted.Classify(file), ensemble.Classify(file));

            Assert.Equal(before.Probabilities, answer.Probabilities);
            Assert.Equal(Own.Calibration!.Apply(before.Probability), answer.CalibratedProbability);
            Assert.NotEqual(answer.Members.Average(member => member.CalibratedProbability!.Value), answer.CalibratedProbability!.Value);
            string[] set =
                [.. Own.Sets!.HoldsNegative(before.Probability) ? ["non-COVID"] : (string[])[], .. Own.Sets.HoldsPositive(before.Probability) ? ["COVID"] : (string[])[]];
            Assert.Equal(set, answer.PredictionSet!);
            var explained = ensemble.Explain(file, new GradCamOptions(), null).Answer;
            Assert.Equal((answer.Probability, answer.CalibratedProbability), (explained.Probability, explained.CalibratedProbability));
        }

        Assert.Equal((true, 0.8, 1, 2), (ensemble.IsCalibrated, ensemble.SetLevel, ensemble.Model.Folds, ensemble.Model.Seeds));
        Assert.Equal((null, null, null), (voted.Calibration, voted.Model.Folds, voted.Model.Seeds));
    }

    [Fact]
    public void The_order_of_its_members_does_not_matter()
    {
        using var ensemble = OfSeeds(withReference: false);
        using var turned = CtEnsemble.Of([.. Enumerable.Range(0, 2).Reverse().Select(seed => Member(ShuffleNet, seed, calibration: Calibrations[seed], sets: Sets[seed]))], Own);
        foreach (var file in Images.Take(3))
        {
            var (one, other) = (ensemble.Classify(file), turned.Classify(file));
            Assert.Equal(one.Probability, other.Probability, 1e-15);
            Assert.Equal(one.CalibratedProbability!.Value, other.CalibratedProbability!.Value, 1e-14);
            Assert.Equal(one.PredictionSet, other.PredictionSet);
            Assert.Equal(one.Members, other.Members.Reverse());
        }
    }

    [Fact]
    public void What_is_its_own_comes_back_with_it_to_the_bit()
    {
        using var saved = OfSeeds(withReference: true);
        saved.Save(SavedFile);
        using var loaded = CtEnsemble.Load(SavedFile);

        Assert.Equal((saved.Calibration, saved.Sets), (loaded.Calibration, loaded.Sets));
        Assert.Equal(Own, new(loaded.Model.Folds, loaded.Model.Seeds, loaded.Calibration, loaded.Sets));
        Assert.Equal(Calibrations, loaded.Members.Select(member => member.Calibration));
        Assert.All(Images.Take(2), image => Assert.Equal(saved.Classify(image), loaded.Classify(image)));
        Assert.Null(loaded.Members[0].Model.Seeds);
    }

    [Fact]
    public void A_file_without_calibrations_says_nothing_of_them_and_one_with_them_keeps_each()
    {
        using (var raw = Ensemble(ShuffleNet, 2))
        {
            raw.Save(SavedFile);
        }

        using (var file = TensorFile.Open(SavedFile))
        {
            Assert.DoesNotContain(file.Metadata.Keys, key => key.Contains("calibration", StringComparison.Ordinal) || key.Contains("sets", StringComparison.Ordinal));
        }

        using (var half = new CtEnsemble([Member(ShuffleNet, 0), Member(ShuffleNet, 1, calibration: Calibrations[1])]))
        {
            half.Save(SavedFile);
        }

        using var loaded = CtEnsemble.Load(SavedFile);
        Assert.Equal([null, Calibrations[1]], loaded.Members.Select(member => member.Calibration));
    }

    [Fact]
    public void Its_map_is_the_mean_of_its_members_maps_of_the_class_that_it_answers()
    {
        using var ensemble = Ensemble(ShuffleNet, 3);
        var members = Enumerable.Range(0, 3).Select(seed => Member(ShuffleNet, seed)).ToList();
        try
        {
            var explained = ensemble.Explain(Images[0], new GradCamOptions(), null);

            Assert.Equal(ensemble.Classify(Images[0]).Label, explained.Label);
            var single = members.ConvertAll(member => member.Explain(Images[0], new GradCamOptions(), explained.Label));
            Assert.Equal(single.Average(one => one.Map.Score), explained.Map.Score, 1e-5);
            Assert.Equal(
                Enumerable.Range(0, explained.Map.Raw.Length).Select(i => single.Average(one => one.Map.Normalised[i])).ToArray(),
                explained.Map.Raw,
                (mean, value) => Math.Abs(mean - value) < 1e-6);
            Assert.All(explained.Map.Raw, value => Assert.InRange(value, 0, 1));
            Assert.Equal(explained.Image.Pixels.Length, explained.Heatmap.Length);

            var other = explained.Label == "COVID" ? "non-COVID" : "COVID";
            Assert.Equal(other, ensemble.Explain(Images[0], new GradCamOptions { Method = CamMethod.LayerCam }, other).Label);
            Assert.Contains("non-COVID", Assert.Throws<ArgumentException>(() => ensemble.Explain(Images[0], new GradCamOptions(), "flu")).Message, StringComparison.Ordinal);
        }
        finally
        {
            members.ForEach(member => member.Dispose());
        }
    }

    [Theory]
    [InlineData(ShuffleNet)]
    [InlineData("squeezenet1_1")]
    public void What_was_saved_comes_back_to_the_bit(string network)
    {
        using var saved = new CtEnsemble(
            [.. Enumerable.Range(0, 2).Select(seed => Member(network, seed, withReference: true, Calibrations[seed], Sets[seed]))]);
        saved.Save(SavedFile);
        using var loaded = CtEnsemble.Load(SavedFile);

        Assert.Equal(2, loaded.Count);
        Assert.Equivalent(saved.Model, loaded.Model, strict: true);
        Assert.Equal(saved.Members.Select(member => Bits.Of(member.Backbone)), loaded.Members.Select(member => Bits.Of(member.Backbone)));
        Assert.Equal(saved.Members.Select(member => member.Reference!.Facts), loaded.Members.Select(member => member.Reference!.Facts));
        Assert.All(saved.Members.Zip(loaded.Members), pair => Assert.Equal(pair.First.Reference!.Features.bytes.ToArray(), pair.Second.Reference!.Features.bytes.ToArray()));
        var (before, after) = (saved.Classify(Images[0]), loaded.Classify(Images[0]));
        Assert.Equal(before.Probabilities, after.Probabilities);
        Assert.Equal(Calibrations, loaded.Members.Select(member => member.Calibration));
        Assert.Equal(before.CalibratedProbability!.Value, after.CalibratedProbability);
        Assert.Equal(Sets, loaded.Members.Select(member => member.Sets));
        Assert.Equal(0.9, loaded.SetLevel);
        Assert.Equal(before.PredictionSet, after.PredictionSet);
        Assert.NotNull(after.PredictionSet);
        Assert.Equal(before.TrainingDistance, after.TrainingDistance);
        Assert.NotNull(after.TrainingDistance);
        Assert.True(CtEnsemble.IsSavedIn(SavedFile));
    }

    [Fact]
    public void Saving_leaves_no_tensor()
    {
        using var saved = Ensemble(ShuffleNet, 2, withReference: true);
        NativeTensors.Settle();
        var before = Tensor.TotalCount;

        saved.Save(SavedFile);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Answers_and_maps_from_many_threads_are_those_of_one_and_leak_nothing()
    {
        using var ensemble = Ensemble(ShuffleNet, 2, withReference: true);
        var images = Array.ConvertAll(Images, new SkiaImageDecoder().DecodeFile);
        var answers = Array.ConvertAll(images, image => ensemble.Classify(image));
        var maps = Array.ConvertAll(images, image => ensemble.Explain(image, new GradCamOptions(), null).Heatmap);
        NativeTensors.Settle();
        var before = Tensor.TotalCount;

        var faults = new ConcurrentBag<Exception>();
        var threads = Enumerable.Range(0, 6).Select(number => new Thread(() =>
        {
            try
            {
                for (var i = 0; i < 8; i++)
                {
                    var image = (i + number) % images.Length;
                    if (number % 3 == 0)
                    {
                        Assert.Equal(maps[image], ensemble.Explain(images[image], new GradCamOptions(), null).Heatmap);
                    }
                    else
                    {
                        var answer = ensemble.Classify(images[image]);
                        Assert.Equal(answers[image].Probabilities, answer.Probabilities);
                        Assert.Equal(answers[image].TrainingDistance, answer.TrainingDistance);
                    }
                }
            }
            catch (Exception e)
            {
                faults.Add(e);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Empty(faults);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void An_input_is_unlike_where_more_than_half_of_the_members_find_it_so()
    {
        Assert.True(Middle(1.5, 0.5, 1.5).IsUnlike);
        Assert.False(Middle(1.5, 0.5, 0.5).IsUnlike);
        Assert.False(Middle(1.5, 0.5, 1.5, 0.5).IsUnlike);
        Assert.True(Middle(1.5, 0.5, 1.5, 1.1).IsUnlike);
        Assert.Null(TrainingDistance.Middle([new(1, 1), null]));

        static TrainingDistance Middle(params double[] distances) => TrainingDistance.Middle([.. distances.Select(distance => new TrainingDistance(distance, 1))])!;
    }

    [Fact]
    public void Members_that_do_not_go_together_are_refused()
    {
        using var one = Member(ShuffleNet, 1);
        using var other = Member("squeezenet1_1", 1);
        using var swapped = new CtClassifier(Factory.Create(ShuffleNet, 2), one.Model with { Positive = 0 });

        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => new CtEnsemble([])).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new CtEnsemble([one, one])).Message, StringComparison.Ordinal);
        Assert.Contains("squeezenet1_1", Assert.Throws<ArgumentException>(() => new CtEnsemble([one, other])).Message, StringComparison.Ordinal);
        Assert.Contains("positive: non-COVID", Assert.Throws<ArgumentException>(() => new CtEnsemble([one, swapped])).Message, StringComparison.Ordinal);
        _ = one.Classify(Images[0]);
    }

    [Fact]
    public void A_file_of_the_other_kind_is_told_with_what_to_call()
    {
        using (var ensemble = Ensemble(ShuffleNet, 2))
        {
            ensemble.Save(SavedFile);
            ModelFile.Save(_folder["one.safetensors"], ensemble.Members[0].Backbone, ensemble.Model);
            BackboneWeights.Save(ensemble.Members[0].Backbone, _folder["plain.safetensors"]);
        }

        Assert.Contains("CtEnsemble.Load", Assert.Throws<WeightsException>(() => CtClassifier.Load(SavedFile)).Message, StringComparison.Ordinal);
        Assert.Contains("CtClassifier.Load", Assert.Throws<WeightsException>(() => CtEnsemble.Load(_folder["one.safetensors"])).Message, StringComparison.Ordinal);
        Assert.Contains("is not an ensemble", Assert.Throws<WeightsException>(() => CtEnsemble.Load(_folder["plain.safetensors"])).Message, StringComparison.Ordinal);
        Assert.False(CtEnsemble.IsSavedIn(_folder["one.safetensors"]));
        Assert.Throws<WeightsException>(() => CtEnsemble.Load(_folder["missing.safetensors"]));
    }

    [Theory]
    [InlineData("members", "3")]
    [InlineData("members", "1")]
    [InlineData("members", "-1")]
    [InlineData("members", "99999999999")]
    [InlineData("members", null)]
    [InlineData("network", "resnet18")]
    [InlineData("classes", "[\"a\"]")]
    [InlineData("positive", "2")]
    [InlineData("reference-1/facts", "{}")]
    [InlineData("reference-1/facts", null)]
    [InlineData("member-1/calibration", "much")]
    [InlineData("calibration", "much")]
    [InlineData("sets", "{\"level\": 2}")]
    [InlineData("seeds", "0")]
    [InlineData("folds", "some")]
    [InlineData("member-1/calibration", "{\"intercept\": 0, \"slope\": -1, \"images\": 2, \"positives\": 1}")]
    public void A_file_that_says_something_wrong_is_named_and_nothing_is_left(string key, string? value)
    {
        using (var ensemble = Ensemble(ShuffleNet, 2, withReference: true))
        {
            ensemble.Save(SavedFile);
        }

        Rewrite(metadata => _ = value is null ? metadata.Remove(key) : (metadata[key] = value) is null);
        var factory = new RememberingFactory();

        Assert.Contains(SavedFile, Assert.Throws<WeightsException>(() => CtEnsemble.Load(SavedFile, factory)).Message, StringComparison.Ordinal);

        Assert.All(factory.Parameters, parameter => Assert.True(parameter.IsInvalid));
    }

    [Fact]
    public void A_file_that_is_cut_off_is_named()
    {
        using (var ensemble = Ensemble(ShuffleNet, 2))
        {
            ensemble.Save(SavedFile);
        }

        File.WriteAllBytes(SavedFile, File.ReadAllBytes(SavedFile)[..^10]);
        Assert.Contains(SavedFile, Assert.Throws<WeightsException>(() => CtEnsemble.Load(SavedFile)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_its_disposal_it_says_so()
    {
        var ensemble = Ensemble(ShuffleNet, 1);
        ensemble.Dispose();
        ensemble.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ensemble.Classify(Images[0]));
        Assert.Throws<ObjectDisposedException>(() => ensemble.Explain(Images[0], new GradCamOptions(), null));
        Assert.Throws<ObjectDisposedException>(() => ensemble.Save(SavedFile));
    }

    private static CtEnsemble Ensemble(string network, int members, bool withReference = false) =>
        new([.. Enumerable.Range(0, members).Select(seed => Member(network, seed, withReference))]);

    private static CtEnsemble OfSeeds(bool withReference) =>
        CtEnsemble.Of([.. Enumerable.Range(0, 2).Select(seed => Member(ShuffleNet, seed, withReference, Calibrations[seed], Sets[seed]))], Own);

    private static CtClassifier Member(string network, int seed, bool withReference = false, NetworkCalibration? calibration = null, ConformalSets? sets = null)
    {
        var backbone = Factory.Create(network, 2, seed);
        return new(backbone, ModelFileTests.Description with { Network = network }, decoder: null, reference: withReference ? Reference(backbone.Spec.FeatureWidth, seed) : null, calibration, sets);
    }

    private static TrainingReference Reference(int width, int seed)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        return TrainingReference.Of(rand([20, width], generator: random), rand([10, width], generator: random));
    }

    /// <summary>Remembers a parameter of each network that it made, which is invalid once the network is disposed.</summary>
    private sealed class RememberingFactory : IBackboneFactory
    {
        public List<Tensor> Parameters { get; } = [];

        public IReadOnlyList<BackboneSpec> Specs => Factory.Specs;

        public BackboneSpec Spec(string name) => Factory.Spec(name);

        public IBackbone Create(string name, int classes, long seed = 0)
        {
            var backbone = Factory.Create(name, classes, seed);
            Parameters.Add(backbone.TrainableParameters(NetworkPart.Head)[0].Parameter);
            return backbone;
        }
    }

    private void Rewrite(Action<Dictionary<string, string>> change)
    {
        using var scope = NewDisposeScope();
        List<(string, Tensor)> entries;
        Dictionary<string, string> metadata;
        using (var file = TensorFile.Open(SavedFile))
        {
            entries = [.. file.Entries.Select(entry => (entry.Name, file.Read(entry.Name)))];
            metadata = new(file.Metadata);
        }

        change(metadata);
        TensorFile.Write(SavedFile, entries, metadata);
    }
}
