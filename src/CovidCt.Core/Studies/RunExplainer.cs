using System.ComponentModel.DataAnnotations;
using CovidCt.Answers;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// Explains a run's network on test images, the misclassified ones above all, and leaves pictures and <c>maps.json</c> in the
/// folder <c>maps</c> of the run folder.
/// </summary>
/// <param name="backbones">Makes the network.</param>
/// <param name="decoder">Decodes the images.</param>
public sealed class RunExplainer(IBackboneFactory backbones, IImageDecoder decoder)
{
    /// <summary>Whether a run has its maps already.</summary>
    public static bool IsDone(FinishedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return File.Exists(run.Layout.MapList);
    }

    /// <summary>Explains the class that the network answered in each chosen image, and writes the pictures and their list.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Its data set, as <see cref="FinishedRun.OpenData"/> opens it.</param>
    /// <param name="options">Which images, and how; null takes the defaults.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops between two images; the list is not written then.</param>
    /// <returns>How many images were explained.</returns>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// The network has no such layer (the message lists similar ones), or the device isn't there.
    /// </exception>
    /// <exception cref="ImageRejectedException">An image that was tested can't be read any more.</exception>
    /// <exception cref="IOException">The files can't be written.</exception>
    public int Write(
        FinishedRun run, CtDataset dataset, RunExplainerOptions? options = null, IProgress<RunStep>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new RunExplainerOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var (model, backbone) = run.LoadNetwork(backbones, options.Device);
        using var classifier = new CtClassifier(backbone, model, decoder);
        var chosen = Choose(run.Predictions, model, options);
        var samples = dataset.Samples.ToDictionary(sample => sample.Path, StringComparer.Ordinal);
        var folder = run.Layout.Maps;
        var entries = new List<MapEntry>();
        foreach (var prediction in chosen)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var explained = classifier.Explain(
                dataset.FullPath(samples[prediction.Path]),
                new GradCamOptions { Method = options.Method, Layer = options.Layer },
                Predicted(prediction, model));
            var number = (entries.Count + 1).ToString("0000", System.Globalization.CultureInfo.InvariantCulture);
            var entry = new MapEntry
            {
                Path = prediction.Path,
                Label = prediction.Label,
                Predicted = Predicted(prediction, model),
                Probability = prediction.Probability,
                ExplainedClass = explained.Label,
                Method = options.Method,
                Layer = options.Layer,
                Original = $"{number}.png",
                Overlay = $"{number}-map.png",
            };
            AtomicFile.WriteAllBytes(Path.Combine(folder, entry.Original), explained.Thumbnail(options.PictureWidth, overlay: false));
            AtomicFile.WriteAllBytes(Path.Combine(folder, entry.Overlay), explained.Thumbnail(options.PictureWidth, overlay: true));
            entries.Add(entry);
            progress?.Report(new(RunStepKind.Explaining, entries.Count, chosen.Count));
        }

        MapEntry.Write(run.Layout.MapList, entries);
        return entries.Count;
    }

    private static List<Prediction> Choose(IReadOnlyList<Prediction> predictions, ModelDescription model, RunExplainerOptions options)
    {
        // The surest first; a path decides between equals, so that the choice is the same each time.
        var surest = predictions.OrderByDescending(prediction => Math.Abs(prediction.Probability - DecisionThreshold.Value)).ThenBy(prediction => prediction.Path, StringComparer.Ordinal).ToList();
        var wrong = surest.Where(prediction => Predicted(prediction, model) != prediction.Label).Take(options.MostWrong);
        var right = surest.Where(prediction => Predicted(prediction, model) == prediction.Label).GroupBy(prediction => prediction.Label)
            .OrderBy(group => group.Key, StringComparer.Ordinal).SelectMany(group => group.Take(options.MostRight));
        return [.. wrong, .. right];
    }

    private static string Predicted(Prediction prediction, ModelDescription model) =>
        model.Classes[DecisionThreshold.IsPositive(prediction.Probability) ? model.Positive : 1 - model.Positive];
}
