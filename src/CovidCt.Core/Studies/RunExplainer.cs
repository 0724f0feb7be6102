using CovidCt.Answers;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Maps;
using CovidCt.Progress;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// Explains a run's network on test images, the misclassified ones above all, and leaves pictures and <c>maps.json</c> in the
/// folder <c>maps</c> of the run folder.
/// </summary>
/// <param name="decoder">Decodes the images.</param>
internal sealed class RunExplainer(IImageDecoder decoder)
{
    /// <inheritdoc cref="FinishedRun.Explain"/>
    public int Write(
        FinishedRun run, CtDataset dataset, RunMapOptions? options = null, IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new RunMapOptions();
        OptionsValidation.ThrowIfInvalid(options);
        var (model, backbone) = run.LoadNetwork(options.Device);
        using var classifier = new CtClassifier(backbone, model, decoder.ForSamples(dataset.SampleBits));
        var chosen = Choose(run.Predictions, model, options);
        var samples = dataset.Samples.ToDictionary(sample => sample.Path, StringComparer.Ordinal);
        var entries = new List<MapEntry>();
        run.Layout.Sums.Write(ExplainAll, run.Layout.MapFiles);
        return entries.Count;

        void ExplainAll()
        {
            foreach (var prediction in chosen)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var image = classifier.ImageDecoder.Decode(dataset.Read(samples[prediction.Path].Path));
                entries.Add(Explain(classifier, model, prediction, image, entries.Count + 1, run.Layout.Maps, options));
                progress?.Report(new(StepKind.Explaining, entries.Count, chosen.Count));
            }

            MapEntry.Write(run.Layout.MapList, entries);
        }
    }

    private static MapEntry Explain(
        CtClassifier classifier, ModelDescription model, Prediction prediction, GrayImage image, int place, string folder,
        RunMapOptions options)
    {
        var answer = Predicted(prediction, model);
        var explained = classifier.Explain(image, new GradCamOptions { Method = options.Method, Layer = options.Layer }, answer);
        var number = place.ToString("0000", System.Globalization.CultureInfo.InvariantCulture);
        var entry = new MapEntry
        {
            Path = prediction.Path,
            Label = prediction.Label,
            Predicted = answer,
            Probability = prediction.Probability,
            ExplainedClass = explained.Label,
            Method = options.Method,
            Layer = options.Layer,
            Original = $"{number}.png",
            Overlay = $"{number}-map.png",
        };
        AtomicFile.WriteAllBytes(Path.Combine(folder, entry.Original), explained.Thumbnail(options.PictureWidth, overlay: false));
        AtomicFile.WriteAllBytes(Path.Combine(folder, entry.Overlay), explained.Thumbnail(options.PictureWidth, overlay: true));
        return entry;
    }

    private static List<Prediction> Choose(IReadOnlyList<Prediction> predictions, ModelDescription model, RunMapOptions options)
    {
        // The surest first; a path decides between equals, so that the choice is the same each time.
        var surest = predictions.OrderByDescending(prediction => prediction.Sureness)
            .ThenBy(prediction => prediction.Path, StringComparer.Ordinal).ToList();
        var wrong = surest.Where(prediction => Predicted(prediction, model) != prediction.Label).Take(options.MostWrong);
        var right = surest.Where(prediction => Predicted(prediction, model) == prediction.Label).GroupBy(prediction => prediction.Label)
            .OrderBy(group => group.Key, StringComparer.Ordinal).SelectMany(group => group.Take(options.MostRight));
        return [.. wrong, .. right];
    }

    private static string Predicted(Prediction prediction, ModelDescription model) =>
        model.Classes[model.ClassOf(prediction.Probability)];
}
