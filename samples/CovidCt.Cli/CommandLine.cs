using System.CommandLine;
using System.Runtime.InteropServices;
using CovidCt.Cli.Commands;
using CovidCt.Cli.Output;

namespace CovidCt.Cli;

/// <summary>Parses the arguments, runs the command, and turns whatever happens into an exit code and one message.</summary>
internal static class CommandLine
{
    public static int Run(string[] args)
    {
        var console = new ConsoleOutput(json: args.Contains("--json", StringComparer.Ordinal));
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            var root = new RootCommand(
                "COVID-19 detection on chest CT slices after Alshazly et al. (2020): networks, training, cross-validation. Not a medical device.")
            {
                ReproduceCommand.Create(console, cancellation.Token),
                PredictCommand.Create(console, cancellation.Token),
                ModelsCommand.Create(console),
                DoctorCommand.Create(console),
            };
            var parsed = root.Parse(args.Length == 0 ? ["reproduce"] : args);
            if (parsed.Errors.Count > 0)
            {
                throw new UsageException(
                    $"{string.Join(" ", parsed.Errors.Select(error => error.Message))} See `covidct {parsed.CommandResult.Command.Name} --help`.");
            }

            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
#pragma warning disable CA1031 // The last line of defence: no stack trace reaches a user.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var cause = e is TypeInitializationException or AggregateException && e.InnerException is { } inner ? inner : e;
            var code = cancellation.IsCancellationRequested && cause is OperationCanceledException ? ExitCodes.Cancelled : ExitCodes.Of(cause);
            console.Fail(code, Message(cause, code));
            return code;
        }

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancellation.Cancel();
        }
    }

    private static string Message(Exception cause, int code) => code switch
    {
        ExitCodes.Cancelled => "Cancelled. What was finished is kept; give the same command with --resume to go on.",
        ExitCodes.Unexpected => $"An unexpected error, which is a defect of this program: {cause.GetType().Name}: {cause.Message}",
        _ => cause.Message,
    };
}
