using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Records;
using CovidCt.Statistics;
using CovidCt.Tests;
using Recipe = (string Name, System.Collections.Generic.IReadOnlyList<CovidCt.Evaluation.Prediction> Predictions);

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class RecipeChoiceTests(ITestOutputHelper output)
{
    private static readonly BootstrapOptions Few = new() { Resamples = 150 };

    /// <summary>Equal recipes whose answers have nothing, and most, in common.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.8)]
    public void Among_equal_recipes_the_outer_figure_is_unbiased_and_the_best_ones_own_is_not(double correlation)
    {
        var study = ChoiceStudy.Of(new(8, 1.5, correlation, 0, 0.7, 0.7, 0.7, 0.7), ChoiceRule.Best, dataSets: 200, draws: 100);
        output.WriteLine($"{study}");
        Assert.InRange(study.Outer.Bias / study.Outer.Error, -3, 3);
        Assert.True(study.NaiveBest.Bias > 3 * study.NaiveBest.Error);
    }

    /// <summary>The table of docs/statistics.md again, with fewer data sets unless COVIDCT_COVERAGE_DRAWS says how many.</summary>
    [Theory]
    [Trait("Category", "Long")]
    [InlineData(ChoiceRule.Best, 8, 0.0)]
    [InlineData(ChoiceRule.Best, 8, 0.8)]
    [InlineData(ChoiceRule.Best, 40, 0.0)]
    [InlineData(ChoiceRule.Best, 40, 0.8)]
    [InlineData(ChoiceRule.OneStandardError, 40, 0.0)]
    [InlineData(ChoiceRule.OneStandardError, 40, 0.8)]
    public void Bias_of_equal_recipes_is_what_the_documentation_says(ChoiceRule rule, int patients, double correlation)
    {
        var study = ChoiceStudy.Of(new(patients, 2, correlation, 0, 0.7, 0.7, 0.7, 0.7), rule, LargeCount.Of("COVIDCT_COVERAGE_DRAWS", 400), 200);
        output.WriteLine($"{study}");
        Assert.InRange(study.Outer.Bias / study.Outer.Error, -3, 3);
        Assert.True(study.NaiveBest.Bias > 3 * study.NaiveBest.Error);
        Assert.InRange(study.Coverage, 0.95, 1);
    }

    /// <summary>
    /// Recipes that differ: what the outer figure is below the truth, since a draw has fewer patients to choose on than all of them. And
    /// recipes whose networks are better or worse by chance, which the draws of patients don't see.
    /// </summary>
    [Theory]
    [Trait("Category", "Long")]
    [InlineData(ChoiceRule.Best, 40, 0.8, 0.0, 0.7, 0.74, -0.004, 0.001)]
    [InlineData(ChoiceRule.OneStandardError, 40, 0.8, 0.0, 0.7, 0.74, -0.004, 0.001)]
    [InlineData(ChoiceRule.Best, 40, 0.8, 0.0, 0.7, 0.9, -0.003, 0.002)]
    [InlineData(ChoiceRule.OneStandardError, 40, 0.8, 0.0, 0.7, 0.9, -0.003, 0.002)]
    [InlineData(ChoiceRule.Best, 40, 0.8, 0.1, 0.7, 0.7, 0.003, 0.015)]
    [InlineData(ChoiceRule.OneStandardError, 40, 0.8, 0.1, 0.7, 0.7, -0.001, 0.012)]
    public void Bias_of_other_recipes_is_what_the_documentation_says(
        ChoiceRule rule, int patients, double correlation, double luck, double first, double last, double least, double most)
    {
        var study = ChoiceStudy.Of(
            new(patients, 2, correlation, luck, first, first, first, last), rule, LargeCount.Of("COVIDCT_COVERAGE_DRAWS", 400), 200);
        output.WriteLine($"{study}");
        Assert.InRange(study.Outer.Bias, least - (3 * study.Outer.Error), most + (3 * study.Outer.Error));
    }

    [Theory]
    [InlineData(ChoiceRule.Best)]
    [InlineData(ChoiceRule.OneStandardError)]
    public void A_recipe_that_is_better_by_far_is_chosen_and_the_outer_figure_is_what_it_is_worth(ChoiceRule rule)
    {
        var study = ChoiceStudy.Of(new(12, 1.5, 0.8, 0, 0.5, 0.5, 1.1), rule, dataSets: 60, draws: 100);
        output.WriteLine($"{study}");
        Assert.True(study.Chosen(2) > 0.97);
        Assert.True(study.Drawn(2) > 0.9);
        Assert.InRange(study.Outer.Bias, -0.005 - (3 * study.Outer.Error), 3 * study.Outer.Error);
    }

    [Fact]
    public void One_standard_error_takes_the_simplest_of_those_that_are_nearly_equal()
    {
        var world = new SimulatedRecipes(12, 1.5, 0.95, 0, 0.3, 0.8, 0.82, 0.82);
        var (leaning, best) = (ChoiceStudy.Of(world, ChoiceRule.OneStandardError, 60, 100), ChoiceStudy.Of(world, ChoiceRule.Best, 60, 100));
        output.WriteLine($"{leaning}\n{best}");
        Assert.Equal(0, leaning.Chosen(0));
        Assert.True(leaning.Chosen(1) > best.Chosen(1) + 0.15);
        Assert.True(leaning.Drawn(1) > best.Drawn(1) + 0.15);
        Assert.All(leaning.Choices.Zip(best.Choices), pair => Assert.Equal(pair.Second.Best, pair.First.Best));
    }

    /// <summary>The rule by hand: differences of 0.25 and 0 in two folds are 0.125 on average, which is their standard error.</summary>
    [Fact]
    public void A_recipe_that_is_below_by_the_standard_error_of_the_difference_is_near_enough()
    {
        Recipe simple = ("simple", TwoFolds([0.9, 0.3], [0.4, 0.1], [0.9, 0.8], [0.2, 0.1]));
        Recipe better = ("better", TwoFolds([0.9, 0.8], [0.4, 0.1], [0.9, 0.8], [0.2, 0.1]));
        Recipe evenly = ("evenly", TwoFolds([0.9, 0.3], [0.4, 0.1], [0.9, 0.3], [0.4, 0.1]));
        var near = RecipeChoice.Of([simple, better], "COVID", options: Few, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("simple", "better"), (near.Chosen, near.Best));
        Assert.Equal((0.875, 1.0), (near.NaiveChosen, near.NaiveBest));
        Assert.Equal(0.125, near.Recipes[0].StandardError!.Value, 12);
        Assert.Null(near.Recipes[1].StandardError);

        // 0.25 in both folds, for certain.
        var apart = RecipeChoice.Of([evenly, better], "COVID", options: Few, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("better", apart.Chosen);
        Assert.Equal(0, apart.Recipes[0].StandardError);
        Assert.Equal("better", RecipeChoice.Of(
            [simple, better], "COVID", ChoiceRule.Best, options: Few, cancellationToken: TestContext.Current.CancellationToken).Chosen);
    }

    [Theory]
    [InlineData(ChoiceFigure.Auc)]
    [InlineData(ChoiceFigure.Accuracy)]
    public void Figures_and_differences_are_those_of_a_report(ChoiceFigure figure)
    {
        var recipes = World().Draw(1);
        var choice = RecipeChoice.Of(recipes, "COVID", figure: figure, options: Few, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var (recipe, i) in recipes.Select((recipe, i) => (recipe, i)))
        {
            Assert.Equal(recipe.Name, choice.Recipes[i].Name);
            Assert.Equal(Picked(FigureIntervals.Of(
                recipe.Predictions, "COVID", options: Few, cancellationToken: TestContext.Current.CancellationToken)), choice.Recipes[i].Figure);
            Assert.Equal(i == 0 ? null : Picked(FigureIntervals.OfDifference(
                recipe.Predictions, recipes[0].Predictions, "COVID", options: Few, cancellationToken: TestContext.Current.CancellationToken)),
                choice.Recipes[i].Difference);
        }

        EstimatedFigure Picked(FigureIntervals figures) => figure == ChoiceFigure.Auc ? figures.Auc : figures.Accuracy;
    }

    /// <summary>The same by repeating and leaving out rows, fold by fold, without any weights.</summary>
    [Theory]
    [InlineData(ChoiceRule.Best)]
    [InlineData(ChoiceRule.OneStandardError)]
    public void The_outer_figure_is_that_of_rows_that_are_repeated_and_left_out(ChoiceRule rule)
    {
        var recipes = World().Draw(2);
        var choice = RecipeChoice.Of(recipes, "COVID", rule, options: Few, cancellationToken: TestContext.Current.CancellationToken);
        Prediction[][] rows = [.. recipes.Select(recipe => recipe.Predictions.OrderBy(row => row.Path, StringComparer.Ordinal).ToArray())];
        var clusters = Clusters.Of(rows[0], "COVID");
        List<(int Chosen, double Outer, double Gain)> expected = [];
        double leftOfLast = 0;
        foreach (int[] weights in Weights(clusters, Few))
        {
            double[][] drawn = [.. rows.Select(recipe => Folds(recipe, row => weights[clusters.OfRow[row]]))];
            double[] means = [.. drawn.Select(folds => folds.Average())];
            int best = Array.IndexOf(means, means.Max());
            int chosen = rule == ChoiceRule.Best ? best : Array.FindIndex(drawn, folds => IsNear(folds, drawn[best]));
            double[] left = [.. rows.Select(recipe => Folds(recipe, row => weights[clusters.OfRow[row]] == 0 ? 1 : 0).Average())];
            expected.Add((chosen, left[chosen], left[chosen] - left[0]));
            leftOfLast += left[^1] / Few.Resamples;
        }

        Assert.Equal(expected.Average(draw => draw.Outer), choice.Outer.Value!.Value, 12);
        Assert.Equal(expected.Average(draw => draw.Gain), choice.Gain.Value!.Value, 12);
        Assert.Equal(leftOfLast, choice.Recipes[^1].Left!.Value, 12);
        Assert.True(expected.Select(draw => draw.Chosen).Distinct().Count() > 1);
        Assert.All(choice.Recipes, (recipe, i) => Assert.Equal(expected.Count(draw => draw.Chosen == i), recipe.Chosen));
        Assert.Equal(Sorted(0.025 * (Few.Resamples - 1)), choice.Outer.Interval!.Low, 12);
        Assert.Equal(Sorted(0.975 * (Few.Resamples - 1)), choice.Outer.Interval.High, 12);

        double Sorted(double place)
        {
            double[] ascending = [.. expected.Select(draw => draw.Outer).Order()];
            int below = (int)place;
            return ascending[below] + ((place - below) * (ascending[Math.Min(below + 1, ascending.Length - 1)] - ascending[below]));
        }

        double[] Folds(Prediction[] recipe, Func<int, int> times) =>
        [
            .. recipe.Index().GroupBy(row => row.Item.Fold).OrderBy(fold => fold.Key).Select(fold => FiguresOfMerit.AreaUnderCurve(
                fold.SelectMany(row => Enumerable.Repeat((row.Item.Label == "COVID", row.Item.Probability), times(row.Index))))).OfType<double>(),
        ];

        static bool IsNear(double[] folds, double[] best)
        {
            double[] below = [.. best.Zip(folds, (b, f) => b - f)];
            double mean = below.Average();
            return mean <= Math.Sqrt(below.Sum(d => (d - mean) * (d - mean)) / (below.Length - 1) / below.Length);
        }
    }

    [Fact]
    public void Neither_the_order_of_images_nor_the_names_of_patients_change_a_bit()
    {
        var recipes = World().Draw(3);
        var random = new CounterRandom(5);
        List<Recipe> others = [];
        foreach (var recipe in recipes)
        {
            Prediction[] rows = [.. recipe.Predictions.Select(row => row with { Patient = new([.. row.Patient!.Reverse()]) })];
            random.Shuffle(rows.AsSpan());
            others.Add((recipe.Name, rows));
        }

        Assert.Equal(Text(Chosen(recipes)), Text(Chosen(others)));
        Assert.NotEqual(Text(Chosen(recipes)), Text(RecipeChoice.Of(
            recipes, "COVID", options: new() { Resamples = 150, Seed = 1 }, cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Many_at_once_give_what_one_gives()
    {
        var recipes = World().Draw(4);
        string alone = Text(Chosen(recipes));
        string[] together = new string[8];
        Parallel.For(0, together.Length, i => together[i] = Text(Chosen(recipes)));
        Assert.All(together, text => Assert.Equal(alone, text));
    }

    [Fact]
    public void Of_one_recipe_the_outer_figure_is_nearly_the_plain_one()
    {
        var choice = Chosen([World().Draw(5)[0]]);
        Assert.Equal(("r0", "r0", 150), (choice.Chosen, choice.Best, choice.Recipes.Single().Chosen));
        Assert.Equal(choice.Recipes[0].Left!.Value, choice.Outer.Value!.Value, 15);
        Assert.Equal(new(0, null), choice.Gain);

        // Patients of many images weigh less among few, which is by chance more or less; on average it is nothing.
        double[] optimism = [.. ChoiceStudy.Of(new(10, 1.5, 0, 0, 0.7), ChoiceRule.Best, 100, 100).Choices.Select(one => one.Optimism!.Value)];
        output.WriteLine($"{optimism.Average()}");
        Assert.All(optimism, value => Assert.InRange(value, -0.05, 0.05));
        Assert.InRange(optimism.Average() / Math.Sqrt(optimism.Sum(value => value * value)) * optimism.Length, -3, 3);
        Assert.Null(choice.Recipes[0].Difference);
    }

    [Theory]
    [InlineData(ChoiceRule.Best)]
    [InlineData(ChoiceRule.OneStandardError)]
    public void Of_recipes_that_answer_alike_the_first_is_chosen_in_every_draw(ChoiceRule rule)
    {
        var rows = World().Draw(6)[0].Predictions;
        var choice = RecipeChoice.Of(
            [("a", rows), ("b", [.. rows.Reverse()]), ("c", rows)], "COVID", rule, options: Few,
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("a", "a"), (choice.Chosen, choice.Best));
        Assert.Equal([150, 0, 0], choice.Recipes.Select(recipe => recipe.Chosen));
        Assert.All(choice.Recipes.Skip(1), recipe => Assert.Equal(new(0, null), recipe.Difference));
        Assert.Equal(new(0, null), choice.Gain);
    }

    /// <summary>Constant answers tie all images: half of all pairs are right.</summary>
    [Fact]
    public void Answers_that_are_all_tied_come_to_one_half_in_every_draw()
    {
        IReadOnlyList<Prediction> tied = [.. World().Draw(7)[0].Predictions.Select(row => row with { Probability = 0.3 })];
        Assert.Equal(new(0.5, null), Chosen([("tied", tied), ("too", tied)]).Outer);
    }

    [Fact]
    public void A_recipe_that_never_errs_is_not_certain()
    {
        IReadOnlyList<Prediction> right = [.. World().Draw(8)[0].Predictions.Select(row => row with { Probability = row.Label == "COVID" ? 0.9 : 0.1 })];
        var outer = Chosen([("right", right)]).Outer;
        Assert.Equal(1.0, outer.Value);
        Assert.Equal(1.0, outer.Interval!.High);
        Assert.InRange(outer.Interval.Low, 0.8, 0.99);
    }

    /// <summary>Two patients of a class in one fold: in a part of the draws both are drawn, and none is left.</summary>
    [Fact]
    public void A_draw_that_leaves_no_class_to_compare_is_counted_and_left_out()
    {
        Prediction[] rows = [.. World().Draw(9)[0].Predictions.Where(row => row.Fold == 0)];
        string[] kept = [.. rows.Where(row => row.Label == "COVID").Select(row => row.Patient!).Distinct().Take(2)];
        var choice = Chosen([("few", [.. rows.Where(row => row.Label != "COVID" || kept.Contains(row.Patient))])]);
        Assert.InRange(choice.Undefined, 50, 100); // Half of 150.
        Assert.Equal(150, choice.Recipes[0].Chosen);
        Assert.NotNull(choice.Outer.Value);
        Assert.Null(choice.Outer.Interval);
    }

    [Fact]
    public void With_one_fold_there_is_no_standard_error_and_the_best_is_chosen()
    {
        Recipe[] recipes = [.. World().Draw(10).Select(recipe => (recipe.Name, (IReadOnlyList<Prediction>)[.. recipe.Predictions.Select(row => row with { Fold = 0 })]))];
        var choice = Chosen(recipes);
        Assert.Equal(choice.Best, choice.Chosen);
        Assert.All(choice.Recipes, recipe => Assert.Null(recipe.StandardError));
    }

    [Fact]
    public void What_cannot_be_chosen_from_is_said_in_a_sentence()
    {
        var (rows, path) = (World().Draw(11)[0].Predictions, World().Draw(11)[0].Predictions[0].Path);
        Fails("There is no recipe to choose; give one or more.");
        Fails("'a' is among the recipes more than once.", ("a", rows), ("a", rows));
        Fails("'a' has no predictions.", ("a", []));
        Fails($"'b' has no answer about '{path}', and 'a' has one; choose among recipes on the same images.", ("a", rows), ("b", [.. rows.Skip(1)]));
        Fails($"'a' has no answer about '{path}', and 'b' has one; choose among recipes on the same images.", ("a", [.. rows.Skip(1)]), ("b", rows));
        Fails($"'{path}' is in fold 0 of 'a' and in fold 4 of 'b'; choose among recipes on the same folds.", ("a", rows), ("b", First(row => row with { Fold = 4 })));
        Fails($"'{path}' is COVID of patient '0-0' from '' in 'a', and COVID of 'x' from '' in 'b'.", ("a", rows), ("b", First(row => row with { Patient = "x" })));
        Fails($"'{path}' is COVID of patient '0-0' from '' in 'a', and other of '0-0' from '' in 'b'.", ("a", rows), ("b", First(row => row with { Label = "other" })));
        Fails($"'{path}' was predicted more than once.", ("a", [.. rows, rows[0]]));
        Fails("A probability is NaN, not a finite number.", ("a", First(row => row with { Probability = double.NaN })));
        Fails(
            "No fold has images of both classes, so that no recipe has an area under the ROC curve to be chosen by.",
            ("a", [.. rows.Select(row => row with { Fold = row.Label == "COVID" ? 0 : 1 })]));
        Assert.Throws<OperationCanceledException>(() => RecipeChoice.Of([("a", rows)], "COVID", cancellationToken: new(canceled: true)));

        IReadOnlyList<Prediction> First(Func<Prediction, Prediction> change) => [change(rows[0]), .. rows.Skip(1)];

        static void Fails(string sentence, params Recipe[] recipes) =>
            Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => Chosen(recipes)).Message.Split(" (Parameter")[0]);
    }

    [Fact]
    public void A_choice_is_written_as_facts_and_read_back()
    {
        var choice = Chosen(World().Draw(12));
        var json = JsonNode.Parse(Text(choice))!.AsObject();
        Assert.Equal("auc", json["figure"]!.GetValue<string>());
        Assert.Equal("oneStandardError", json["rule"]!.GetValue<string>());
        Assert.Equal("patient", json["drawn"]!.GetValue<string>());
        Assert.False(json.ContainsKey("optimism"));
        var back = json.Deserialize(RecordsJson.Files.RecipeChoice)!;
        Assert.Equal(choice.Recipes, back.Recipes);
        Assert.Equal(choice with { Recipes = [] }, back with { Recipes = [] });
        Assert.Equal(choice.Optimism, back.Optimism);
    }

    /// <summary>The choice of each draw and its figure once more by NumPy and scikit-learn, from the same weights.</summary>
    [Theory]
    [Trait("Category", "Long")]
    [InlineData(ChoiceRule.Best)]
    [InlineData(ChoiceRule.OneStandardError)]
    public void Outer_figures_are_those_of_scikit_learn(ChoiceRule rule)
    {
        string? python = Environment.GetEnvironmentVariable("COVIDCT_PYTHON");
        Assert.SkipWhen(string.IsNullOrEmpty(python), "COVIDCT_PYTHON is not set.");
        using var folder = new TemporaryFolder();
        Assert.SkipWhen(Python(python!, "-c", "import sklearn").ExitCode != 0, "The interpreter that COVIDCT_PYTHON names has no scikit-learn.");
        var recipes = World().Draw(13);
        var choice = RecipeChoice.Of(recipes, "COVID", rule, options: Few, cancellationToken: TestContext.Current.CancellationToken);
        Prediction[][] rows = [.. recipes.Select(recipe => recipe.Predictions.OrderBy(row => row.Path, StringComparer.Ordinal).ToArray())];
        var clusters = Clusters.Of(rows[0], "COVID");
        Write("rows.csv", rows[0].Select((row, i) => (double[])
            [row.Fold, row.Label == "COVID" ? 1 : 0, clusters.OfRow[i], .. rows.Select(recipe => recipe[i].Probability)]));
        Write("weights.csv", Weights(clusters, Few).Select(weights => weights.Select(weight => (double)weight).ToArray()));

        string script = Path.Combine(AppContext.BaseDirectory, "../../../../../tests/reference/choose_recipe.py");
        var (exitCode, text) = Python(python!, Path.GetFullPath(script), folder["rows.csv"], folder["weights.csv"], $"{rule}");
        Assert.Equal(0, exitCode);
        var expected = JsonNode.Parse(text)!;
        output.WriteLine(text);
        Assert.Equal(expected["chosen"]!.GetValue<int>(), recipes.Index().Single(recipe => recipe.Item.Name == choice.Chosen).Index);
        Assert.Equal(expected["best"]!.GetValue<int>(), recipes.Index().Single(recipe => recipe.Item.Name == choice.Best).Index);
        Assert.Equal(expected["outer"]!.GetValue<double>(), choice.Outer.Value!.Value, 1e-12);
        Assert.Equal(expected["low"]!.GetValue<double>(), choice.Outer.Interval!.Low, 1e-12);
        Assert.Equal(expected["high"]!.GetValue<double>(), choice.Outer.Interval.High, 1e-12);
        Assert.Equal(expected["gain"]!.GetValue<double>(), choice.Gain.Value!.Value, 1e-12);
        Assert.Equal(expected["times"]!.AsArray().Select(times => times!.GetValue<int>()), choice.Recipes.Select(recipe => recipe.Chosen));
        Assert.All(choice.Recipes, (recipe, i) => Assert.Equal(expected["figures"]![i]!.GetValue<double>(), recipe.Figure.Value!.Value, 1e-12));

        void Write(string name, IEnumerable<double[]> lines) => File.WriteAllLines(
            folder[name], lines.Select(line => string.Join(',', line.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))));
    }

    private static SimulatedRecipes World() => new(10, 1.5, 0.7, 0.2, 0.7, 0.75, 0.8);

    private static RecipeChoice Chosen(IReadOnlyList<Recipe> recipes) =>
        RecipeChoice.Of(recipes, "COVID", options: Few, cancellationToken: TestContext.Current.CancellationToken);

    private static string Text(RecipeChoice choice) => JsonSerializer.Serialize(choice, RecordsJson.Files.RecipeChoice);

    /// <summary>Two images of either class in each of two folds, each of a patient of its own; the first fold's positive ones come first.</summary>
    private static IReadOnlyList<Prediction> TwoFolds(params double[][] probabilities) =>
    [
        .. from part in probabilities.Index()
           from image in part.Item.Index()
           select new Prediction(
               $"{part.Index}{image.Index}", part.Index % 2 == 0 ? "COVID" : "non-COVID", $"{part.Index}{image.Index}", "net", part.Index / 2, image.Item),
    ];

    /// <summary>How often each cluster is drawn, in each draw.</summary>
    private static List<int[]> Weights(Clusters clusters, BootstrapOptions options)
    {
        List<int[]> weights = [];
        ClusterBootstrap.Draw(clusters, 0, (drawn, _) => weights.Add(drawn.ToArray()), options, TestContext.Current.CancellationToken);
        return weights[^options.Resamples..];
    }

    private static (int ExitCode, string Output) Python(string python, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text);
    }
}
