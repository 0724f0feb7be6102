using CovidCt.Progress;

namespace CovidCt.Studies.Jobs;

/// <summary>Trains the runs of a study in this process.</summary>
internal sealed class OneAfterTheOther : RunTrainer
{
    internal override void Train(PreparedStudy study, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var run in study.Runs)
        {
            study.Train(run, progress, cancellationToken);
        }
    }
}
