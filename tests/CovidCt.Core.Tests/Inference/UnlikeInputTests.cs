using CovidCt.Answers;
using CovidCt.Canvases;
using CovidCt.Core.Tests.Training;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Phantoms;
using CovidCt.Tests;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Inference;

/// <summary>How many inputs of which kind a classifier finds unlike its training images.</summary>
public sealed class UnlikeInputTests(ITestOutputHelper output) : IDisposable
{
    private const string Network = "squeezenet1_1";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void Slices_of_new_phantom_patients_are_like_and_what_is_no_slice_is_mostly_unlike()
    {
        PhantomDataset.Write(_folder["known"], new PhantomOptions { Patients = 24 }, Cancellation);
        PhantomDataset.Write(_folder["new"], new PhantomOptions { Patients = 16, Seed = 99 }, Cancellation);
        var model = ModelFileTests.Description with { Input = new(96, 72), Fit = CanvasFit.KeepAspect, Fill = new CanvasOptions().Fill };
        using var classifier = Classifier(CtDataset.Open(_folder["known"]), model, new BackboneFactory().Create(Network, 2, seed: 1), epochs: 4);
        var slices = Decoded(_folder["new/images"]);

        Assert.InRange(Share("new slices", classifier, slices), 0, 0.1);
        Share("negatives", classifier, [.. slices.Select(UnlikeImages.Inverted)]);
        AssertGeneratedAreTold(classifier, atLeast: 0.5);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Slices_of_another_study_are_like_those_of_COVID19_CT_and_what_is_no_slice_is_unlike()
    {
        var known = CtDataset.Open(RealData.Folder("covid19-ct"));
        var weights = RealData.SqueezeNetWeights();
        var backbone = BackboneWeights.LoadPretrained(new BackboneFactory(), Network, weights, classes: 2);
        var model = new ModelDescription(Network, known.Classes, known.Positive, backbone.Spec.Canvas, CanvasFit.KeepAspect, new CanvasOptions().Fill);
        using var classifier = Classifier(known, model, backbone, epochs: 0);
        var others = Directory.GetDirectories(RealData.Folder("sars-cov-2-ct-sample")).SelectMany(Decoded).ToList();

        Assert.InRange(Share("slices of another study", classifier, others), 0, 0.1);
        Share("their negatives", classifier, [.. others.Select(UnlikeImages.Inverted)]);
        AssertGeneratedAreTold(classifier, atLeast: 0.98);
    }

    private static CtClassifier Classifier(CtDataset dataset, ModelDescription model, IBackbone backbone, int epochs)
    {
        using var scope = NewDisposeScope();
        using var decoded = CanvasDecoding.Decode(dataset, [model.Input], new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: Cancellation);
        var fold = Fold.ByPatient(decoded.Dataset, 5, seed: 0)[0];
        var store = decoded.Stores[model.Input];
        if (epochs > 0)
        {
            new Trainer(TrainerTests.Options(epochs), seed: 1)
                .Fit(backbone, store, [.. decoded.Dataset.Samples.Select(sample => sample.Label)], fold.Train, model.Fill, null, null, Cancellation);
        }

        var training = PooledFeatures.Of(backbone, model, store, fold.Train, cancellationToken: Cancellation);
        var test = PooledFeatures.Of(backbone, model, store, fold.Test, cancellationToken: Cancellation);
        return new(backbone, model, decoder: null, reference: TrainingReference.Of(training, test));
    }

    private void AssertGeneratedAreTold(CtClassifier classifier, double atLeast)
    {
        foreach (var make in (Func<int, GrayImage>[])[UnlikeImages.Noise, UnlikeImages.Gradient, UnlikeImages.Texture, UnlikeImages.Leaves])
        {
            Assert.InRange(Share(make.Method.Name, classifier, [.. Enumerable.Range(0, 40).Select(make)]), atLeast, 1);
        }
    }

    private double Share(string kind, CtClassifier classifier, IReadOnlyList<GrayImage> images)
    {
        var distances = images.Select(image => classifier.Classify(image).TrainingDistance!).ToList();
        var share = distances.Count(distance => distance.IsUnlike) / (double)distances.Count;
        output.WriteLine(FormattableString.Invariant(
            $"{kind}: {share:P0} of {images.Count} unlike; median {distances.Select(distance => distance.Distance).Order().ElementAt(images.Count / 2):0.000}, threshold {distances[0].Threshold:0.000}"));
        return share;
    }

    private static IReadOnlyList<GrayImage> Decoded(string folder) =>
        [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(new SkiaImageDecoder().DecodeFile)];
}
