using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>
/// What maps are worth: means over audited images with their 95 % intervals (<see cref="EstimatedFigure.OfMean"/>), or differences of
/// two kinds of maps on the same images, image by image.
/// </summary>
/// <param name="Evidence">How much more the marked patches hold than the others, in nats of the class's log-odds.</param>
/// <param name="Faithfulness">The correlation of the map with what the network loses without a patch, in [−1, 1].</param>
/// <param name="Deletion">The area under the deletion curve, in [0, 1]; the better the map, the lower.</param>
/// <param name="Insertion">The area under the insertion curve, in [0, 1]; the better the map, the higher.</param>
/// <param name="Road">ROAD's score, in [−1, 1]; the better the map, the higher.</param>
/// <param name="EnergyOutside">The share of the map's energy that lies in the padding, in [0, 1].</param>
/// <param name="PointingGame">The share of maps that point at a finding, in [0, 1]; undefined where nothing is marked.</param>
/// <param name="EnergyInMask">The share of the maps' energy on findings, in [0, 1]; undefined where nothing is marked.</param>
public sealed record MapFigures(
    EstimatedFigure Evidence,
    EstimatedFigure Faithfulness,
    EstimatedFigure Deletion,
    EstimatedFigure Insertion,
    EstimatedFigure Road,
    EstimatedFigure EnergyOutside,
    EstimatedFigure PointingGame,
    EstimatedFigure EnergyInMask);
