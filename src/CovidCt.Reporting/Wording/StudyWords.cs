using CovidCt.Evaluation;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>What a study did, and how far it has come, in plain language.</summary>
internal static class StudyWords
{
    /// <summary>What can be done about a study that is not finished.</summary>
    public const string CanGoOn =
        "Run again in the same folder and with the same settings, it goes on: what is finished is not done again.";

    /// <summary>Which networks were trained to do what; <see cref="DesignWords.Plain"/> goes on.</summary>
    /// <param name="displayNames">Of the networks.</param>
    /// <param name="classes">What is told apart: <see cref="Classes"/>.</param>
    /// <param name="isPhantom">Whether the images are drawings.</param>
    public static string Trained(IReadOnlyList<string> displayNames, string classes, bool isPhantom)
    {
        var networks = displayNames.Count == 1
            ? $"One network ({displayNames[0]}) was"
            : $"{Lists.Capital(Numbers.Numeral(displayNames.Count))} networks ({Lists.Listed(displayNames)}) were each";
        var images = isPhantom ? "generated drawings that look like slices of chest CT scans" : "slices of chest CT scans";
        return $"{networks} trained to tell {classes} on {images}";
    }

    /// <summary>The classes that are told apart.</summary>
    public static string Classes(CrossValidationReport? results) => results is { Classes.Count: 2 }
        ? $"{results.Positive} from {results.Classes.First(name => name != results.Positive)}"
        : "two classes apart";

    /// <summary>What training began with.</summary>
    public static string Began(IReadOnlyList<NetworkResult> networks, Func<string, string> displayName)
    {
        List<string> random =
        [
            .. networks.Where(network => network.Initialization == NetworkResult.Random).Select(network => displayName(network.Name)),
        ];
        return random.Count == 0 ? "Training began with weights learned on ImageNet."
            : random.Count == networks.Count ? "Training began with random weights, and not with ImageNet’s as in the paper."
            : $"Training began with weights learned on ImageNet, but for {Lists.Listed(random)}, which began with random ones.";
    }

    /// <summary>The data set with its sizes, and what was left out, as a phrase.</summary>
    /// <param name="results">The results.</param>
    /// <param name="images">The images that are known: with those that are trained on alone, or without them.</param>
    /// <param name="knowsAll">Whether every fold has been tested.</param>
    public static string Data(CrossValidationReport results, IReadOnlyList<FoldRow> images, bool knowsAll)
    {
        var counts = images.CountBy(image => image.Label).ToDictionary();
        var classes = Lists.Listed(
            results.Classes.Select(name => $"{Numbers.Whole(counts.GetValueOrDefault(name))} {DataWords.Class(name)}"));
        List<FoldRow> tested = [.. images.Where(image => image.Fold is not null)];
        var isPart = tested.Count < images.Count;
        var kind = isPart || !DesignWords.IsOneTest(results) ? "image" : "test image";
        var forTesting = isPart ? $", {Numbers.Counted(tested.Count, "image")}{DataWords.OfPatients(tested)} of them for testing" : "";
        var soFar = knowsAll ? "" : " in the parts tested so far";
        var count = results.Rejected.Count;
        var rejected = count == 0
            ? ""
            : $"; {Numbers.Counted(count, "further file")} could not be read and {Numbers.WereOf(count)} left out";
        return $"{results.Dataset}: {Numbers.Counted(images.Count, kind)}{DataWords.OfPatients(images)} ({classes})"
            + $"{forTesting}{soFar}{rejected}";
    }

    /// <summary>What was chosen, and on what: nothing but by a search among recipes, though the paper's was before.</summary>
    /// <param name="study">The study.</param>
    public static string Chosen(StudyReport study)
    {
        var here = study.Search is { Networks: [{ Choice.Recipes.Count: var recipes }, ..] }
            ? $"Among {Numbers.Numeral(recipes)} recipes that were fixed beforehand one was chosen for each network, by test images of "
                + "these folds: the figures of the recipes took part in the choice, and what it comes to on others stands beside them."
            : "Nothing was chosen in this study: the recipe was fixed beforehand, and the figures are those of the last epoch.";
        var follows = study.Options.Recipe is null or Recipe.PaperName
            ? "recipe follows a paper whose authors chose it"
            : "recipe takes over much from a paper whose authors chose theirs";
        return study.IsPhantom ? here
            : PublishedFigures.AreOf(study.Dataset)
                ? $"{here} But the {follows} on images of this data set, those that are tested on here too."
                : $"{here} The {follows} on other data sets.";
    }

    /// <summary>What chose the network that is kept, as a phrase.</summary>
    public static string Selection(StudyReport study) => study.Search is null
        ? "none: the recipe was fixed beforehand, and each network is taken after the last epoch"
        : "the first of several recipes that were fixed beforehand; each network is taken after the last epoch";

    /// <summary>A published value to compare with.</summary>
    public static string Published(PublishedFigures published, Func<string, string> displayName)
    {
        var network = published.Network is null ? "" : $"{displayName(published.Network)}, ";
        var folds = published.GroupBy is { } groupBy ? $"folds by {groupBy}" : "on folds that are not known";
        return $"Published for this data set ({network}{published.What}, {folds}): "
            + $"accuracy {Numbers.Percent(published.Figures.Accuracy, published.Spread?.Accuracy)} %.";
    }

    /// <summary>What a study that is not finished lacks.</summary>
    public static string StillToDo(int finished, int runs) =>
        finished == 0 ? "There are no figures yet."
        : finished == runs ? "What is still to be done is to conclude it: there is no results.json yet."
        : "All figures below are of the finished runs alone, and will change.";

    /// <summary>The folds that a network lacks.</summary>
    /// <param name="lacking">Its runs that are not finished; at least one.</param>
    /// <param name="folds">How many folds there are.</param>
    public static string Lacking(IReadOnlyList<RunReport> lacking, int folds)
    {
        List<string> begun = [.. lacking.Where(run => run.HasBegun).Select(run => Numbers.Whole(run.Fold))];
        var without = $"without {(lacking.Count == 1 ? "fold" : "folds")} "
            + $"{string.Join(", ", lacking.Select(run => Numbers.Whole(run.Fold)))}";
        var what = lacking.Count < folds ? without : begun.Count > 0 ? "no fold is finished" : "not begun";
        return begun.Count == 0 ? what : $"{what} (begun: fold {string.Join(", ", begun)})";
    }
}
