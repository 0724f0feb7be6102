namespace CovidCt.Statistics;

/// <summary>What one of the recipes that were chosen from comes to.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Figure">
/// Its figure on all images as a report has it, with a BCa interval by <see cref="ClusterBootstrap"/>. Of the recipe that is best it is too
/// high by what choosing it adds.
/// </param>
/// <param name="Difference">How much its figure is above the first recipe's, with a BCa interval; null of the first one.</param>
/// <param name="Left">
/// Its figure on the clusters that were not drawn, mean over the draws, whichever recipe was chosen. Apart from chance it is
/// <paramref name="Figure"/>, but for clusters of many images, which weigh less among few clusters. Null where no draw has one.
/// </param>
/// <param name="StandardError">
/// Of how much it is below the best recipe on all images, over the folds; null of the best one, and with fewer than two folds.
/// </param>
/// <param name="Chosen">In how many of the draws it was chosen.</param>
public sealed record RecipeFigure(
    string Name, EstimatedFigure Figure, EstimatedFigure? Difference, double? Left, double? StandardError, int Chosen);
