using System.Text.Json.Nodes;
using CovidCt.Data;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

/// <summary>Studies that train networks by several recipes on the same folds.</summary>
public sealed class StudyRecipesTests(StudyRecipesTests.Data data) : IClassFixture<StudyRecipesTests.Data>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_study_itself_is_by_the_first_recipe_and_each_further_one_is_a_study_below_it_on_the_same_folds()
    {
        Assert.Equal(["paper", "other"], data.Result.Recipes.Prepend(data.Result).Select(recipe => recipe.Options.Recipe));
        Assert.Equal([("other", 1, 2)], data.Told.OfType<Study.RecipeBegun>().Select(begun => (begun.Name, begun.Number, begun.Recipes)));
        Assert.Equal(data.Whole[StudyLayout.FoldsName], data.Whole[Path.Combine("recipes", "other", StudyLayout.FoldsName)]);
        var other = JsonNode.Parse(data.Whole[Path.Combine("recipes", "other", StudyLayout.ConfigurationName)])!["study"]!;
        Assert.Equal("other", (string?)other["recipe"]);
        Assert.Equal("ridge", (string?)other["training"]!["head"]!["start"]);
        var run = JsonNode.Parse(data.Whole[Path.Combine("recipes", "other", "runs", Data.Network, "fold-0", "configuration.json")])!["study"]!;
        Assert.Null(run["recipe"]); // The name decides no bit.
        Assert.Equal("patient", (string?)run["training"]!["sampling"]);
    }

    [Fact]
    public void The_plan_has_the_runs_of_every_recipe() => Assert.Equal(
        [
            "recipes/other/squeezenet1_1/fold-0", "recipes/other/squeezenet1_1/fold-1", "squeezenet1_1/fold-0", "squeezenet1_1/fold-1",
        ],
        data.Result.Layout.ReadPlan().Runs.Select(run => run.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void The_recipe_is_chosen_from_the_predictions_of_all_of_them()
    {
        var choice = Assert.Single(RecipeSearch.Of(data.Result, TestContext.Current.CancellationToken).Networks).Choice;

        Assert.Equal(["paper", "other"], choice.Recipes.Select(recipe => recipe.Name));
        Assert.InRange(choice.Recipes.Sum(recipe => recipe.Chosen), choice.Draws - choice.Undefined, choice.Draws);
        Assert.Equal(
            data.Result.Recipes.Prepend(data.Result).Select(recipe => recipe.Report().Networks[0].Mean.Auc),
            choice.Recipes.Select(recipe => recipe.Figure.Value));
    }

    [Fact]
    public void A_choice_that_is_written_is_read_back_as_it_was()
    {
        var search = RecipeSearch.Of(data.Result, TestContext.Current.CancellationToken);
        search.Write(_folder["a.json"]);
        RecipeSearch.Read(_folder["a.json"]).Write(_folder["b.json"]);
        Assert.Equal(File.ReadAllText(_folder["a.json"]), File.ReadAllText(_folder["b.json"]));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_search_that_was_stopped_in_a_further_recipe_goes_on_to_the_same_bits()
    {
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken))
        {
            var isOther = false;
            Assert.Throws<OperationCanceledException>(() => data.Run(_folder["out"], told =>
            {
                isOther |= told is Study.RecipeBegun;
                if (isOther && told is Study.FoldProgress { Fold: 1, Epoch: 1 })
                {
                    stop.Cancel();
                }
            }, stop.Token));
        }

        var last = new StudyLayout(_folder["out"]).OfRecipe("other").Run(Data.Network, 1);
        Assert.True(File.Exists(last.Checkpoint) && !last.IsFinished);

        data.Run(_folder["out"], _ => { }, TestContext.Current.CancellationToken);

        var resumed = StudySeedsTests.Data.FilesOf(_folder["out"]);
        Assert.All(data.Whole, file => Assert.True(file.Value.AsSpan().SequenceEqual(resumed[file.Key]), $"{file.Key} differs."));
    }

    [Fact]
    public void Two_recipes_of_one_name_are_refused()
    {
        var options = new StudyOptions { Networks = [Data.Network], Recipes = [new() { Name = "a" }, new() { Name = "A" }] };
        Assert.Contains("Two recipes are named", Assert.Throws<ArgumentException>(options.ThrowIfInvalid).Message, StringComparison.Ordinal);
        options.Recipes = [new() { Name = "paper" }];
        Assert.Contains("Two recipes are named", Assert.Throws<ArgumentException>(options.ThrowIfInvalid).Message, StringComparison.Ordinal);
    }

    /// <summary>One data set, and a search on it.</summary>
    public sealed class Data : IDisposable
    {
        public const string Network = "squeezenet1_1";

        private readonly TemporaryFolder _folder = new();

        public Data()
        {
            Phantom.Write(_folder["data"], patients: 8);
            Result = Run(_folder["whole"], Told.Add, CancellationToken.None);
            Whole = StudySeedsTests.Data.FilesOf(_folder["whole"]);
        }

        public IReadOnlyDictionary<string, byte[]> Whole { get; }

        public StudyResult Result { get; }

        internal List<StudyProgress> Told { get; } = [];

        internal StudyResult Run(string folder, Action<StudyProgress> told, CancellationToken cancellationToken)
        {
            var options = new StudyOptions
            {
                Networks = [Network],
                GroupBy = GroupBy.Patient,
                Folds = 2,
                InputSize = new(48, 40),
                Controls = StudyControls.None,
                Training = { Threads = 1 },
                Recipes =
                [
                    new()
                    {
                        Name = "other",
                        Epochs = 3,
                        BatchSize = 4,
                        Head = new() { Start = HeadStart.Ridge, RateFactor = 10, Linear = true },
                        LabelSmoothing = 0.1,
                        Sampling = RowSampling.Patient,
                        Augmentation = new() { Gamma = 0.3, ResolutionMin = 0.5, JpegProbability = 1 },
                    },
                ],
            };
            new Recipe { Name = Recipe.PaperName, Epochs = 2, BatchSize = 8 }.ApplyTo(options);
            using var study = StudyFolder.Open(folder, resume: true);
            return new Study().Run(CtDataset.Open(_folder["data"]), options, study, new Relay<StudyProgress>(told), cancellationToken);
        }

        public void Dispose() => _folder.Dispose();
    }
}
