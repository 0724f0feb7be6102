using CovidCt.Augmentation;
using CovidCt.Data;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Statistics;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// Audits the maps of a run's network on some of its test images, and leaves <c>audit.json</c> in the folder <c>maps</c> of
/// the run folder.
/// </summary>
/// <param name="backbones">Makes the networks.</param>
/// <param name="decoder">Decodes the images, and the pictures of marked findings.</param>
internal sealed class RunMapAuditor(IBackboneFactory backbones, IImageDecoder decoder)
{
    /// <inheritdoc cref="FinishedRun.AuditMaps"/>
    public RunMapAudit Write(
        FinishedRun run,
        CtDataset dataset,
        IEnumerable<FinishedRun>? others = null,
        RunMapOptions? options = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new RunMapOptions();
        OptionsValidation.ThrowIfInvalid(options);
        using var scope = NewDisposeScope();
        var (chosen, drawn) = Choose(run, dataset, options.AuditedImages);
        using var prepared = run.Prepare(chosen, options.Device, cancellationToken);
        var (model, backbone, samples, store) = (prepared.Model, prepared.Backbone, prepared.Dataset.Samples, prepared.Canvases);
        using var batch = store.Batch([.. Enumerable.Range(0, samples.Count)], backbone.Network.parameters().First().device);
        var images = new Augmenter(AugmentationOptions.None, backbone.Spec.Normalisation, model.Fill).Prepare(batch);
        var made = new GradCamOptions { Method = options.Method, Layer = options.Layer };
        var audit = new CamAudit(
            backbones,
            new CamAuditOptions { Seed = options.Seed },
            (network, inputs, classes) => new GradCam(network, made).Explain(inputs, classes));

        var answers = run.Predictions.ToDictionary(
            prediction => prediction.Path, prediction => model.ClassOf(prediction.Probability), StringComparer.Ordinal);
        int[] explained = [.. samples.Select(sample => answers[sample.Path])];
        bool[]?[] findings =
        [
            .. samples.Select(
                (sample, i) => sample.Label == explained[i]
                    ? Marked(dataset, sample, sample.Findings, "findings", store.Geometries[i].Original)
                    : null),
        ];
        var steps = progress is null ? null : new Relay<CamAuditProgress>(at => progress.Report(
            new(at.Part == CamAuditParts.Randomisation ? StepKind.Randomising : StepKind.Auditing, at.Done, at.Total)));
        var report = audit.Run(backbone, images, store.Geometries, explained, findings, steps, cancellationToken);
        var (compared, trained) = Comparable(run, others ?? [], samples);
        var agreement = Agreement(audit, backbone, compared, options.Device, images, explained, cancellationToken);
        ClusterKeys keys = new(drawn.Unit, [.. samples.Select(sample => drawn.Keys[sample.Path])]);
        var summary = new MapAuditSummary(report, samples, keys, model.Positive) { Lungs = Lungs(dataset, samples, store.Geometries) }
            .Of(made, compared.Count + 1, trained, agreement);
        run.Layout.Sums.Write(() => summary.Write(run.Layout.MapAudit), run.Layout.MapAudit);
        return summary;
    }

    /// <summary>
    /// One test image of each class of each cluster, the middle one, since further slices of a patient cost as much and say little; and
    /// what each of them is drawn with.
    /// </summary>
    private static (CtDataset Chosen, (ClusterUnit Unit, Dictionary<string, string> Keys) Drawn) Choose(
        FinishedRun run, CtDataset dataset, int most)
    {
        List<CtSample> tested = [.. dataset.Samples.Where(sample => run.TestedOn(sample.Path))];
        var drawn = ClusterKeys.Of([.. tested.Select(sample => (sample.Source, sample.Patient, sample.Path, sample.Label))]);
        var middle = tested.Zip(drawn.Keys, (sample, key) => (Sample: sample, Key: key)).GroupBy(image => (image.Key, image.Sample.Label))
            .Select(images => images.ElementAt(images.Count() / 2)).ToDictionary(
                image => image.Sample.Path, image => image.Key, StringComparer.Ordinal);
        var chosen = (dataset with { Samples = [.. tested.Where(sample => middle.ContainsKey(sample.Path))] }).Take(most);
        return (chosen, (drawn.Unit, middle));
    }

    /// <summary>
    /// The runs whose maps are compared with the run's, and how many of them trained on the images. In a cross-validation all others
    /// did; where some did not, only those are compared.
    /// </summary>
    private static (List<FinishedRun> Runs, int Trained) Comparable(
        FinishedRun run, IEnumerable<FinishedRun> others, IReadOnlyList<CtSample> samples)
    {
        var all = others.Where(other => other.Network == run.Network && other.FullPath != run.FullPath).ToList();
        var unseen = all.Where(other => !samples.Any(sample => other.TrainedOn(sample.Path))).ToList();
        return unseen.Count > 0 ? (unseen, 0) : (all, all.Count);
    }

    private static IReadOnlyList<double?> Agreement(
        CamAudit audit, IBackbone backbone, List<FinishedRun> others, ComputeDevice device, Tensor images, int[] classes,
        CancellationToken cancellationToken)
    {
        List<IBackbone> networks = [backbone];
        try
        {
            foreach (var other in others)
            {
                networks.Add(other.LoadNetwork(device).Backbone);
            }

            return networks.Count > 1 ? audit.Agreement(networks, images, classes, cancellationToken) : [];
        }
        finally
        {
            networks.Skip(1).ToList().ForEach(network => network.Dispose());
        }
    }

    private IReadOnlyList<(bool[] Mask, CanvasGeometry Geometry)?> Lungs(
        CtDataset dataset, IReadOnlyList<CtSample> samples, IReadOnlyList<CanvasGeometry> geometries) =>
    [
        .. samples.Select((sample, i) => Marked(dataset, sample, sample.Lungs, "lungs", geometries[i].Original) is { } mask
            ? ((bool[] Mask, CanvasGeometry Geometry)?)(mask, geometries[i])
            : null),
    ];

    private bool[]? Marked(CtDataset dataset, CtSample sample, string? picture, string what, ImageSize size)
    {
        if (picture is null)
        {
            return null;
        }

        var file = dataset.Images is null ? Path.GetFullPath(picture, dataset.Root) : picture;
        try
        {
            var marked = decoder.Decode(dataset.Read(picture));
            return (marked.Width, marked.Height) == (size.Width, size.Height)
                ? Array.ConvertAll(marked.Pixels, gray => gray > 0)
                : throw new UnusableDataException($"{file} has {marked.Width}×{marked.Height} pixels, the image {sample.Path}, whose "
                    + $"{what} it marks, {size}. Make it as large as the image.");
        }
        catch (ImageRejectedException e)
        {
            throw new UnusableDataException($"{file}, the marked {what} of {sample.Path}, can't be read: {e.Message}", e);
        }
    }
}
