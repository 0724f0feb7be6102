using CovidCt.Data;
using CovidCt.Embedding;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// Embeds the features that a run's network has of its training and test images, together, as the paper's figures 11 and 12
/// do, and leaves <c>embedding.csv</c> and <c>embedding.json</c> in the run folder.
/// </summary>
/// <param name="backbones">Makes the network.</param>
/// <param name="decoder">Decodes the images.</param>
public sealed class RunEmbedder(IBackboneFactory backbones, IImageDecoder decoder)
{
    /// <summary>Whether a run has its embedding already.</summary>
    public static bool IsDone(FinishedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return File.Exists(run.Layout.EmbeddingFacts);
    }

    /// <summary>Embeds, and writes both files.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Its data set, as <see cref="FinishedRun.OpenData"/> opens it; unreadable images are left out.</param>
    /// <param name="options">
    /// How, and where the network runs too; null takes the defaults, and for the network a CUDA card where libtorch finds one.
    /// </param>
    /// <param name="progress">Told what is done, and how far it is.</param>
    /// <param name="cancellationToken">Stops it; nothing is written then.</param>
    /// <exception cref="ArgumentException">
    /// The features can't be embedded, such as those of a network that answers the same to every image.
    /// </exception>
    /// <exception cref="IOException">The files can't be written.</exception>
    public TsneEmbedding Write(
        FinishedRun run, CtDataset dataset, TsneOptions? options = null, IProgress<RunStep>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(dataset);
        var device = options?.Device ?? ComputeDevice.Auto;
        using var features = RunFeatures.Of(run, dataset, backbones, decoder, device, progress, cancellationToken);
        return Write(run, features, options ?? new(), progress, cancellationToken);
    }

    /// <summary>Embeds features that were computed, and writes both files.</summary>
    internal static TsneEmbedding Write(
        FinishedRun run, RunFeatures features, TsneOptions options, IProgress<RunStep>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (samples, train) = (features.Dataset.Samples, features.Train.Length);
        int[] rows = [.. features.Train, .. features.Test];
        var steps = progress is null ? null : new Relay<TsneProgress>(at => progress.Report(new(RunStepKind.Embedding, at.Iteration, at.Iterations)));
        var joint = new Tsne(options).EmbedTogether(features.OfTrain, features.OfTest, steps, cancellationToken);
        run.Layout.WriteEmbedding(rows.Select((row, i) => new EmbeddedImage(
            samples[row].Path,
            features.Dataset.Classes[samples[row].Label],
            i >= train,
            joint.Embedding.Points[i].X,
            joint.Embedding.Points[i].Y)));
        var (embedding, quality) = (joint.Embedding, joint.Embedding.Quality);
        new EmbeddingFacts
        {
            Method = Word(embedding.Method),
            Perplexity = embedding.Perplexity,
            Iterations = options.EarlyIterations + options.Iterations,
            Initialisation = Word(options.Initialization),
            Seed = options.Seed,
            KlDivergence = quality.KlDivergence,
            Trustworthiness = quality.Trustworthiness,
            NeighbourRecall = quality.NeighbourRecall,
            Neighbours = quality.Neighbours,
        }.Write(run.Layout.EmbeddingFacts);
        return embedding;
    }

    private static string Word(Enum choice) => choice.ToString().ToLowerInvariant();
}
