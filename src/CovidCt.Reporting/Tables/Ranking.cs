using CovidCt.Evaluation;

namespace CovidCt.Reporting.Tables;

/// <summary>Networks by their figures.</summary>
internal static class Ranking
{
    /// <summary>Those with an accuracy, the highest first.</summary>
    /// <param name="results">The results.</param>
    public static IReadOnlyList<NetworkResult> ByAccuracy(CrossValidationReport results) =>
        [.. results.Networks.Where(network => network.Mean.Accuracy is not null).OrderByDescending(network => network.Mean.Accuracy)];
}
