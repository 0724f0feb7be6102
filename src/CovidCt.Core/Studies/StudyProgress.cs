using CovidCt.Audit;
using CovidCt.Evaluation;
using CovidCt.Models.Weights;
using CovidCt.Records;
using CovidCt.Training;

namespace CovidCt.Studies;

/// <summary>What a study tells while it runs, in the order in which it happens.</summary>
public abstract record StudyProgress;

/// <summary>Images are being decoded, once for the audit and all networks.</summary>
/// <param name="Done">Images done.</param>
/// <param name="Total">Images in all.</param>
public sealed record DecodingProgress(int Done, int Total) : StudyProgress;

/// <summary>The folds are drawn.</summary>
/// <param name="Rows">In which fold each image is tested.</param>
public sealed record FoldsDrawn(IReadOnlyList<FoldRow> Rows) : StudyProgress;

/// <summary>A network will begin with the weights of a file.</summary>
/// <param name="Match">What is mapped, skipped and newly made.</param>
public sealed record WeightsFound(WeightsMatch Match) : StudyProgress;

/// <summary>A fold is being trained.</summary>
/// <param name="Network">The network's published name.</param>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="Folds">The number of folds.</param>
/// <param name="Training">How far its training has come.</param>
public sealed record FoldProgress(string Network, int Fold, int Folds, TrainingProgress Training) : StudyProgress;

/// <summary>A fold is done.</summary>
/// <param name="Network">The network's published name.</param>
/// <param name="Folds">The number of folds.</param>
/// <param name="Result">The fold's figures on its test rows.</param>
/// <param name="WasFinished">Whether it was found finished and not run again.</param>
public sealed record FoldFinished(string Network, int Folds, FoldResult Result, bool WasFinished) : StudyProgress;

/// <summary>Something that a reader of the figures should know.</summary>
/// <param name="Message">One sentence or two.</param>
public sealed record StudyWarning(string Message) : StudyProgress;

/// <summary>The data, whose images are decoded, are being audited.</summary>
/// <param name="Audit">How far the audit is.</param>
public sealed record AuditUnderWay(AuditProgress Audit) : StudyProgress;

/// <summary>The networks are being trained anew for a control.</summary>
/// <param name="Name">The control's name.</param>
public sealed record ControlBegun(string Name) : StudyProgress;

/// <summary>Work on networks, of finished runs or as they are before any training.</summary>
/// <param name="Name">What is worked on, such as <c>resnet18 fold 1/5</c>.</param>
/// <param name="Step">How far it is.</param>
public sealed record RunUnderWay(string Name, RunStep Step) : StudyProgress;
