using static TorchSharp.torch;

namespace CovidCt.Controls;

/// <summary>
/// The share of positive images among the <see cref="Neighbours"/> training images that are nearest by the cosine of their
/// features: nothing is learned, so that it tells what lies in the features alone.
/// </summary>
internal static class NearestNeighbours
{
    public const int Neighbours = 5;

    /// <summary>The scores of test rows, from −1 to 1: positive for the positive class.</summary>
    /// <inheritdoc cref="RidgeHead.Scores" path="/param|/returns"/>
    public static Tensor Scores(Tensor train, Tensor labels, Tensor test)
    {
        using var scope = NewDisposeScope();
        var similarity = Unit(test).matmul(Unit(train).t());
        var (_, nearest) = similarity.topk((int)Math.Min(Neighbours, train.shape[0]), dim: 1);
        var found = labels.index_select(0, nearest.flatten()).view(nearest.shape[0], nearest.shape[1], labels.shape[1]);
        return ((found.mean([1]) * 2) - 1).MoveToOuterDisposeScope();
    }

    private static Tensor Unit(Tensor rows) => rows / rows.norm(1, keepdim: true, 2.0f).clamp_min(1e-12);
}
