using System.ComponentModel.DataAnnotations;
using CovidCt.Augmentation;
using CovidCt.Data;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
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
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        using var scope = NewDisposeScope();
        var tested = run.Predictions.Select(prediction => prediction.Path).ToHashSet(StringComparer.Ordinal);
        var seen = dataset with { Samples = [.. dataset.Samples.Where(sample => tested.Contains(sample.Path))] };
        var chosen = seen.Take(options.AuditedImages);
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
            .. samples.Select((sample, i) =>
                sample.Label == explained[i] ? Findings(dataset, sample, store.Geometries[i].Original) : null),
        ];
        var steps = progress is null ? null : new Relay<CamAuditProgress>(at => progress.Report(
            new(at.Part == CamAuditParts.Randomisation ? StepKind.Randomising : StepKind.Auditing, at.Done, at.Total)));
        var report = audit.Run(backbone, images, store.Geometries, explained, findings, steps, cancellationToken);
        var (networks, agreement) = Agreement(audit, run, backbone, others ?? [], options.Device, images, explained, cancellationToken);
        var summary = Summary(made, report, networks, agreement);
        summary.Write(run.Layout.MapAudit);
        return summary;
    }

    private static (int Networks, double? Agreement) Agreement(
        CamAudit audit, FinishedRun run, IBackbone backbone, IEnumerable<FinishedRun> others, ComputeDevice device, Tensor images,
        int[] classes, CancellationToken cancellationToken)
    {
        List<IBackbone> networks = [backbone];
        try
        {
            foreach (var other in others.Where(other => other.Network == run.Network && other.FullPath != run.FullPath))
            {
                networks.Add(other.LoadNetwork(device).Backbone);
            }

            return (
                networks.Count,
                networks.Count > 1 ? MapStatistics.Mean(audit.Agreement(networks, images, classes, cancellationToken)) : null);
        }
        finally
        {
            networks.Skip(1).ToList().ForEach(network => network.Dispose());
        }
    }

    private bool[]? Findings(CtDataset dataset, CtSample sample, ImageSize size)
    {
        if (sample.Findings is not { } picture)
        {
            return null;
        }

        var file = Path.GetFullPath(picture, dataset.Root);
        try
        {
            var marked = decoder.DecodeFile(file);
            return (marked.Width, marked.Height) == (size.Width, size.Height)
                ? Array.ConvertAll(marked.Pixels, gray => gray > 0)
                : throw new UnusableDataException($"{file} has {marked.Width}×{marked.Height} pixels, the image {sample.Path}, whose "
                    + $"findings it marks, {size}. Make it as large as the image.");
        }
        catch (ImageRejectedException e)
        {
            throw new UnusableDataException($"{file}, the marked findings of {sample.Path}, can't be read: {e.Message}", e);
        }
    }

    private static RunMapAudit Summary(GradCamOptions made, CamAuditReport report, int networks, double? agreement)
    {
        var marked = report.Images.Where(image => image.MaskShare is not null).ToList();
        return new(
            made.Method,
            made.Layer,
            new(report.Images[0].Map.Width, report.Images[0].Map.Height),
            report.Images.Count,
            report.Mean(image => image.Evidence),
            report.Mean(image => image.Faithfulness),
            report.Mean(image => image.EnergyOutside),
            report.Images.Average(image => image.PaddingShare),
            Mean(image => image.Deletion!),
            Mean(image => image.Insertion!),
            new(Mean(image => image.Road!.MostRelevantFirst), Mean(image => image.Road!.LeastRelevantFirst)),
            report.Randomisation,
            networks,
            agreement,
            marked.Count == 0 ? null : new(
                marked.Count,
                report.Mean(image => image.PointingGame),
                report.Mean(image => image.PointingChance),
                report.Mean(image => image.EnergyInMask),
                report.Mean(image => image.MaskShare)));

        PerturbationCurve Mean(Func<ImageAudit, PerturbationCurve> curve)
        {
            var shares = curve(report.Images[0]).Shares;
            return new(
                shares,
                [.. Enumerable.Range(0, shares.Count).Select(i => report.Images.Average(image => curve(image).Probabilities[i]))]);
        }
    }
}
