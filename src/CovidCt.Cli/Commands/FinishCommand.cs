using System.CommandLine;
using CovidCt.Cli.Output;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct finish</c>: what a study leaves beyond its runs, when all of them are trained.</summary>
internal static class FinishCommand
{
    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var (study, node) = (NodeArguments.Study(), new NodeArguments());
        var command = new Command(
            "finish",
            "Makes what a study leaves when all runs of its plan.csv are trained: controls, calibrations, maps, embeddings, tables and the "
                + "report. Where runs are missing it names them, and ends with exit code 6.")
        {
            study,
        };
        foreach (var option in node.All)
        {
            command.Options.Add(option);
        }

        command.Options.Add(SharedOptions.Json());
        command.SetAction(parsed =>
        {
            var path = NodeArguments.StudyOf(parsed, study);
            StudyStatus.RequireTrained(path, cancellationToken); // Before the folder is taken, and anything is written.
            var begun = new Study(decoder: Decoders.OfStudy(path));
            using var folder = StudyFolder.Open(path, resume: true);
            StudyConclusion.Show(
                console,
                StudyDisplay.Show(console, progress => begun.Finish(folder, node.Of(parsed, path), progress, cancellationToken)));
            return ExitCodes.Done;
        });
        return command;
    }
}
