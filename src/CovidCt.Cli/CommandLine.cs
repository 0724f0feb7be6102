using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CovidCt.Cli.Commands;
using CovidCt.Cli.Output;
using CovidCt.Models.Runtime;

namespace CovidCt.Cli;

/// <summary>Parses the arguments, runs the command, and turns whatever happens into an exit code and one message.</summary>
internal static class CommandLine
{
    /// <summary>How arguments are read: a name that begins with @ is a file's name.</summary>
    public static ParserConfiguration Parsing => new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the program within this process.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="isTerminal">Whether standard output is one.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, bool isTerminal)
    {
        var isJson = args.TakeWhile(arg => arg != "--").Contains("--json", StringComparer.Ordinal);
        var console = new ConsoleOutput(output, error, isTerminal, isJson);
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            var parsed = Root(console, cancellation.Token).Parse(args.Length == 0 ? ["reproduce"] : args, Parsing);
            if (parsed.Errors.Count > 0)
            {
                var command = parsed.CommandResult.Command;
                var commands = command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);
                throw new UsageException(command.Subcommands.Count > 0
                    ? $"{Stray(parsed)}Give one of the commands {string.Join(", ", commands)}. See `covidct "
                        + $"{PathOf(parsed.CommandResult)}--help`."
                    : $"{string.Join(" ", parsed.Errors.Select(error => error.Message))} See `covidct "
                        + $"{PathOf(parsed.CommandResult)}--help`.");
            }

            using var text = new StringWriter(CultureInfo.InvariantCulture);
            var code = parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = console.IsJson ? text : output,
                Error = error,
            });
            if (text.ToString() is { Length: > 0 } help)
            {
                console.Json(new JsonObject { ["text"] = help });
            }

            return code;
        }
#pragma warning disable CA1031 // The last line of defence: no stack trace reaches a user.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var cause = e is TypeInitializationException or AggregateException && e.InnerException is { } inner ? inner : e;
            var code = cancellation.IsCancellationRequested && cause is OperationCanceledException
                ? ExitCodes.Cancelled
                : ExitCodes.Of(cause);
            console.Fail(code, Message(cause, code));
            return code;
        }

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = !cancellation.IsCancellationRequested; // Whoever asks twice doesn't want to wait for the present step.
            cancellation.Cancel();
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var root = new RootCommand(
            "COVID-19 detection on chest CT slices after Alshazly et al. (2020): networks, training, cross-validation. Not a medical "
                + "device.")
        {
            ReproduceCommand.Create(console, cancellationToken),
            SearchCommand.Create(console, cancellationToken),
            PrepareCommand.Create(console, cancellationToken),
            TrainCommand.Create(console, cancellationToken),
            FinishCommand.Create(console, cancellationToken),
            StatusCommand.Create(console),
            AuditCommand.Create(console, cancellationToken),
            ControlsCommand.Create(console, cancellationToken),
            EvaluateCommand.Create(console, cancellationToken),
            TestCommand.Create(console, cancellationToken),
            ReportCommand.Create(console),
            PredictCommand.Create(console, cancellationToken),
            EnsembleCommand.Create(console),
            ExportCommand.Create(console, cancellationToken),
            ExplainCommand.Create(console, cancellationToken),
            EmbedCommand.Create(console, cancellationToken),
            ServeCommand.Create(console, cancellationToken),
            ModelsCommand.Create(console),
            WeightsCommand.Create(console, cancellationToken),
            DoctorCommand.Create(console),
            CompletionCommand.Create(console),
        };
        Examples.AddTo(root);
        return root;
    }

    /// <summary>A command's name after those of the commands that it belongs to, each with a space behind it.</summary>
    public static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)}{command.Command.Name} " : "";

    private static string Stray(ParseResult parsed) =>
        parsed.UnmatchedTokens is [var first, ..] ? $"'{first}' is not a command. " : "";

    private static string Message(Exception cause, int code) => code switch
    {
        ExitCodes.Unexpected => $"An unexpected error, which is a defect of this program: {cause.GetType().Name}: {cause.Message}",
        _ when cause is ArgumentException { ParamName: { } name } =>
            cause.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        _ when cause is NativeRuntimeException => Remedy.OfRuntime(cause.Message),
        _ => Remedy.For(cause) is { } remedy ? $"{cause.Message} {remedy}" : cause.Message,
    };
}
