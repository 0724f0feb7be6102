using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>A choice among recipes, in words.</summary>
internal static class SearchWords
{
    /// <summary>What heads the table of a network.</summary>
    /// <param name="network">Its published name.</param>
    public static string Caption(string network) =>
        $"{network}: the recipes in their order from the simplest, in per cent with 95 % intervals; all were trained on the same folds";

    /// <summary>The figure that recipes are chosen by.</summary>
    public static string FigureHeading(RecipeChoice choice) => choice.Figure == ChoiceFigure.Auc ? "AUC" : "Accuracy";

    /// <summary>A recipe's row: its name, its figure, how far that is above the first one's, and of the draws.</summary>
    public static string[] Row(RecipeChoice choice, RecipeFigure recipe) =>
    [
        recipe.Name == choice.Chosen ? $"{recipe.Name} (chosen)" : recipe.Name,
        Numbers.Estimate(recipe.Figure.Value, recipe.Figure.Interval),
        recipe.Difference is { } above ? Numbers.Points(above.Value, above.Interval) : Numbers.Unknown,
        recipe.Left is { } left ? Numbers.Percent(left) : Numbers.Unknown,
        Numbers.Percent((double)recipe.Chosen / choice.Draws) + " %",
    ];

    /// <summary>Which was chosen, what that comes to on images that had no part in it, and what the best figure says too much.</summary>
    public static string Outcome(RecipeSearch.Network network)
    {
        var choice = network.Choice;
        var figure = FigureHeading(choice);
        var rule = choice.Rule == ChoiceRule.Best ? "the best"
            : choice.Chosen == choice.Best ? "the best, and no simpler one is within a standard error of it"
            : $"the simplest within one standard error of the best, {choice.Best}";
        return $"{network.Name}: {choice.Chosen} is chosen, {rule}. What is so chosen comes to an {figure} of "
            + $"{Numbers.Estimate(choice.Outer.Value, choice.Outer.Interval)} on {Units(choice.Drawn)} that had no part in the choice, "
            + $"{Numbers.Points(choice.Gain.Value, choice.Gain.Interval)} above the first recipe. The best figure, "
            + $"{Numbers.Percent(choice.NaiveBest)}, took part in the choice"
            + (choice.Optimism is { } optimism ? $": it is {Numbers.Points(optimism, null)} above that. " : ". ")
            + "Recipes that were tried before and aren't in this table are not corrected for, nor is luck of a training: each was trained "
            + "once, and further seeds of the chosen one show it.";
    }

    private static string Units(ClusterUnit drawn) => drawn switch
    {
        ClusterUnit.Source => "sources",
        ClusterUnit.Patient => "patients",
        _ => "images",
    };
}
