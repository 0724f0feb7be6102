using System.CommandLine;
using System.Diagnostics;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct train</c>: a run of a study that another process holds, for whom it is trained; not for people.</summary>
internal static class TrainCommand
{
    private const string Name = "train";
    private const string StudyOption = "--study";
    private const string RunOption = "--run";

    public static Command Create(CancellationToken cancellationToken)
    {
        var study = new Option<string>(StudyOption) { Required = true };
        var run = new Option<string>(RunOption) { Required = true };
        var command = new Command(Name, "Trains one run of a study for the process that holds it.") { study, run, SharedOptions.Json() };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            RunTrainer.Work(
                parsed.GetValue(study)!, parsed.GetValue(run)!, Console.In, Console.Out, cancellationToken: cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>This program once more, for one run.</summary>
    public static ProcessStartInfo Start(string study, string run) =>
        new(Environment.ProcessPath!, [.. OwnFile, Name, StudyOption, study, RunOption, run]);

    // Where `dotnet FILE.dll` was started, the process is dotnet.
    private static string[] OwnFile =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(TrainCommand).Assembly.Location] : [];
}
