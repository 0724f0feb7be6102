using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>How much of the maps lies in the lungs, of the audited images of which it is known where these are.</summary>
/// <param name="Images">The number of these images.</param>
/// <param name="EnergyInLungs">The mean share of a map's energy there, in [0, 1], with its 95 % interval.</param>
/// <param name="LungShare">The lungs' mean share of the images, in [0, 1], which is what an even map has of its energy there.</param>
public sealed record LungsAudit(int Images, EstimatedFigure EnergyInLungs, double LungShare);
