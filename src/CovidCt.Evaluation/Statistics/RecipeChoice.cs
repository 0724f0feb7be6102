using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// Which of several recipes is chosen by its figure on the test images of a cross-validation, and what the choice comes to on images that
/// had no part in it: bootstrap bias corrected cross-validation (Tsamardinos, Greasidou and Borboudakis, "Bootstrapping the out-of-sample
/// predictions for efficient and accurate cross-validation", Machine Learning 2018, 107, 1895-1922), with whole clusters drawn. Figures are
/// fractions.
/// </summary>
/// <param name="Figure">What was chosen by.</param>
/// <param name="Rule">How.</param>
/// <param name="Chosen">The recipe that the rule chooses on all images.</param>
/// <param name="Best">The recipe with the highest figure on all images.</param>
/// <param name="Recipes">All that were chosen from, in their order from the simplest.</param>
/// <param name="Outer">
/// What choosing and taking the chosen one comes to: in each draw the rule chooses on the clusters that were drawn, as often as each was,
/// and the chosen recipe's figure is that of the clusters that were not. The mean over the draws, with their percentiles.
/// </param>
/// <param name="Gain">The same of how much the chosen recipe is above the first one on the clusters that were not drawn.</param>
/// <param name="Draws">How many there were.</param>
/// <param name="Undefined">
/// In how many of them no fold had images of both classes on either side; these are left out of <paramref name="Outer"/>, which has no
/// interval where they are more than a tenth.
/// </param>
/// <param name="Seed">Decided every draw.</param>
/// <param name="Drawn">What was drawn as a whole.</param>
public sealed record RecipeChoice(
    ChoiceFigure Figure,
    ChoiceRule Rule,
    string Chosen,
    string Best,
    IReadOnlyList<RecipeFigure> Recipes,
    EstimatedFigure Outer,
    EstimatedFigure Gain,
    int Draws,
    int Undefined,
    long Seed,
    ClusterUnit Drawn)
{
    /// <summary>The chosen recipe's figure on all images, which took part in the choice.</summary>
    public double NaiveChosen => Naive(Chosen);

    /// <summary>The best recipe's figure on all images.</summary>
    public double NaiveBest => Naive(Best);

    /// <summary>How much the figure of the best recipe promises above <see cref="Outer"/>; null where that is undefined.</summary>
    public double? Optimism => NaiveBest - Outer.Value;

    /// <summary>Chooses; equal predictions in any order give the same bits.</summary>
    /// <param name="recipes">
    /// What each is called and its predictions of the same images on the same folds, the simplest recipe first; those of one network each.
    /// </param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="rule">How one is chosen.</param>
    /// <param name="figure">What it is chosen by.</param>
    /// <param name="options">How clusters are drawn; null takes the defaults.</param>
    /// <param name="cancellationToken">Looked at before each draw.</param>
    /// <exception cref="ArgumentException">
    /// There is no recipe, or one is there twice; two differ in their images or in an image's fold, class, patient or source; predictions
    /// of one are of several networks, of an image twice, or not finite; no fold has the figure; or an option is out of its range.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RecipeChoice Of(
        IReadOnlyList<(string Name, IReadOnlyList<Prediction> Predictions)> recipes,
        string positive,
        ChoiceRule rule = ChoiceRule.OneStandardError,
        ChoiceFigure figure = ChoiceFigure.Auc,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var rows = Ordered(recipes);
        options ??= new();
        var clusters = Clusters.Of(rows[0], positive);
        var which = figure == ChoiceFigure.Auc ? WeightedOutcomes.Auc : WeightedOutcomes.Accuracy;
        var choice = new WeightedChoice(rows, positive, clusters, rule, which);
        var draws = ClusterBootstrap.Draw(clusters, choice.Count, choice.Compute, options, cancellationToken);
        if (draws.Values[choice.Chosen] is not { } chosen)
        {
            throw new ArgumentException(
                "No fold has images of both classes, so that no recipe has an area under the ROC curve to be chosen by.", nameof(recipes));
        }

        var (best, errors) = choice.OnAll();
        var times = draws.Replicates[choice.Chosen].CountBy(recipe => (int)recipe).ToDictionary();
        return new(
            figure,
            rule,
            recipes[(int)chosen].Name,
            recipes[best].Name,
            [.. rows.Select((_, recipe) => Judged(recipe))],
            FigureIntervals.WithoutSpread(draws.Percentiles(choice.Outer), rows[0], clusters.OfRow, positive, which, draws.Level),
            draws.Percentiles(choice.Gain),
            options.Resamples,
            options.Resamples - draws.Replicates[choice.Outer].Count,
            options.Seed,
            Clusters.UnitsOf(rows[0], positive).Unit);

        RecipeFigure Judged(int recipe) => new(
            recipes[recipe].Name,
            FigureIntervals.WithoutSpread(draws.Bca(recipe), rows[recipe], clusters.OfRow, positive, which, draws.Level),
            recipe == 0 ? null : draws.Bca(choice.Difference(recipe)),
            draws.Percentiles(choice.Left(recipe)).Value,
            errors[recipe],
            times.GetValueOrDefault(recipe));
    }

    private static Prediction[][] Ordered(IReadOnlyList<(string Name, IReadOnlyList<Prediction> Predictions)> recipes)
    {
        ArgumentNullException.ThrowIfNull(recipes);
        if (recipes.Count == 0)
        {
            throw new ArgumentException("There is no recipe to choose; give one or more.", nameof(recipes));
        }

        if (recipes.CountBy(recipe => recipe.Name).FirstOrDefault(recipe => recipe.Value > 1) is { Key: { } twice })
        {
            throw new ArgumentException($"'{twice}' is among the recipes more than once.", nameof(recipes));
        }

        Prediction[][] rows = [.. recipes.Select(recipe => FigureIntervals.Ordered(recipe.Predictions, nameof(recipes)))];
        if (rows[0].Length == 0)
        {
            throw new ArgumentException($"'{recipes[0].Name}' has no predictions.", nameof(recipes));
        }

        for (var other = 1; other < rows.Length; other++)
        {
            RequireAnswers(recipes[0].Name, rows[0], recipes[other].Name, rows[other]);
            RequireAnswers(recipes[other].Name, rows[other], recipes[0].Name, rows[0]);
            RequireSame(recipes[0].Name, rows[0], recipes[other].Name, rows[other]);
        }

        return rows;
    }

    private static void RequireAnswers(string name, Prediction[] rows, string other, Prediction[] others)
    {
        if (rows.ExceptBy(others.Select(row => row.Path), row => row.Path).FirstOrDefault() is { } lacking)
        {
            throw new ArgumentException(
                $"'{other}' has no answer about '{lacking.Path}', and '{name}' has one; choose among recipes on the same images.",
                nameof(rows));
        }
    }

    private static void RequireSame(string name, Prediction[] rows, string other, Prediction[] others)
    {
        foreach (var (a, b) in rows.Zip(others))
        {
            if (a.Fold != b.Fold)
            {
                throw new ArgumentException(
                    $"'{a.Path}' is in fold {a.Fold} of '{name}' and in fold {b.Fold} of '{other}'; choose among recipes on the "
                        + "same folds.",
                    nameof(rows));
            }

            if ((a.Label, a.Patient, a.Source) != (b.Label, b.Patient, b.Source))
            {
                throw new ArgumentException(
                    $"'{a.Path}' is {a.Label} of patient '{a.Patient}' from '{a.Source}' in '{name}', and {b.Label} of '{b.Patient}' from "
                        + $"'{b.Source}' in '{other}'.",
                    nameof(rows));
            }
        }
    }

    private double Naive(string name) => Recipes.First(recipe => recipe.Name == name).Figure.Value!.Value;
}
