namespace CovidCt.Records;

/// <summary>The runs of one network.</summary>
/// <param name="Network">The published name.</param>
/// <param name="Initialization"><c>imagenet</c> or <c>random</c>.</param>
/// <param name="Folds">One run a fold.</param>
public sealed record NetworkRun(string Network, string Initialization, IReadOnlyList<FoldRun> Folds);
