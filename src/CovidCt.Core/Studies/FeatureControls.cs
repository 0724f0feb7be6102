using CovidCt.Answers;
using CovidCt.Canvases;
using CovidCt.Compute;
using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// Controls on the features that networks have before they are trained on the data, in minutes: the real labels, labels that mean
/// nothing, images without lungs, and the shape of images alone, by image, by patient, by source, across collections, and in the
/// study's own folds. Nothing in these features was fitted to any label, so that whatever a classifier on them finds lies in the images
/// and in the way the folds are drawn.
/// </summary>
/// <param name="backbones">Makes the networks.</param>
/// <param name="decoder">Decodes the images.</param>
internal sealed class FeatureControls(IBackboneFactory backbones, IImageDecoder decoder)
{
    /// <summary>How often random labels are drawn.</summary>
    public const int Draws = 100;

    /// <summary>
    /// How often folds are drawn, from 1, by the seeds that follow the study's: figures are means over the drawings, and of random labels
    /// each draw is asked in one of them. Default 1: the study's own folds alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int FoldDraws
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <inheritdoc cref="Study.MakeControls"/>
    public ControlReport Run(
        CtDataset dataset,
        StudyOptions options,
        StudyFolder? folder = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        folder?.ThrowIfDisposed();
        if (folder is not null)
        {
            CrossValidator.ThrowOnOtherDecoder(folder, decoder);
        }

        options.ThrowIfInvalid();
        set_num_threads(options.Training.Threads);
        dataset.ThrowIfInvalid();
        var chosen = options.TakenFrom(dataset).WithSampleBits(decoder, cancellationToken);
        List<ControlReport.Entry> networks = [];
        var transform = new CanvasTransform(options.Canvas);
        foreach (var spec in options.Networks.Select(backbones.Spec).GroupBy(options.InputOf))
        {
            using var decoded = folder is null
                ? CanvasDecoding.Decode(chosen, [spec.Key], transform, decoder, cancellationToken: cancellationToken)
                : CanvasDecoding.Open(folder.Canvases, chosen, [spec.Key], transform, decoder, cancellationToken: cancellationToken);
            var canvases = decoded.Stores[spec.Key];
            using var background = BackgroundOnly.Of(canvases);
            using var geometry = GeometryOnly.Of(canvases);
            networks.AddRange(spec.Select(
                one => Run(one, decoded.Dataset, new(canvases, background, geometry), options, progress, cancellationToken)));
        }

        return new(Draws, options.Seed, [.. networks.OrderBy(network => options.Networks.ToList().IndexOf(network.Network))])
        {
            FoldDraws = FoldDraws,
        };
    }

    private ControlReport.Entry Run(
        BackboneSpec spec, CtDataset dataset, Shown shown, StudyOptions options, IProgress<StepProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var weights = WeightsFolder.Find(options.WeightsFolder, spec.Name);
        using var backbone = weights is null
            ? backbones.Create(spec.Name, dataset.Classes.Count, options.Seed)
            : BackboneWeights.LoadPretrained(backbones, spec.Name, weights, dataset.Classes.Count, options.Seed);
        backbone.Network.to(Devices.Resolve(options.Training.Device));
        var model = new ModelDescription(
            spec.Name, dataset.Classes, dataset.Positive, shown.Images.Size, options.Canvas.Fit, options.Canvas.Fill);
        var images = Features(shown.Images, 0);
        var surroundings = Features(shown.Background, 1);
        var shapes = Features(shown.Geometry, 2);

        var questions = new ControlQuestions(dataset, options.Seed, cancellationToken);
        List<DrawnLabels> random = [.. DrawnLabels.Of(dataset, Draws, options.Seed, options.Folds)];
        List<ControlReport.Result> results = [];
        foreach (var design in ControlDesign.Of(dataset, options, FoldDraws))
        {
            foreach (var classifier in Enum.GetValues<ControlReport.Classifier>())
            {
                results.Add(questions.Data(ControlKind.Real, images, design, classifier));
                results.Add(questions.Data(ControlKind.BackgroundOnly, surroundings, design, classifier));
                results.Add(questions.Data(ControlKind.Geometry, shapes, design, classifier));
                foreach (var labels in random.Where(labels => design.Asks(labels, random)))
                {
                    results.Add(questions.Random(labels, images, design, classifier));
                    if (labels.Within is not null)
                    {
                        results.Add(questions.Random(labels, surroundings, design, classifier) with { WithoutLungs = true });
                    }
                }
            }
        }

        return new(
            spec.Name,
            weights is null ? NetworkResult.Random : NetworkResult.ImageNet,
            [.. results.OrderBy(result => result.Kind).ThenBy(result => result.Classifier)]);

        Tensor Features(CanvasStore canvases, int part)
        {
            var count = dataset.Samples.Count;
            var steps = progress is null
                ? null
                : new Relay<int>(done => progress.Report(
                    new(StepKind.Controls, ((part * count) + done) / Shown.Parts, count) { Name = spec.Name }));
            return PooledFeatures.Of(
                backbone, model, canvases, [.. Enumerable.Range(0, count)], steps, cancellationToken).to_type(ScalarType.Float64);
        }
    }

    /// <summary>What of the images features are computed of.</summary>
    private sealed record Shown(CanvasStore Images, CanvasStore Background, CanvasStore Geometry)
    {
        public const int Parts = 3;
    }
}
