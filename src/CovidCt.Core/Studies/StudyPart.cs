using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>A study, or one of those below it: its networks trained as a control, from a further seed, or by a further recipe.</summary>
/// <param name="Path">Its path within the study's folder, such as <c>seeds/1</c>; empty for the study itself.</param>
/// <param name="Options">What it is asked to do.</param>
/// <param name="Begun">What is told when its training begins; null for the study itself.</param>
internal sealed record StudyPart(string Path, StudyOptions Options, StudyProgress? Begun)
{
    /// <summary>All parts of a study, itself first.</summary>
    /// <param name="dataset">The whole data set.</param>
    /// <param name="options">What the study is asked to do.</param>
    public static IReadOnlyList<StudyPart> Of(CtDataset dataset, StudyOptions options) =>
        [new("", options, null), .. Controls(dataset, options), .. Seeds(options), .. Recipes(options)];

    /// <summary>
    /// Networks trained on labels that mean nothing, dealt by patient and, where there are enough, by source, and on images without lungs.
    /// </summary>
    private static IEnumerable<StudyPart> Controls(CtDataset dataset, StudyOptions options)
    {
        if (options.Controls != StudyControls.Retrained)
        {
            yield break;
        }

        var chosen = options.TakenFrom(dataset);
        foreach (var (kind, name) in StudyReport.RetrainedControls)
        {
            if (kind == ControlKind.SourceLabels && !RandomLabels.CanDealBySource(chosen, options.Folds))
            {
                continue; // There is nothing to deal.
            }

            var asked = Alone(options);
            asked.Control = kind;
            yield return new($"{StudyLayout.RetrainedName}/{name}", asked, new Study.ControlBegun(name));
        }
    }

    private static IEnumerable<StudyPart> Seeds(StudyOptions options)
    {
        for (var repetition = 1; repetition < options.Seeds; repetition++)
        {
            var asked = Alone(options);
            asked.Repetition = repetition;
            yield return new(
                FormattableString.Invariant($"{StudyLayout.SeedsName}/{repetition}"), asked,
                new Study.SeedBegun(repetition, options.Seeds));
        }
    }

    private static IEnumerable<StudyPart> Recipes(StudyOptions options)
    {
        foreach (var (index, recipe) in options.Recipes.Index())
        {
            var asked = Alone(options);
            recipe.ApplyTo(asked);
            yield return new(
                $"{StudyLayout.RecipesName}/{recipe.Name}", asked,
                new Study.RecipeBegun(recipe.Name, index + 1, options.Recipes.Count + 1));
        }
    }

    private static StudyOptions Alone(StudyOptions options)
    {
        var asked = options.Clone();
        (asked.Controls, asked.Seeds, asked.Recipes) = (StudyControls.None, 1, []);
        return asked;
    }
}
