using CovidCt.Data;
using CovidCt.Embedding;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// Embeds the features that a run's network has of its training and test images, together, as the paper's figures 11 and 12
/// do, and leaves <c>embedding.csv</c> and <c>embedding.json</c> in the run folder.
/// </summary>
internal static class RunEmbedder
{
    /// <inheritdoc cref="FinishedRun.Embed"/>
    public static TsneEmbedding Write(
        FinishedRun run, CtDataset dataset, TsneOptions? options, IProgress<StepProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var device = options?.Device ?? ComputeDevice.Auto;
        using var features = RunFeatures.Of(run, dataset, device, progress, cancellationToken);
        return Write(run, features, options ?? new(), progress, cancellationToken);
    }

    /// <summary>Embeds features that were computed, and writes both files.</summary>
    public static TsneEmbedding Write(
        FinishedRun run, RunFeatures features, TsneOptions options, IProgress<StepProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (samples, train) = (features.Dataset.Samples, features.Train.Length);
        int[] rows = [.. features.Train, .. features.Test];
        var steps = progress is null ? null : new Relay<TsneProgress>(at => progress.Report(
            new(StepKind.Embedding, at.Iteration, at.Iterations)));
        var joint = new Tsne(options).EmbedTogether(features.OfTrain, features.OfTest, steps, cancellationToken);
        var embedding = joint.Embedding;
        new EmbeddingReport
        {
            Points =
            [
                .. rows.Select((row, i) => new EmbeddingReport.Point(
                    samples[row].Path,
                    features.Dataset.Classes[samples[row].Label],
                    i >= train,
                    embedding.Points[i].X,
                    embedding.Points[i].Y)),
            ],
            Method = embedding.Method.Name(),
            Perplexity = embedding.Perplexity,
            Iterations = options.EarlyIterations + options.Iterations,
            Initialisation = options.Initialization.Name(),
            Seed = options.Seed,
            KlDivergence = embedding.KlDivergence,
            Trustworthiness = embedding.Trustworthiness,
            NeighbourRecall = embedding.NeighbourRecall,
            Neighbours = embedding.Neighbours,
        }.Write(run.Layout);
        return embedding;
    }
}
