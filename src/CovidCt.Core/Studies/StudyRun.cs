using CovidCt.Training;

namespace CovidCt.Studies;

/// <summary>A network on a fold: what one run of a study is.</summary>
/// <param name="Network">The network's published name.</param>
/// <param name="Fold">The fold, from 0.</param>
internal readonly record struct StudyRun(string Network, int Fold)
{
    private const char Separator = '/';

    /// <summary>The run's name, such as <c>resnet18/fold-0</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Network}{Separator}fold-{Fold}");

    /// <summary>How far the run is, as a study tells it.</summary>
    /// <param name="training">How far its training has come.</param>
    /// <param name="folds">The number of folds.</param>
    public Study.FoldProgress At(TrainingProgress training, int folds) =>
        new(Network, Fold, folds, training.Epoch, training.Epochs, training.Step, training.Steps, training.Finished);
}
