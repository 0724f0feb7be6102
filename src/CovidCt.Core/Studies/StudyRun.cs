namespace CovidCt.Studies;

/// <summary>A network on a fold: what one run of a study is.</summary>
/// <param name="Network">The network's published name.</param>
/// <param name="Fold">The fold, from 0.</param>
public readonly record struct StudyRun(string Network, int Fold);
