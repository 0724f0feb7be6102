namespace CovidCt.Records;

/// <summary>The controls of one network.</summary>
/// <param name="Network">The published name.</param>
/// <param name="Initialization">
/// What its features come from: <c>imagenet</c> or <c>random</c> weights, before any training on the data.
/// </param>
/// <param name="Results">One a control, way of drawing folds, and classifier.</param>
public sealed record NetworkControls(string Network, string Initialization, IReadOnlyList<ControlResult> Results);
