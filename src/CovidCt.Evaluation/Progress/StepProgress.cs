namespace CovidCt.Progress;

/// <summary>How far a step is, of a study or of work that is done by itself.</summary>
/// <param name="Kind">What is being done.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">How much there is.</param>
public sealed record StepProgress(StepKind Kind, int Done, int Total) : StudyProgress
{
    /// <summary>
    /// In a study, the network or run that is worked on, such as <c>resnet18 fold 1/5</c>; null where it is the data set.
    /// </summary>
    public string? Name { get; init; }
}
