namespace CovidCt.Records;

/// <summary>
/// Images whose findings are marked and whose right class was answered, and what a map without regard to the findings has there:
/// <see cref="MapFigures.PointingGame"/> and <see cref="MapFigures.EnergyInMask"/> are what maps have.
/// </summary>
/// <param name="Images">The number of these images.</param>
/// <param name="PointingChance">What pointing anywhere has of the pointing game, in [0, 1].</param>
/// <param name="MaskShare">The findings' share of the images, in [0, 1], which is what an even map has of its energy there.</param>
public sealed record FindingsAudit(int Images, double? PointingChance, double? MaskShare);
