using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct train</c>: runs of a study that was prepared, beside other processes that do the same.</summary>
internal sealed class TrainCommand
{
    private const string Name = "train";
    private const string RunOption = "--run";
    private const string BesideOption = "--beside";

    private readonly Option<string?> _study = NodeArguments.Study();

    private readonly Option<string?> _shard = SharedOptions.Text(
        "--shard",
        "I/N",
        "This is process I of N, from 0: it trains every N-th run of plan.csv, and waits for those of them that another process has. "
            + "[default: the next run that nobody has, until none is left]");

    private readonly Option<string?> _run =
        SharedOptions.Text(RunOption, "NETWORK/fold-K", "The one run to train, by its name in plan.csv.");

    private readonly NodeArguments _node = new();

    private readonly Option<int?> _lease = SharedOptions.Number<NodeOptions, int>(
        "--lease",
        nameof(NodeOptions.LeaseSeconds),
        "SECONDS",
        "After how long without a sign of life another process may take a run over. [default: 600]");

    // Of processes that this program starts itself.
    private readonly Option<int?> _beside =
        SharedOptions.Number<NodeOptions, int>(BesideOption, nameof(NodeOptions.RunsAtOnce), "N", "Runs at once; stops when input ends.");

    private readonly ConsoleOutput _console;
    private readonly CancellationToken _cancellationToken;

    private TrainCommand(ConsoleOutput console, CancellationToken cancellationToken) =>
        (_console, _cancellationToken) = (console, cancellationToken);

    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var self = new TrainCommand(console, cancellationToken);
        self._beside.Hidden = true;
        var command = new Command(
            Name,
            "Trains runs of a study that prepare began, beside as many others as there are, on whatever machines see its folder. What was "
                + "stopped is gone on with.");
        Array.ForEach(
            [self._study, self._shard, self._run, .. self._node.All, self._lease, self._beside, SharedOptions.Json()], command.Options.Add);
        command.SetAction(self.Run);
        return command;
    }

    /// <summary>This program once more, for one run.</summary>
    public static ProcessStartInfo Start(string study, string run, int atOnce) => new(
        Environment.ProcessPath!,
        [
            .. OwnFile, Name, NodeArguments.StudyName, study, RunOption, run, BesideOption,
            atOnce.ToString(CultureInfo.InvariantCulture),
        ]);

    // Where `dotnet FILE.dll` was started, the process is dotnet.
    private static string[] OwnFile =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(TrainCommand).Assembly.Location] : [];

    private int Run(ParseResult parsed)
    {
        var study = NodeArguments.StudyOf(parsed, _study);
        var shard = ShardOf(parsed.GetValue(_shard));
        if (shard is not null && parsed.GetValue(_run) is not null)
        {
            throw new UsageException("--shard and --run exclude each other: give one of them, or none.");
        }

        var node = _node.Of(parsed, study);
        node.Run = parsed.GetValue(_run);
        node.LeaseSeconds = parsed.GetValue(_lease) ?? node.LeaseSeconds;
        node.RunsAtOnce = parsed.GetValue(_beside) ?? node.RunsAtOnce;
        if (shard is var (index, count))
        {
            (node.Shard, node.Shards) = (index, count);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        if (parsed.GetValue(_beside) is not null)
        {
            // Training has this thread, the main one, where the C library keeps memory between steps. The other dies with the process.
            new Thread(() => StopWhenInputEnds(stop)) { IsBackground = true }.Start();
        }

        try
        {
            var begun = new Study(decoder: Decoders.OfStudy(study));
            var trained = StudyDisplay.Show(_console, progress => begun.Train(study, node, progress, stop.Token));
            Conclude(study, trained);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(
                "Cancelled. What was done is kept; give the same command to go on.", e, _cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file server that was away for a moment is no reason for an engine to give up the whole study.
            throw new OperationCanceledException(
                $"{e.Message.TrimEnd('.')}. What was done is kept; give the same command to go on.", e, _cancellationToken);
        }
    }

    private static (int Index, int Count)? ShardOf(string? given)
    {
        if (given is null)
        {
            return null;
        }

        return given.Split('/') is [var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && index < count
            ? (index, count)
            : throw new UsageException($"--shard is '{given}'; give I/N, such as 0/60: process I of N, from 0 to N - 1.");
    }

    private static void StopWhenInputEnds(CancellationTokenSource stop)
    {
        while (Console.In.ReadLine() is not null)
        {
            // Nothing is said; only the end counts.
        }

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run is done.
        }
    }

    private void Conclude(string study, IReadOnlyList<PlannedRun> trained)
    {
        var status = StudyStatus.Read(study);
        if (_console.IsJson)
        {
            _console.Json(new JsonObject
            {
                ["trained"] = new JsonArray([.. trained.Select(run => (JsonNode)run.Name)]),
                ["open"] = new JsonArray([.. status.Open.Select(run => (JsonNode)run.Planned.Name)]),
            });
        }

        var open = status.Open.Count();
        _console.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{trained.Count} of {status.Runs.Count} runs were trained here; "
                + $"{(open == 0 ? "all are finished" : $"{open} not finished")}."));
        if (open == 0)
        {
            _console.Line($"covidct finish --study {study} makes what is left.");
        }
    }
}
