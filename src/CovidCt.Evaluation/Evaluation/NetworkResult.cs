namespace CovidCt.Evaluation;

/// <summary>One network's cross-validation.</summary>
/// <param name="Name">The published name, such as <c>resnet18</c>.</param>
/// <param name="Initialization">What training began with: <c>imagenet</c> or <c>random</c>.</param>
/// <param name="Folds">By ascending fold.</param>
/// <param name="Mean">Mean over the folds where a figure is defined; of folds that are sources, over all their images together.</param>
/// <param name="Std">Sample standard deviation over the folds where a figure is defined.</param>
public sealed record NetworkResult(
    string Name, string Initialization, IReadOnlyList<FoldResult> Folds, FiguresOfMerit Mean, FiguresOfMerit Std)
{
    /// <summary><see cref="Initialization"/> of a network that began with ImageNet's weights.</summary>
    public const string ImageNet = "imagenet";

    /// <summary><see cref="Initialization"/> of a network that began with random weights.</summary>
    public const string Random = "random";

    /// <summary>The <see cref="Initialization"/> of predictions that were made elsewhere.</summary>
    public const string Unknown = "unknown";

    /// <summary>The counts of all folds together.</summary>
    public ConfusionMatrix Total => Folds.Aggregate(new ConfusionMatrix(0, 0, 0, 0), (sum, fold) => sum + fold.Matrix);

    /// <summary>The figures of one network over its folds.</summary>
    /// <param name="name">The published name.</param>
    /// <param name="initialization">What training began with: <c>imagenet</c> or <c>random</c>.</param>
    /// <param name="predictions">Those of this network, in any order.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="pooled">
    /// Whether figures are of all folds' images together and not means over the folds: a fold that is one source may have
    /// images of one class alone. <see cref="Std"/> is then undefined.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A prediction is of another network, an image was predicted twice, or a probability is not a finite number.
    /// </exception>
    public static NetworkResult From(
        string name, string initialization, IEnumerable<Prediction> predictions, string positive, bool pooled = false)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var rows = predictions.ToArray();
        if (rows.FirstOrDefault(p => p.Network != name) is { } stranger)
        {
            throw new ArgumentException($"A prediction of '{stranger.Network}' is among those of '{name}'.", nameof(predictions));
        }

        if (rows.GroupBy(p => p.Path, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"'{twice.Key}' was predicted {twice.Count()} times by '{name}'; every image is tested in one fold.",
                nameof(predictions));
        }

        FoldResult[] folds = [.. rows.GroupBy(p => p.Fold).OrderBy(g => g.Key).Select(fold => FoldResult.From(fold.Key, fold, positive))];
        FiguresOfMerit[] figures = [.. folds.Select(f => f.Figures)];
        return pooled
            ? new(name, initialization, folds, FoldResult.From(0, rows, positive).Figures, FiguresOfMerit.StandardDeviation([]))
            : new(name, initialization, folds, FiguresOfMerit.Mean(figures), FiguresOfMerit.StandardDeviation(figures));
    }
}
