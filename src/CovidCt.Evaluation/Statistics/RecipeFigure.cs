namespace CovidCt.Statistics;

/// <summary>What one of the recipes that were chosen from comes to.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Figure">
/// Its figure on all images as a report has it, with a BCa interval by <see cref="ClusterBootstrap"/>. Of the recipe that is best it is too
/// high by what choosing it adds.
/// </param>
/// <param name="Difference">How much its figure is above the first recipe's, with a BCa interval; null of the first one.</param>
/// <param name="StandardError">
/// Of how much it is below the best recipe on all images, over the folds; null of the best one, and with fewer than two folds.
/// </param>
/// <param name="Chosen">In how many of the draws it was chosen.</param>
public sealed record RecipeFigure(string Name, EstimatedFigure Figure, EstimatedFigure? Difference, double? StandardError, int Chosen);
