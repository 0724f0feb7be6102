using CovidCt.Models.Blocks;
using TorchSharp.Modules;

namespace CovidCt.Models.Folding;

/// <summary>Rewrites steps for inference, and owns what the rewritten ones need.</summary>
/// <param name="fused">Whether <see cref="FusedOperators"/> are used where there are any.</param>
internal sealed class FoldedSteps(bool fused) : IDisposable
{
    private readonly List<FoldedLayer> _layers = [];

    /// <summary>The layers that remained.</summary>
    public IReadOnlyList<FoldedLayer> Layers => _layers;

    /// <summary>
    /// A chain that computes what the step does in evaluation mode: a convolution together with the batch norm and the
    /// ReLU that directly follow it, and a sum together with the convolution that ends one of its branches.
    /// </summary>
    public Step Fold(Step step)
    {
        List<Step> folded = [];
        var rest = new Queue<Step>(step.Flat().Where(part => part is not LayerStep { Module: Dropout }));
        while (rest.TryDequeue(out var next))
        {
            folded.Add(next switch
            {
                LayerStep { Module: Conv2d convolution } => Own(new FoldedConvolution(convolution, TakeNorm(rest), TakeRelu(rest), fused)),
                LayerStep { Module: BatchNorm2d norm } => Own(new FoldedNorm(norm, TakeRelu(rest))),
                LayerStep { Module: Linear linear } => Own(new FoldedLinear(linear)),
                LayerStep { Module: var module } => throw new NotSupportedException(
                    $"A {module.GetName()} can't be made ready for inference."),
                ResidualStep residual => Sum(residual, TakeRelu(rest), folded is [.., { IsView: false }]),
                _ => next.With(Fold),
            });
        }

        return folded is [var only] ? only : new ChainStep(folded);
    }

    /// <inheritdoc/>
    public void Dispose() => _layers.ForEach(layer => layer.Dispose());

    private T Own<T>(T layer) where T : FoldedLayer
    {
        _layers.Add(layer);
        return layer;
    }

    private Step Sum(ResidualStep residual, bool relu, bool ownsArgument)
    {
        List<Step>[] branches = [[.. Fold(residual.First).Flat()], [.. Fold(residual.Second).Flat()]];
        var longer = Array.FindIndex(branches, branch => branch is [.., FoldedConvolution { EndsInRelu: false }]);
        if (longer < 0)
        {
            Step sum = new ResidualStep(new ChainStep(branches[0]), new ChainStep(branches[1]));
            return relu ? new ChainStep([sum, Steps.Relu]) : sum;
        }

        return new FoldedSum(
            new ChainStep(branches[longer][..^1]), (FoldedConvolution)branches[longer][^1], new ChainStep(branches[1 - longer]), relu,
            ownsArgument);
    }

    private static BatchNorm2d? TakeNorm(Queue<Step> rest)
    {
        var norm = rest.TryPeek(out var next) && next is LayerStep { Module: BatchNorm2d found } ? found : null;
        if (norm is not null)
        {
            rest.Dequeue();
        }

        return norm;
    }

    private static bool TakeRelu(Queue<Step> rest)
    {
        var found = rest.TryPeek(out var next) && next is ReluStep;
        if (found)
        {
            rest.Dequeue();
        }

        return found;
    }
}
