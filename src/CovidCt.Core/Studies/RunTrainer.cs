using System.Diagnostics;
using CovidCt.Progress;
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
    /// How a process is started that trains one run by <see cref="Study.Train"/>, given the study's folder, the run's name, such as
    /// <c>resnet18/fold-0</c>, and how many run at once. It is to stop when its standard input ends. Its exit code is 0 where the run is
    /// finished; where it isn't, the last line of its standard error says why, and the code what kind of fault it is: 3 the data's, 4
    /// libtorch's, 5 the training's, any other the caller's.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is to be no process.</exception>
    public static RunTrainer InProcesses(int processes, Func<string, string, int, ProcessStartInfo> worker)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processes, 1);
        ArgumentNullException.ThrowIfNull(worker);
        return new SeveralAtOnce(processes, worker);
    }

    internal abstract void Train(StudyParts parts, IProgress<StudyProgress>? progress, CancellationToken cancellationToken);
}
