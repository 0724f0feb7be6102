using CovidCt.Evaluation;
using CovidCt.Recipes;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>A choice among recipes that networks were trained by on the same folds: what <c>search.json</c> holds.</summary>
/// <param name="Networks">One choice a network, in the study's order.</param>
public sealed record RecipeSearch(IReadOnlyList<RecipeSearch.Network> Networks)
{
    /// <summary>Chooses, network by network, by the area under the ROC curve and the one-standard-error rule.</summary>
    /// <param name="study">A study with further recipes; its own is the simplest.</param>
    /// <param name="cancellationToken">Looked at before each draw.</param>
    /// <exception cref="ArgumentException">It has none, or no fold has images of both classes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RecipeSearch Of(StudyResult study, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (study.Recipes.Count == 0)
        {
            throw new ArgumentException("The study has no further recipes to choose from.", nameof(study));
        }

        var positive = study.Dataset.Classes[study.Dataset.Positive];
        return new(
        [
            .. study.Options.Networks.Select(network => new Network(
                network,
                RecipeChoice.Of(
                    [
                        .. study.Recipes.Prepend(study).Select(recipe => (
                            recipe.Options.Recipe ?? Recipe.PaperName,
                            (IReadOnlyList<Prediction>)[.. recipe.Predictions.Where(prediction => prediction.Network == network)])),
                    ],
                    positive,
                    cancellationToken: cancellationToken))),
        ]);
    }

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(string path) => JsonFiles.Write(path, this, RecordsJson.Files.RecipeSearch);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static RecipeSearch Read(string path) => JsonFiles.Read(
        path, RecordsJson.Files.RecipeSearch, "holds no choice among recipes");

    /// <summary>The choice for one network.</summary>
    /// <param name="Name">Its published name.</param>
    /// <param name="Choice">The choice.</param>
    public sealed record Network(string Name, RecipeChoice Choice);
}
