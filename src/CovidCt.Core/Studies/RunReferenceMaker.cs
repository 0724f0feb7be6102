using CovidCt.Data;
using CovidCt.Inference;
using CovidCt.Progress;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// Keeps the features that a run's network has of its training images, and leaves <see cref="RunLayout.ReferenceName"/> in the
/// run folder, from where <see cref="CtClassifier.Load(string)"/> takes it, and beside it how far each test image is from them:
/// <see cref="RunLayout.Distances"/>.
/// </summary>
internal static class RunReferenceMaker
{
    /// <inheritdoc cref="FinishedRun.MakeReference"/>
    /// <returns>How it was made.</returns>
    public static TrainingReferenceFacts Write(
        FinishedRun run, CtDataset dataset, TrainingReferenceOptions? options, IProgress<StepProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new TrainingReferenceOptions();
        using var features = RunFeatures.Of(run, dataset, options.Device, progress, cancellationToken);
        return Write(run, features, options);
    }

    /// <summary>Writes both files from features that were computed.</summary>
    public static TrainingReferenceFacts Write(FinishedRun run, RunFeatures features, TrainingReferenceOptions options)
    {
        using var scope = NewDisposeScope();
        var tested = features.OfTest;
        using var reference = TrainingReference.Of(features.OfTrain, tested, options);
        var distances = features.Test.Zip(
            reference.Measure(tested), (row, measured) => new TestDistance(features.Dataset.Samples[row].Path, measured.Distance));
        run.Layout.Sums.Write(
            () =>
            {
                TestDistance.Write(run.Layout.Distances, distances);
                reference.Save(run.Layout.Reference);
            },
            run.Layout.Distances,
            run.Layout.Reference);
        return reference.Facts;
    }
}
