using CovidCt.Answers;
using CovidCt.Canvases;
using CovidCt.Controls;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// Begins the head of a network with the ridge solution on the features of its training images (<see cref="HeadStart.Ridge"/>).
/// </summary>
internal static class RidgeStart
{
    /// <summary>Gives the classifier its values; nothing else changes.</summary>
    /// <param name="backbone">The network, of two classes, with a head at random, whose scores' spread the new one has.</param>
    /// <param name="model">What it expects of its input.</param>
    /// <param name="canvases">The canvases of all rows.</param>
    /// <param name="labels">The class index of each row, 0 or 1.</param>
    /// <param name="rows">The rows to train on.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public static void Apply(
        IBackbone backbone, ModelDescription model, CanvasStore canvases, IReadOnlyList<int> labels, IReadOnlyList<int> rows,
        CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var features = PooledFeatures.Of(backbone, model, canvases, rows, cancellationToken: cancellationToken).to_type(ScalarType.Float64);
        var targets = tensor(rows.Select(row => (double)labels[row]).ToArray()).unsqueeze(1);

        // A ridge head is affine: its intercept is its answer at the origin, and its weights what one more of each feature adds.
        var width = features.shape[1];
        var probes = cat([zeros(1, width, ScalarType.Float64), eye(width, dtype: ScalarType.Float64)]);
        var answers = RidgeHead.Scores(features, targets, probes);
        var (intercept, weights) = (answers[0], answers.narrow(0, 1, width) - answers[0]);

        var (weight, bias) = Classifier(backbone);
        var drawn = weight.detach().reshape(2, width).cpu().to_type(ScalarType.Float64);
        var spread = features.matmul(weights).std(unbiased: false);
        var scale = where(spread > 0, features.matmul(drawn[1] - drawn[0]).std(unbiased: false) / spread, zeros_like(spread));

        // The scores of the two classes are half of the answer apart from 0, one on each side.
        var halves = tensor(new[] { -0.5, 0.5 }).unsqueeze(1) * scale;
        weight.copy_(halves.matmul(weights.t()).reshape(weight.shape));
        bias.copy_(halves.flatten() * intercept);
    }

    private static (Parameter Weight, Parameter Bias) Classifier(IBackbone backbone)
    {
        var parameters = backbone.TrainableParameters(NetworkPart.Head);
        return (
            parameters.Single(entry => entry.Name.EndsWith(".weight", StringComparison.Ordinal)).Parameter,
            parameters.Single(entry => entry.Name.EndsWith(".bias", StringComparison.Ordinal)).Parameter);
    }
}
