namespace CovidCt.Studies;

/// <summary>How far the work on a finished run is.</summary>
/// <param name="Kind">What is being done.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">How much there is.</param>
public readonly record struct RunStep(RunStepKind Kind, int Done, int Total);
