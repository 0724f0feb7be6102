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
using CovidCt.Statistics;
using CovidCt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// Controls on the features that networks have before they are trained on the data, in minutes: the real labels by image and
/// by patient, labels that mean nothing, and images without lungs. Nothing in these features was fitted to any label, so
/// that whatever a classifier on them finds lies in the images and in the way the folds are drawn.
/// </summary>
/// <param name="backbones">Makes the networks.</param>
/// <param name="decoder">Decodes the images.</param>
internal sealed class FeatureControls(IBackboneFactory backbones, IImageDecoder decoder)
{
    /// <summary>How often random labels are drawn.</summary>
    public const int Draws = 100;

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
        options.ThrowIfInvalid();
        set_num_threads(options.Training.Threads);
        var chosen = options.MaxImages is { } most ? dataset.Take(most) : dataset;
        List<ControlReport.Entry> networks = [];
        var transform = new CanvasTransform(options.Canvas);
        foreach (var spec in options.Networks.Select(backbones.Spec).GroupBy(options.InputOf))
        {
            using var decoded = folder is null
                ? CanvasDecoding.Decode(chosen, [spec.Key], transform, decoder, cancellationToken: cancellationToken)
                : CanvasDecoding.Open(folder.Canvases, chosen, [spec.Key], transform, decoder, cancellationToken: cancellationToken);
            using var background = BackgroundOnly.Of(decoded.Stores[spec.Key]);
            networks.AddRange(spec.Select(one => Run(one, decoded, background, options, progress, cancellationToken)));
        }

        return new(Draws, options.Seed, [.. networks.OrderBy(network => options.Networks.ToList().IndexOf(network.Network))]);
    }

    private ControlReport.Entry Run(
        BackboneSpec spec, DecodedDataset decoded, CanvasStore background, StudyOptions options, IProgress<StepProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var dataset = decoded.Dataset;
        var weights = WeightsFolder.Find(options.WeightsFolder, spec.Name);
        using var backbone = weights is null
            ? backbones.Create(spec.Name, dataset.Classes.Count, options.Seed)
            : BackboneWeights.LoadPretrained(backbones, spec.Name, weights, dataset.Classes.Count, options.Seed);
        backbone.Network.to(Devices.Resolve(options.Training.Device));
        var model = new ModelDescription(
            spec.Name, dataset.Classes, dataset.Positive, background.Size, options.Canvas.Fit, options.Canvas.Fill);
        var images = Features(decoded.Stores[background.Size], 0);
        var surroundings = Features(background, 1);

        var real = Labels([.. dataset.Samples.Select(sample => sample.Label == dataset.Positive)]);
        var random = cat([.. Enumerable.Range(0, Draws).Select(draw =>
            Labels([.. RandomLabels.Draw(dataset, CounterRandom.Key(options.Seed, draw)).Select(label => label == dataset.Positive)]))], 1);
        List<ControlReport.Result> results = [];
        foreach (var (groupBy, folds) in WaysToFold(dataset, options))
        {
            foreach (var classifier in Enum.GetValues<ControlReport.Classifier>())
            {
                cancellationToken.ThrowIfCancellationRequested();
                results.Add(One(ControlKind.Real, images));
                results.Add(One(ControlKind.BackgroundOnly, surroundings));
                results.Add(Many(Scores(classifier, images, random, folds), random, groupBy, classifier, folds));

                ControlReport.Result One(ControlKind kind, Tensor features) =>
                    Single(
                        kind,
                        Scores(classifier, features, real, folds),
                        dataset,
                        groupBy,
                        classifier,
                        folds,
                        options.Seed,
                        cancellationToken);
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
                : new Relay<int>(done => progress.Report(new(StepKind.Controls, (part * count) + done, 2 * count) { Name = spec.Name }));
            return PooledFeatures.Of(
                backbone, model, canvases, [.. Enumerable.Range(0, count)], steps, cancellationToken).to_type(ScalarType.Float64);
        }
    }

    private static IEnumerable<(GroupBy GroupBy, IReadOnlyList<Fold> Folds)> WaysToFold(CtDataset dataset, StudyOptions options)
    {
        yield return (GroupBy.Image, Fold.ByImage(dataset, options.Folds, options.Seed));
        if (dataset.HasPatients)
        {
            yield return (GroupBy.Patient, Fold.ByPatient(dataset, options.Folds, options.Seed));
        }
    }

    private static Tensor Labels(bool[] positive) => tensor(Array.ConvertAll(positive, value => value ? 1.0 : 0.0)).unsqueeze(1);

    /// <summary>The scores [N, k] that each row got in the fold that tests it.</summary>
    private static double[,] Scores(ControlReport.Classifier classifier, Tensor features, Tensor labels, IReadOnlyList<Fold> folds)
    {
        var sets = (int)labels.shape[1];
        var scores = new double[features.shape[0], sets];
        foreach (var fold in folds)
        {
            using var scope = NewDisposeScope();
            var (train, test) = (Rows(fold.Train), Rows(fold.Test));
            var (fitted, asked, known) = (features.index_select(0, train), features.index_select(0, test), labels.index_select(0, train));
            var answers = (classifier == ControlReport.Classifier.Head ? RidgeHead.Scores(fitted, known, asked) : NearestNeighbours.Scores(fitted, known, asked)).data<double>().ToArray();
            for (var i = 0; i < answers.Length; i++)
            {
                scores[fold.Test[i / sets], i % sets] = answers[i];
            }
        }

        return scores;

        static Tensor Rows(IReadOnlyList<int> rows) => tensor(rows.Select(row => (long)row).ToArray());
    }

    private static ControlReport.Result Single(
        ControlKind kind, double[,] scores, CtDataset dataset, GroupBy groupBy, ControlReport.Classifier classifier, IReadOnlyList<Fold> folds,
        int seed, CancellationToken cancellationToken)
    {
        // Any rising function of a score would do; this one takes 0, where the classes meet, to one half.
        var predictions = folds.SelectMany(fold => fold.Test.Select(row => new Prediction(
            dataset.Samples[row].Path, dataset.Classes[dataset.Samples[row].Label], dataset.Samples[row].Patient, "control", fold.Index,
            1 / (1 + Math.Exp(-2 * scores[row, 0])))));
        var figures = FigureIntervals.Of(
            predictions, dataset.Classes[dataset.Positive], options: new BootstrapOptions { Seed = seed }, cancellation: cancellationToken);
        return new(kind, groupBy, classifier, figures.Auc.Value, figures.Auc.Interval, figures.Accuracy.Value);
    }

    private static ControlReport.Result Many(
        double[,] scores, Tensor labels, GroupBy groupBy, ControlReport.Classifier classifier, IReadOnlyList<Fold> folds)
    {
        var sets = (int)labels.shape[1];
        var known = labels.data<double>().ToArray();
        var drawn = Enumerable.Range(0, sets).Select(set => FiguresOfMerit.Mean([.. folds.Select(fold =>
            FiguresOfMerit.From([.. fold.Test.Select(row => (known[(row * sets) + set] > 0.5, scores[row, set]))], threshold: 0))])).ToList();
        double[] areas = [.. drawn.Select(figures => figures.Auc).OfType<double>().Order()];
        return new(
            ControlKind.RandomLabels,
            groupBy,
            classifier,
            areas.Length == 0 ? null : areas.Average(),
            areas.Length == 0
                ? null
                : new Interval(areas[(int)(0.025 * (areas.Length - 1))], areas[(int)Math.Ceiling(0.975 * (areas.Length - 1))], 0.95),
            drawn.Average(figures => figures.Accuracy));
    }
}
