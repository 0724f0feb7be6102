using System.Diagnostics;
using CovidCt.Imaging;
using CovidCt.Models;
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
    /// How a process is started that trains one run, given the study's folder and the run's name, such as <c>resnet18/fold-0</c>: it
    /// passes both to <see cref="Work"/> with its standard input and output.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is to be no process.</exception>
    public static RunTrainer InProcesses(int processes, Func<string, string, ProcessStartInfo> worker)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processes, 1);
        ArgumentNullException.ThrowIfNull(worker);
        return new SeveralAtOnce(processes, worker);
    }

    /// <summary>
    /// Trains one run of a study that another process holds, and tells it how far the run is: what a process does that
    /// <see cref="InProcesses"/> starts.
    /// </summary>
    /// <param name="study">The study's folder.</param>
    /// <param name="run">The run's name, such as <c>resnet18/fold-0</c>.</param>
    /// <param name="input">The process's standard input: when it ends, so does the training, after its present step.</param>
    /// <param name="output">The process's standard output, for whoever started it.</param>
    /// <param name="backbones">Makes the network; null makes this library's.</param>
    /// <param name="decoder">Decodes the images; null takes SkiaSharp.</param>
    /// <param name="cancellationToken">Stops after the present step.</param>
    /// <exception cref="OperationCanceledException">It was cancelled, or whoever started it waits no longer.</exception>
    /// <exception cref="Exception">What <see cref="Study.Run"/> throws; whoever started it has been told.</exception>
    public static void Work(
        string study, string run, TextReader input, TextWriter output, IBackboneFactory? backbones = null, IImageDecoder? decoder = null,
        CancellationToken cancellationToken = default) =>
        StudyWorker.Train(
            study, run, input, output, backbones ?? new BackboneFactory(), decoder ?? new SkiaImageDecoder(), cancellationToken);

    internal abstract void Train(PreparedStudy study, IProgress<StudyProgress>? progress, CancellationToken cancellationToken);
}
