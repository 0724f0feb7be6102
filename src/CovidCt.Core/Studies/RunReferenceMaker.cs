using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// Keeps the features that a run's network has of its training images, and leaves <see cref="RunLayout.ReferenceName"/> in the
/// run folder, from where <see cref="CtClassifier.Load(string)"/> takes it, and beside it how far each test image is from them:
/// <see cref="RunLayout.Distances"/>.
/// </summary>
/// <param name="backbones">Makes the network.</param>
/// <param name="decoder">Decodes the images.</param>
public sealed class RunReferenceMaker(IBackboneFactory backbones, IImageDecoder decoder)
{
    /// <summary>Whether a run has its reference already.</summary>
    public static bool IsDone(FinishedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return File.Exists(run.Layout.Reference) && File.Exists(run.Layout.Distances);
    }

    /// <summary>Computes the features of all images, and writes both files.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Its data set, as <see cref="FinishedRun.OpenData"/> opens it; unreadable images are left out.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops between batches; nothing is written then.</param>
    /// <exception cref="ArgumentException">The network has no finite features of some image, or the device isn't there.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is out of its range.</exception>
    /// <exception cref="IOException">A file can't be written.</exception>
    public void Write(
        FinishedRun run,
        CtDataset dataset,
        TrainingReferenceOptions? options = null,
        IProgress<RunStep>? progress = null,
        CancellationToken cancellationToken = default) => Make(run, dataset, options, progress, cancellationToken);

    /// <summary>The same, and how it was made.</summary>
    internal TrainingReferenceFacts Make(
        FinishedRun run, CtDataset dataset, TrainingReferenceOptions? options, IProgress<RunStep>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new TrainingReferenceOptions();
        using var features = RunFeatures.Of(run, dataset, backbones, decoder, options.Device, progress, cancellationToken);
        return Write(run, features, options);
    }

    /// <summary>Writes both files from features that were computed.</summary>
    internal static TrainingReferenceFacts Write(FinishedRun run, RunFeatures features, TrainingReferenceOptions options)
    {
        using var scope = NewDisposeScope();
        var tested = features.OfTest;
        using var reference = TrainingReference.Of(features.OfTrain, tested, options);
        TestDistance.Write(run.Layout.Distances, features.Test.Zip(
            reference.Measure(tested), (row, measured) => new TestDistance(features.Dataset.Samples[row].Path, measured.Distance)));
        reference.Save(run.Layout.Reference);
        return reference.Facts;
    }
}
