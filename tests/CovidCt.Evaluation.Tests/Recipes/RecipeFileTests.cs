using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Recipes;

public class RecipeFileTests
{
    [Fact]
    public void What_a_recipe_leaves_out_is_the_papers()
    {
        var recipe = Parse("""{ "recipe": "mine", "epochs": 7, "lamb": { "learningRate": 0.001 } }""");
        var options = new StudyOptions { Training = { Threads = 3 } };
        recipe.ApplyTo(options);

        Assert.Equal("mine", options.Recipe);
        Assert.Equal((7, 32, NetworkPart.All, 3), (options.Training.Epochs, options.Training.BatchSize, options.Training.Train, options.Training.Threads));
        Assert.Equal(0.001, options.Training.Lamb.LearningRate);
        Assert.Equal(LambOptions.Authors.WeightNormLimit, options.Training.Lamb.WeightNormLimit);
        Assert.Equal(new AugmentationOptions().BlurProbability, options.Training.Augmentation.BlurProbability);
        Assert.Null(options.Training.Head);
    }

    [Fact]
    public void The_papers_recipe_changes_nothing_of_a_study_but_its_name()
    {
        var (plain, named) = (new StudyOptions(), new StudyOptions());
        Recipe.Paper.ApplyTo(named);
        Assert.Equal(Recipe.PaperName, named.Recipe);
        named.Recipe = null;
        Assert.Equal(RecipeFile.Text(Recipe.Of(plain)), RecipeFile.Text(Recipe.Of(named)));
    }

    [Fact]
    public void A_recipe_that_is_written_is_read_back_as_it_was()
    {
        foreach (var recipe in RecipeFile.Names.Select(RecipeFile.Find))
        {
            var text = RecipeFile.Text(recipe);
            Assert.Equal(text, RecipeFile.Text(Parse(text)));
        }
    }

    [Fact]
    public void Recipes_that_come_with_the_library_are_valid_and_say_what_they_are_and_when_they_were_fixed()
    {
        Assert.Equal(Recipe.PaperName, RecipeFile.Names[0]);
        Assert.True(RecipeFile.Names.Count > 1);
        foreach (var name in RecipeFile.Names)
        {
            var recipe = RecipeFile.Find(name);
            recipe.ThrowIfInvalid();
            Assert.Equal(name, recipe.Name);
            Assert.False(string.IsNullOrEmpty(recipe.About));
            Assert.True(name == Recipe.PaperName || recipe.Fixed is not null);
        }
    }

    [Fact]
    public void A_study_applied_to_a_recipe_and_taken_from_it_is_the_same()
    {
        var recipe = Parse("""
            {
              "recipe": "all", "input": "stretch", "epochs": 3, "batchSize": 5, "microBatchSize": 2, "train": "head",
              "head": { "start": "ridge", "rateFactor": 4, "linear": true }, "labelSmoothing": 0.1, "sampling": "patient",
              "lamb": { "weightDecay": 0.02 }, "augmentation": { "flipProbability": 0 }
            }
            """);
        var options = new StudyOptions();
        recipe.ApplyTo(options);
        Assert.Equal(CanvasFit.Stretch, options.Canvas.Fit);
        Assert.Equal(RecipeFile.Text(recipe), RecipeFile.Text(Recipe.Of(options)));
    }

    [Theory]
    [InlineData("{ \"recipe\": \"x\",\n \"epoch\": 3 }", "mine.json, line 2: there is no 'epoch'; there are recipe, about,")]
    [InlineData("{ \"recipe\": \"x\", \"lamb\": { \"learningRate\": \"big\" } }", "mine.json, line 1: 'learningRate' can't be \"big\": give a number.")]
    [InlineData("{ \"recipe\": \"x\",\n\n \"epochs\": 0 }", "mine.json, line 3: 'epochs' is 0, and it must be between 1 and 100000.")]
    [InlineData("{ \"recipe\": \"x\", \"head\": {\n\"start\": \"rich\" } }", "mine.json, line 2: 'start' can't be \"rich\": give one of random, ridge.")]
    [InlineData("{ \"recipe\": \"x\", \"epochs\": 3.5 }", "mine.json, line 1: 'epochs' can't be 3.5: give a whole number.")]
    [InlineData("{ \"recipe\": \"x\", \"epochs\": 3, \"epochs\": 4 }", "mine.json, line 1: 'epochs' is said twice.")]
    [InlineData("{ \"recipe\": \"x\", \"fixed\": \"yesterday\" }", "line 1: 'fixed' can't be \"yesterday\": give a day, such as \"2026-12-01\", or null.")]
    [InlineData("{ \"recipe\": \"x\", \"lamb\": null }", "line 1: 'lamb' can't be null: give an object, { … }.")]
    [InlineData("{ \"recipe\": \"x\", \"lamb\": { \"beta1\": 1.5 } }", "line 1: 'beta1' is 1.5, and it must be between 0 and 1 exclusive.")]
    [InlineData("{ \"recipe\": \"a/b\" }", "line 1: 'recipe' is \"a/b\", and it is to be of letters, digits,")]
    [InlineData("{ \"epochs\": 3 }", "mine.json: 'recipe' is missing; give one.")]
    [InlineData("[1]", "mine.json is no recipe: it is to be an object")]
    [InlineData("", "mine.json")]
    [InlineData("{ \"recipe\": \"x\" \"epochs\": 3 }", "mine.json, line 1: it is no JSON here.")]
    [InlineData("{ \"recipe\": \"x\" } {}", "mine.json, line 1: it is no JSON here.")]
    public void A_wrong_file_gets_one_sentence_with_line_and_word(string text, string expected)
    {
        var error = Assert.Throws<RecipeException>(() => Parse(text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Comments_and_a_byte_order_mark_are_passed_over()
    {
        var recipe = RecipeFile.Parse([0xEF, 0xBB, 0xBF, .. "{ // why\n \"recipe\": \"x\", }"u8], "mine.json");
        Assert.Equal("x", recipe.Name);
    }

    [Fact]
    public void A_name_that_is_unknown_is_told_with_those_there_are_and_a_file_that_is_missing_by_its_path()
    {
        Assert.Contains("There is no recipe 'nope': give one of paper,", Assert.Throws<RecipeException>(() => RecipeFile.Find("nope")).Message, StringComparison.Ordinal);
        Assert.Contains("./nope.json", Assert.Throws<RecipeException>(() => RecipeFile.Find("./nope.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_found_by_its_path()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "mine.json");
        File.WriteAllText(path, """{ "recipe": "mine" }""");
        Assert.Equal("mine", RecipeFile.Find(path).Name);
    }

    private static Recipe Parse(string text) => RecipeFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), "mine.json");
}
