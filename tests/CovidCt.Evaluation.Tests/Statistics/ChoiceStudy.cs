using System.Globalization;
using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

/// <summary>What choices among recipes come to over many simulated data sets, in AUC.</summary>
internal sealed record ChoiceStudy(SimulatedRecipes World, ChoiceRule Rule, RecipeChoice[] Choices)
{
    public static ChoiceStudy Of(SimulatedRecipes world, ChoiceRule rule, int dataSets, int draws)
    {
        var choices = new RecipeChoice[dataSets];
        Parallel.For(0, dataSets, set => choices[set] = RecipeChoice.Of(
            world.Draw(set), "COVID", rule, options: new() { Resamples = draws }, cancellationToken: TestContext.Current.CancellationToken));
        return new(world, rule, choices);
    }

    /// <summary>The mean of the true AUC of what was chosen on each data set.</summary>
    public double Truth => Choices.Average(TruthOf);

    /// <summary>How far outer figures are above the truth on average, and the standard error of that.</summary>
    public (double Bias, double Error) Outer => Above(choice => choice.Outer.Value!.Value);

    /// <summary>The same of the chosen recipe's figure on all images.</summary>
    public (double Bias, double Error) NaiveChosen => Above(choice => choice.NaiveChosen);

    /// <summary>The same of the best one's.</summary>
    public (double Bias, double Error) NaiveBest => Above(choice => choice.NaiveBest);

    /// <summary>How often the outer figure's interval holds the truth.</summary>
    public double Coverage => Choices.Average(choice => choice.Outer.Interval!.Contains(TruthOf(choice)) ? 1.0 : 0);

    /// <summary>How often a recipe was chosen on all images.</summary>
    public double Chosen(int recipe) => Choices.Average(choice => choice.Chosen == $"r{recipe}" ? 1.0 : 0);

    /// <summary>How often it was in the draws.</summary>
    public double Drawn(int recipe) => Choices.Average(choice => (double)choice.Recipes[recipe].Chosen / choice.Draws);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{World.Patients} patients, correlation {World.Correlation}, luck {World.Luck}, d {string.Join(" ", World.Separations)}, {Rule}: truth "
            + $"{Truth:0.0000}; outer {Text(Outer)}, naive chosen {Text(NaiveChosen)}, naive best {Text(NaiveBest)}; coverage {Coverage:0.000}, "
            + $"gain {Choices.Average(choice => choice.Gain.Value!.Value):0.0000}, chosen "
            + $"{string.Join(" ", World.Separations.Select((_, i) => Chosen(i).ToString("0.00", CultureInfo.InvariantCulture)))}, in draws "
            + $"{string.Join(" ", World.Separations.Select((_, i) => Drawn(i).ToString("0.00", CultureInfo.InvariantCulture)))}, undefined "
            + $"{Choices.Average(choice => (double)choice.Undefined / choice.Draws):0.0000}");

    private static string Text((double Bias, double Error) figure) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure.Bias:+0.0000;-0.0000} ± {figure.Error:0.0000}");

    private double TruthOf(RecipeChoice choice) => World.Auc(int.Parse(choice.Chosen.AsSpan(1), CultureInfo.InvariantCulture));

    private (double Bias, double Error) Above(Func<RecipeChoice, double> figure)
    {
        double[] above = [.. Choices.Select(choice => figure(choice) - TruthOf(choice))];
        double mean = above.Average();
        return (mean, Math.Sqrt(above.Sum(value => (value - mean) * (value - mean)) / (above.Length - 1) / above.Length));
    }
}
