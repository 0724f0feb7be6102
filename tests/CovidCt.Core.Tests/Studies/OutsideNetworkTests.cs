using Consumer;
using CovidCt.Answers;
using CovidCt.Core.Tests.Training;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Maps;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Studies;

/// <summary>
/// A network that an application wrote, by what the packages show of the library: tests/Consumer is built with those alone.
/// </summary>
public sealed class OutsideNetworkTests : IDisposable
{
    private static readonly TinyNetworks Networks = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("first")]
    [InlineData("second")]
    public void It_is_saved_loaded_asked_and_explained(string? layer)
    {
        var file = _folder[RunLayout.NetworkName];
        var model = new ModelDescription("tinynet", ["a", "b"], 1, new(96, 72), CanvasFit.KeepAspect, (0, 0, 0));
        using var saved = Networks.Create("tinynet", 2, seed: 3);
        ModelFile.Save(file, saved, model);
        using var classifier = CtClassifier.Load(file, Networks);
        var image = TestImages.Noise(90, 70);

        Assert.Equal(Bits.Of(saved), Bits.Of(classifier.Backbone));
        Assert.Equal(classifier.Classify(image), classifier.Explain(image, new GradCamOptions { Layer = layer }, null).Answer);
        Assert.Contains("tinynet", Assert.Throws<Networks.WeightsException>(() => CtClassifier.Load(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_trains_in_bfloat16_with_the_gradients_of_float32_but_for_rounding()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Create("tinynet", 2, seed: 3);
        network.Network.eval();
        var parameters = network.TrainableParameters(NetworkPart.All);
        using var mixed = network.ForMixedPrecision([.. parameters.Select(entry => entry.Parameter)], flat: null)!;
        var images = rand(4, 3, 72, 96, generator: new Generator(1));

        network.Head(network.FeatureMap(images))[TensorIndex.Colon, 0].sum().backward();
        var exact = parameters.Select(entry => entry.Parameter.grad!.clone()).ToList();
        parameters.ToList().ForEach(entry => entry.Parameter.grad = null);
        mixed.Head(mixed.FeatureMap(images))[TensorIndex.Colon, 0].sum().backward();

        foreach (var ((name, parameter), expected) in parameters.Zip(exact))
        {
            var actual = (parameter.grad ?? mixed.LeafOf(parameter).grad)!.to(ScalarType.Float32);
            Assert.InRange((actual - expected).norm().item<float>(), 0, (0.05f * expected.norm().item<float>()) + 1e-6f);
            Assert.Equal(ScalarType.Float32, parameter.dtype);
            Assert.True(name.StartsWith("norm", StringComparison.Ordinal) || mixed.LeafOf(parameter).dtype == ScalarType.BFloat16);
        }
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(ComputePrecision.Float32)]
    [InlineData(ComputePrecision.BFloat16)]
    public void A_study_trains_it_explains_it_and_opens_its_folds_as_one(ComputePrecision precision)
    {
        var options = PhantomStudy.Options();
        (options.Networks, options.Folds, options.Training.Epochs, options.Training.Precision) = (["tinynet"], 2, 2, precision);
        using var folder = StudyFolder.Open(_folder["study"], resume: false);
        var dataset = PhantomStudy.WriteData(folder, cancellationToken: TestContext.Current.CancellationToken);

        var result = new Study(Networks).Run(dataset, options, folder, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(dataset.Samples.Count, result.Predictions.Count());
        var run = folder.Layout.Run("tinynet", 0);
        Assert.True(run.IsFinished && File.Exists(run.MapAudit) && File.Exists(run.EmbeddingFacts) && File.Exists(run.Reference));
        using var classifier = CtClassifier.Load(run.Root, Networks);
        using var ensemble = FinishedRun.LoadEnsemble(folder.Layout.RunsOf("tinynet"), Networks);
        var image = dataset.FullPath(dataset.Samples[0]);
        Assert.Equal(classifier.Classify(image), ensemble.Classify(image).Members[0]);
        var prediction = result.Predictions.First(one => one.Fold == 0);
        Assert.Equal(prediction.Probability, classifier.Classify(dataset.FullPath(dataset.Samples.First(sample => sample.Path == prediction.Path))).Probability, 1e-5);
    }
}
