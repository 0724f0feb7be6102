using CovidCt.Models.Blocks;
using static TorchSharp.torch;

namespace CovidCt.Models.Folding;

/// <summary>A residual sum that a convolution makes: it adds its result to the other branch's.</summary>
/// <param name="before">What comes before the convolution in its branch.</param>
/// <param name="last">The convolution.</param>
/// <param name="other">The other branch; an empty chain is the identity.</param>
/// <param name="relu">Whether a ReLU follows the sum.</param>
/// <param name="ownsArgument">Whether nothing else reads the argument, so that it may become the sum.</param>
internal sealed class FoldedSum(Step before, FoldedConvolution last, Step other, bool relu, bool ownsArgument) : Step
{
    public Step Before => before;

    public FoldedConvolution Last => last;

    public Step Other => other;

    public bool EndsInRelu => relu;

    public override int Depth { get; } = Math.Max(before.Depth + last.Depth, other.Depth);

    public override Tensor Run(Tensor x)
    {
        var sum = other.Run(x);
        var y = before.Run(x);
        if (ReferenceEquals(sum, x) && !(ownsArgument && !ReferenceEquals(y, x)))
        {
            sum = x.clone();
        }

        last.AddTo(sum, y);
        if (relu)
        {
            sum.relu_();
        }

        return Replace(y, sum, keep: x);
    }
}
