namespace CovidCt.Records;

/// <summary>Maps and marked findings: means over the marked images whose right class was answered.</summary>
/// <param name="Images">The number of these images.</param>
/// <param name="PointingGame">The share of maps that point at a finding, in [0, 1].</param>
/// <param name="PointingChance">What pointing anywhere would have.</param>
/// <param name="EnergyInMask">The share of the maps' energy on findings, in [0, 1].</param>
/// <param name="MaskShare">The findings' share of the images, which is what a map without regard to them has.</param>
public sealed record FindingsAudit(int Images, double? PointingGame, double? PointingChance, double? EnergyInMask, double? MaskShare);
