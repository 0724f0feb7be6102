using CovidCt.Evaluation;
using CovidCt.Models.Weights;
using CovidCt.Progress;
using CovidCt.Records;
using CovidCt.Training;

namespace CovidCt.Studies;

/// <content>What it tells while it runs, besides how far its steps are.</content>
public sealed partial class Study
{
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
    /// <param name="Epoch">The epoch, from 0.</param>
    /// <param name="Epochs">The number of epochs.</param>
    /// <param name="Step">Steps of this epoch that are done.</param>
    /// <param name="Steps">Steps an epoch.</param>
    /// <param name="Finished">The epoch's record, once its last step is done.</param>
    public sealed record FoldProgress(
        string Network, int Fold, int Folds, int Epoch, int Epochs, int Step, int Steps, EpochRecord? Finished) : StudyProgress
    {
        internal TrainingProgress Training => new(Epoch, Epochs, Step, Steps, Finished);
    }

    /// <summary>A fold is done.</summary>
    /// <param name="Network">The network's published name.</param>
    /// <param name="Folds">The number of folds.</param>
    /// <param name="Result">The fold's figures on its test rows.</param>
    /// <param name="WasFinished">Whether it was found finished and not run again.</param>
    public sealed record FoldFinished(string Network, int Folds, FoldResult Result, bool WasFinished) : StudyProgress;

    /// <summary>Something that a reader of the figures should know.</summary>
    /// <param name="Message">One sentence or two.</param>
    public sealed record Warning(string Message) : StudyProgress;

    /// <summary>A run is passed over, since another process has it.</summary>
    /// <param name="Run">The run's name, such as <c>resnet18/fold-0</c>.</param>
    /// <param name="Holder">Who has it, in words.</param>
    /// <param name="Since">Since when, by that one's clock; null where it isn't known.</param>
    /// <param name="IsWaitedFor">Whether it is waited for.</param>
    public sealed record RunHeld(string Run, string Holder, DateTimeOffset? Since, bool IsWaitedFor) : StudyProgress;

    /// <summary>The networks are being trained anew for a control.</summary>
    /// <param name="Name">The control's name.</param>
    public sealed record ControlBegun(string Name) : StudyProgress;

    /// <summary>The networks are being trained on the same folds once more, from another seed.</summary>
    /// <param name="Repetition">Which training it is, from 1; the first one is 0.</param>
    /// <param name="Seeds">How many there are.</param>
    public sealed record SeedBegun(int Repetition, int Seeds) : StudyProgress;

    /// <summary>The networks are being trained on the same folds once more, by a further recipe.</summary>
    /// <param name="Name">The recipe's name.</param>
    /// <param name="Number">Which training it is, from 1; the first one, by the study's own recipe, is 0.</param>
    /// <param name="Recipes">How many recipes there are, the study's own among them.</param>
    public sealed record RecipeBegun(string Name, int Number, int Recipes) : StudyProgress;
}
