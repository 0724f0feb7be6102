using CovidCt.Statistics;

namespace CovidCt.Maps;

/// <summary>How maps have changed once the network is randomised down to a level.</summary>
/// <param name="Layer">The part of the network that was randomised last; those after it were before.</param>
/// <param name="RankCorrelation">
/// The mean over the images of Spearman's rank correlation between the normalised map and that of the
/// whole network, in [−1, 1]; undefined where no image defines one.
/// </param>
/// <param name="Defined">The number of images that define a correlation: not those with a constant map.</param>
/// <param name="Ssim">The mean over the images of the structural similarity between the two on the canvas, in [−1, 1].</param>
public sealed record RandomisationLevel(string Layer, EstimatedFigure RankCorrelation, int Defined, EstimatedFigure Ssim);
