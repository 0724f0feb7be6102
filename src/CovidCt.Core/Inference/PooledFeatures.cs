using CovidCt.Answers;
using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>The penultimate features of images: a network's last feature map, averaged over its places.</summary>
internal static class PooledFeatures
{
    private const int Batch = 16;

    /// <summary>Runs a network, as it is in evaluation mode, over canvases.</summary>
    /// <param name="backbone">The network, which is left as it is.</param>
    /// <param name="model">What it expects of its input.</param>
    /// <param name="canvases">The images.</param>
    /// <param name="rows">Which of them, in which order.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>float32 [rows, <see cref="BackboneSpec.FeatureWidth"/>] on the CPU, which the caller owns.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Tensor Of(
        IBackbone backbone,
        ModelDescription model,
        CanvasStore canvases,
        IReadOnlyList<int> rows,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(canvases);
        ArgumentNullException.ThrowIfNull(rows);
        using var outer = NewDisposeScope();
        var augmenter = new Augmenter(AugmentationOptions.None, backbone.Spec.Normalisation, model.Fill);
        using var network = backbone.ForInference();
        var features = empty([rows.Count, backbone.Spec.FeatureWidth], ScalarType.Float32, CPU);
        var done = 0;
        foreach (var prepared in augmenter.Prepare(canvases, rows.Chunk(Batch), new(network.Device)))
        {
            using var images = prepared;
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var pooled = network.Pool(network.FeatureMap(images));
            features.narrow(0, done, pooled.shape[0]).copy_(pooled);
            done += (int)pooled.shape[0];
            progress?.Report(done);
        }

        return features.MoveToOuterDisposeScope();
    }
}
