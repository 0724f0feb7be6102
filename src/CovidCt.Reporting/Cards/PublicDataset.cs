using CovidCt.Data;
using static CovidCt.Reporting.Cards.Signal;

namespace CovidCt.Reporting.Cards;

/// <summary>What is published of how a public data set came about, which no file of a study holds.</summary>
/// <param name="Name">The name that the data set has here.</param>
/// <param name="Reference">Where it was published.</param>
/// <param name="Collected">How its images came together, after its name.</param>
internal sealed record PublicDataset(string Name, string Reference, string Collected)
{
    private const string Covid19Reference = "Yang et al., arXiv 2003.13865";

    /// <summary>Whether its sources are appropriate; null where that isn't known, as of all that follows.</summary>
    public Signal? Sources { get; init; }

    /// <summary>Whether the way in which it was collected is.</summary>
    public Signal? Design { get; init; }

    /// <summary>Whether it stands for the people in question.</summary>
    public Signal? Representative { get; init; }

    /// <summary>Whether slices were chosen without knowing the label.</summary>
    public Signal? Blind { get; init; }

    /// <summary>Whether labels are appropriate.</summary>
    public Signal? Outcome { get; init; }

    /// <summary>Whether labels came about in one way.</summary>
    public Signal? SameOutcome { get; init; }

    /// <summary>What several patients have in common, which folds by patient divide.</summary>
    public string? SharedOrigin { get; init; }

    /// <summary>Whether the paper chose its recipe by results on it.</summary>
    public bool ChoseTheRecipe { get; init; }

    private static readonly PublicDataset[] All =
    [
        new("COVID19-CT", Covid19Reference, "COVID images were cut from the figures of publications, the others taken from collections.")
        {
            Sources = No("COVID images come from the figures of publications, the others from collections.", Covid19Reference),
            Design = No("Each class was collected by itself, so that their shares are the collectors’ and no clinic’s.", Covid19Reference),
            Representative = No("Published and collected cases are those that were worth showing.", Covid19Reference),
            Blind = No("Authors of publications and collections chose the slices, and knew the diagnosis.", Covid19Reference),
            Outcome = ProbablyNo("A label is what the publication or collection says of its figure.", Covid19Reference),
            SameOutcome = No("One class is labelled by publications, the other by collections.", Covid19Reference),
            SharedOrigin = "Several patients come from one publication, and folds by patient don’t keep these together.",
            ChoseTheRecipe = true,
        },
        new(
            "SARS-CoV-2 CT-scan",
            "Soares et al., medRxiv 2020.04.24.20078584",
            "scans of hospitals in São Paulo were published as a collection.")
        {
            ChoseTheRecipe = true,
        },
    ];

    /// <summary>The data set that a study's networks are trained on; null where nothing is known of it.</summary>
    public static PublicDataset? TrainedOn(StudyFacts facts) => Find(facts, ..1);

    /// <summary>The data set that they are tested on.</summary>
    public static PublicDataset? TestedOn(StudyFacts facts) => Find(facts, ^1..);

    /// <summary>Both, or the one that is both; none where nothing is known of one of them.</summary>
    public static IReadOnlyList<PublicDataset> AllOf(StudyFacts facts) =>
        (TrainedOn(facts), TestedOn(facts)) is ({ } trained, { } tested) ? [.. new[] { trained, tested }.Distinct()] : [];

    // What predictions are called that were made elsewhere says little of their images.
    private static PublicDataset? Find(StudyFacts facts, Range part) => facts.IsGiven
        ? null
        : All.FirstOrDefault(known => known.Name == facts.Study.Dataset.Split(CtDataset.TestedOnWords)[part].Single());
}
