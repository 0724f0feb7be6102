using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// A choice among recipes on weighted clusters, and what the chosen one comes to on the clusters that were not drawn, which had no part in
/// the choice.
/// </summary>
internal sealed class WeightedChoice
{
    private readonly WeightedOutcomes[][] _outcomes;
    private readonly ChoiceRule _rule;
    private readonly int _figure;
    private readonly double?[] _six = new double?[WeightedOutcomes.Figures];
    private readonly double?[][] _folds;
    private readonly int[] _left;

    /// <param name="recipes">The predictions of each recipe, the simplest first, of the same images on the same folds in one order.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="clusters">What is drawn.</param>
    /// <param name="rule">How one is chosen.</param>
    /// <param name="figure">Which of the six figures of <see cref="WeightedOutcomes"/> is chosen by.</param>
    public WeightedChoice(IReadOnlyList<Prediction[]> recipes, string positive, Clusters clusters, ChoiceRule rule, int figure)
    {
        (_rule, _figure) = (rule, figure);
        _outcomes = [.. recipes.Select(Folds)];
        _folds = [.. _outcomes.Select(folds => new double?[folds.Length])];
        _left = new int[clusters.Count];

        WeightedOutcomes[] Folds(Prediction[] rows) =>
            [.. rows.Zip(clusters.OfRow).GroupBy(row => row.First.Fold).OrderBy(fold => fold.Key).Select(Fold)];

        WeightedOutcomes Fold(IEnumerable<(Prediction Row, int Cluster)> fold) =>
            new([.. fold.Select(row => row.Row)], positive, [.. fold.Select(row => row.Cluster)], FoldSummary.Pooled);
    }

    /// <summary>How many figures there are: three a recipe, the first of which is its own, and three of the choice.</summary>
    public int Count => Gain + 1;

    /// <summary>The place of which recipe was chosen, from 0.</summary>
    public int Chosen => 3 * _outcomes.Length;

    /// <summary>The place of the chosen recipe's figure on the clusters that were not drawn.</summary>
    public int Outer => Chosen + 1;

    /// <summary>The place of how much that is above the first recipe's on the same clusters.</summary>
    public int Gain => Chosen + 2;

    /// <summary>The place of how much a recipe's figure is above the first one's.</summary>
    public int Difference(int recipe) => _outcomes.Length + recipe;

    /// <summary>The place of a recipe's figure on the clusters that were not drawn.</summary>
    public int Left(int recipe) => (2 * _outcomes.Length) + recipe;

    /// <summary>Computes all figures; where no fold has one, nothing is chosen.</summary>
    public void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
    {
        Choose(weights, figures);
        for (var cluster = 0; cluster < _left.Length; cluster++)
        {
            _left[cluster] = weights[cluster] == 0 ? 1 : 0;
        }

        for (var recipe = 0; recipe < _outcomes.Length; recipe++)
        {
            figures[Left(recipe)] = Mean(recipe, _left);
        }

        figures[Outer] = figures[Chosen] is { } chosen ? figures[Left((int)chosen)] : null;
        figures[Gain] = figures[Outer] - figures[Left(0)];
    }

    /// <summary>The best recipe of all clusters, each once, and the error of how much each is below it.</summary>
    public (int Best, double?[] StandardErrors) OnAll()
    {
        var ones = new int[_left.Length];
        Array.Fill(ones, 1);
        var figures = new double?[Count];
        var best = Choose(ones, figures) ?? 0;
        return (best, [.. _folds.Select((_, recipe) => recipe == best ? null : Below(recipe, best).Error)]);
    }

    private int? Choose(ReadOnlySpan<int> weights, Span<double?> figures)
    {
        int? best = null;
        for (var recipe = 0; recipe < _outcomes.Length; recipe++)
        {
            figures[recipe] = Mean(recipe, weights);
            figures[Difference(recipe)] = figures[recipe] - figures[0];
            best = figures[recipe] is { } figure && (best is null || figure > figures[best.Value]) ? recipe : best;
        }

        figures[Chosen] = best is { } most && _rule == ChoiceRule.OneStandardError ? Simplest(most) : best;
        return best;
    }

    private int Simplest(int best)
    {
        var recipe = 0;
        while (recipe < best && Below(recipe, best) is var (below, error) && below > (error ?? 0))
        {
            recipe++;
        }

        return recipe;
    }

    /// <summary>How much a recipe is below another over the folds where both have a figure, and the standard error of that.</summary>
    private (double Mean, double? Error) Below(int recipe, int other)
    {
        var (sum, squares, count) = (0.0, 0.0, 0);
        for (var fold = 0; fold < _folds[recipe].Length; fold++)
        {
            if (_folds[other][fold] - _folds[recipe][fold] is { } difference)
            {
                sum += difference;
                count++;
            }
        }

        var mean = sum / count;
        for (var fold = 0; fold < _folds[recipe].Length; fold++)
        {
            squares += _folds[other][fold] - _folds[recipe][fold] is { } difference ? (difference - mean) * (difference - mean) : 0;
        }

        return (mean, count < 2 ? null : Math.Sqrt(squares / (count - 1) / count));
    }

    private double? Mean(int recipe, ReadOnlySpan<int> weights)
    {
        var (sum, count) = (0.0, 0);
        for (var fold = 0; fold < _folds[recipe].Length; fold++)
        {
            _outcomes[recipe][fold].Compute(weights, _six);
            _folds[recipe][fold] = _six[_figure];
            sum += _six[_figure] ?? 0;
            count += _six[_figure] is null ? 0 : 1;
        }

        return count == 0 ? null : sum / count;
    }
}
