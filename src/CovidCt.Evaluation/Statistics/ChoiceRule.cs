namespace CovidCt.Statistics;

/// <summary>How one of several recipes is chosen; of equals, the simplest.</summary>
public enum ChoiceRule
{
    /// <summary>
    /// The simplest recipe that is below the best one by at most one standard error of the difference between the two: Breiman, Friedman,
    /// Olshen and Stone, "Classification and regression trees", 1984, section 3.4.3. Folds are shared, and what makes one hard does so for
    /// both recipes, so that the error is that of the differences in each fold, over the root of their number, and not that of the best
    /// one's figures. With fewer than two folds there is none, and the best is chosen.
    /// </summary>
    OneStandardError,

    /// <summary>The recipe with the highest figure.</summary>
    Best,
}
