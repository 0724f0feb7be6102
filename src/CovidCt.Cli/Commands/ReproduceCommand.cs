using System.CommandLine;
using CovidCt.Cli.Output;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct reproduce</c>: the study, on a data set or on the built-in phantom.</summary>
internal static class ReproduceCommand
{
    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var arguments = new StudyArguments(console, cancellationToken);
        var command = new Command(
            "reproduce",
            "Trains and tests networks by cross-validation: the paper's study. Without --data, on a generated phantom. It is what prepare, "
                + "train and finish do one after the other.");
        foreach (var option in arguments.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Run(parsed, arguments, console, cancellationToken));
        return command;
    }

    /// <summary>The study that is asked for, from its data to its report, or what is left of it; returns the exit code.</summary>
    public static int Run(ParseResult parsed, StudyArguments arguments, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var study = new Study(decoder: arguments.Decoder(parsed))
        {
            Trainer = TrainerOf(arguments.Jobs(parsed)),
            TensorBoard = arguments.IsForTensorBoard(parsed),
        };
        return arguments.Begin(parsed, study, (dataset, options, folder) =>
        {
            StudyConclusion.Show(
                console, StudyDisplay.Show(console, progress => study.Run(dataset, options, folder, progress, cancellationToken)));
            return ExitCodes.Done;
        });
    }

    private static RunTrainer TrainerOf(int jobs) =>
        jobs > 1 ? RunTrainer.InProcesses(jobs, TrainCommand.Start) : RunTrainer.InThisProcess;
}
