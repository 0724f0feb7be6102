using System.Diagnostics;
using CovidCt.Studies.Jobs;

namespace CovidCt.Studies;

/// <summary>How the runs of a study are trained. What they come to has the same bits whichever way it is.</summary>
public abstract class RunTrainer
{
    private protected RunTrainer()
    {
    }

    /// <summary>In this process, one after the other.</summary>
    public static RunTrainer InThisProcess { get; } = new OneAfterTheOther();

    /// <summary>Several at once, each in a process of its own.</summary>
    /// <param name="processes">How many at once, from 1.</param>
    /// <param name="worker">
    /// How a process is started that trains one run, given the study's folder and the run's name, such as <c>resnet18/fold-0</c>: it
    /// passes both to <see cref="StudyWorker.Train"/> with its standard input and output.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is to be no process.</exception>
    public static RunTrainer InProcesses(int processes, Func<string, string, ProcessStartInfo> worker)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processes, 1);
        ArgumentNullException.ThrowIfNull(worker);
        return new SeveralAtOnce(processes, worker);
    }

    internal abstract void Train(PreparedStudy study, IProgress<StudyProgress>? progress, CancellationToken cancellationToken);
}
