using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>What a network comes to that was trained from several seeds on the same folds.</summary>
/// <param name="Network">The published name.</param>
/// <param name="Seeds">How many there are, from 2.</param>
/// <param name="Figures">Means over the seeds, with intervals for which seeds are drawn with the clusters of images.</param>
/// <param name="Std">
/// Sample standard deviation (n − 1) over the seeds of the figures that each has, which are means over the folds or of all their images.
/// </param>
public sealed record SeedSpread(string Network, int Seeds, FigureIntervals Figures, FiguresOfMerit Std)
{
    /// <summary>Of each of a study's networks that has more than one seed.</summary>
    /// <param name="study">The study, with its further trainings.</param>
    internal static IReadOnlyList<SeedSpread> Of(StudyReport study) => study.Results is not { Classes.Count: 2 } results
        ? []
        :
        [
            .. results.Networks.Select(network => (network.Name, Seeds: study.PredictionsBySeed(network.Name)))
                .Where(network => network.Seeds.Count > 1)
                .Select(network => new SeedSpread(
                    network.Name,
                    network.Seeds.Count,
                    FigureIntervals.OfSeeds(network.Seeds, results.Positive, StudyStatistics.SummaryOf(results)),
                    FiguresOfMerit.StandardDeviation([.. network.Seeds.Select(seed => FiguresOf(network.Name, seed, results))]))),
        ];

    private static FiguresOfMerit FiguresOf(string network, IReadOnlyList<Prediction> seed, CrossValidationReport results) =>
        NetworkResult.From(network, NetworkResult.Random, seed, results.Positive, results.IsPooled).Mean;
}
