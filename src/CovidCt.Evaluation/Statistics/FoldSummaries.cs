namespace CovidCt.Statistics;

/// <summary>How folds become one figure where the predictions alone can tell.</summary>
internal static class FoldSummaries
{
    /// <summary>
    /// Means over the folds where each patient lies in one fold, and pooled where one lies in several and so is in no fold alone. Scores
    /// of different networks have no common order, so that pooling them puts an area too low or too high: Airola et al., "A comparison of
    /// AUC estimators in small-sample studies", JMLR W&amp;CP 2010, 8, 3-13; Forman and Scholz, "Apples-to-apples in cross-validation
    /// studies", SIGKDD Explorations 2010, 12(1), 49-57.
    /// </summary>
    /// <param name="parts">Whose an image is, and the fold that tests it.</param>
    public static FoldSummary For<TWhole>(IEnumerable<(TWhole Whole, int Fold)> parts)
        where TWhole : notnull =>
        parts.Distinct().CountBy(part => part.Whole).Any(whole => whole.Value > 1)
            ? FoldSummary.Pooled
            : FoldSummary.Mean;
}
