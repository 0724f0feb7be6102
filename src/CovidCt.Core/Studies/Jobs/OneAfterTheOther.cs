using CovidCt.Progress;
using CovidCt.Studies.Leases;

namespace CovidCt.Studies.Jobs;

/// <summary>Trains the runs of a study in this process.</summary>
internal sealed class OneAfterTheOther : RunTrainer
{
    internal override void Train(StudyParts parts, IProgress<StudyProgress>? progress, CancellationToken cancellationToken) =>
        new RunQueue(parts, Lease.DefaultLength, progress).Train(parts.Runs, cancellationToken);
}
