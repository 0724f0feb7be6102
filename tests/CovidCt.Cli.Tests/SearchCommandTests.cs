using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

/// <summary><c>search</c>, and <c>--recipe</c> of <c>reproduce</c>.</summary>
public sealed class SearchCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void A_search_ends_in_the_table_of_all_recipes_and_its_stages_leave_what_one_command_leaves()
    {
        _place.WritePhantom(imagesOfEach: 4);
        File.WriteAllText(_place.PathOf("mine.json"), """{ "recipe": "mine", "head": { "start": "ridge", "linear": true }, "sampling": "patient" }""");
        File.WriteAllText(_place.PathOf("flat.json"), """{ "recipe": "flat", "input": "stretch" }""");
        string[] asked =
        [
            "--recipes", "paper", "mine.json", "flat.json", "--data", "data", "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "2",
            "--batch-size", "2", "--threads", "1", "--controls", "none",
        ];
        var whole = _place.Run(["search", .. asked, "--out", "whole"]).Exits(0).Output;
        Assert.Contains("Recipes paper, mine, flat, of which what follows is the first, with --epochs 2, --batch-size 2: ", whole, StringComparison.Ordinal);
        Assert.Contains("Recipe mine, 2 of 3", whole, StringComparison.Ordinal);
        Assert.Contains(" is chosen, ", whole, StringComparison.Ordinal);

        _place.Run(["prepare", .. asked, "--out", "out"]).Exits(0);
        _place.Run("train", "--study", "out", "--shard", "1/2").Exits(0);
        _place.Run("train", "--study", "out").Exits(0);
        _place.Run("finish", "--study", "out").Exits(0);

        Assert.Equal(File.ReadAllText(_place.PathOf("whole/search.json")), File.ReadAllText(_place.PathOf("out/search.json")));
        var choice = JsonNode.Parse(File.ReadAllText(_place.PathOf("out/search.json")))!["networks"]![0]!["choice"]!;
        Assert.Equal(["paper", "mine", "flat"], choice["recipes"]!.AsArray().Select(recipe => (string?)recipe!["name"]));
        Assert.Contains("the recipes in their order from the simplest", File.ReadAllText(_place.PathOf("out/report.html")), StringComparison.Ordinal);
        Assert.Contains("mine with --epochs 2, --batch-size 2: ", File.ReadAllText(_place.PathOf("out/recipes/mine/MODEL_CARD.md")), StringComparison.OrdinalIgnoreCase);

        // The study by a recipe is the one that reproduce makes of it.
        _place.Run(["reproduce", "--recipe", "mine.json", .. asked[4..], "--out", "mine"]).Exits(0);
        Assert.Equal(
            File.ReadAllBytes(_place.PathOf("mine/runs/squeezenet1_1/fold-1/network.safetensors")),
            File.ReadAllBytes(_place.PathOf("out/recipes/mine/runs/squeezenet1_1/fold-1/network.safetensors")));
    }

    [Theory]
    [InlineData("two or more", "search")]
    [InlineData("two or more", "search", "--recipes", "paper")]
    [InlineData("There is no recipe 'nope': give one of paper,", "search", "--recipes", "paper", "nope")]
    [InlineData("Two recipes are named paper", "search", "--recipes", "paper", "paper")]
    [InlineData("./nope.json", "reproduce", "--recipe", "./nope.json")]
    [InlineData("'--recipe'", "search", "--recipe", "paper")]
    public void What_cannot_be_is_told_and_leaves_nothing_behind(string word, params string[] arguments)
    {
        _place.Run([.. arguments, "--json"]).Fails(2, word);
        Assert.Empty(_place.Entries());
    }

    [Fact]
    public void A_wrong_file_is_told_by_its_line_and_word()
    {
        File.WriteAllText(_place.PathOf("mine.json"), "{ \"recipe\": \"mine\",\n  \"epoch\": 3 }");
        _place.Run("reproduce", "--recipe", "mine.json", "--json").Fails(2, "mine.json, line 2: there is no 'epoch'");
        Assert.Equal(["mine.json"], _place.Entries());
    }
}
