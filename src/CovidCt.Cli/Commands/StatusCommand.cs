using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Records;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct status</c>: how far the runs of a study are, and who has them.</summary>
internal static class StatusCommand
{
    public static Command Create(ConsoleOutput console)
    {
        var study = NodeArguments.Study();
        var command = new Command(
            "status",
            "Says how far the runs of a study are that prepare began: who has which, since when, at which epoch, and what gave no sign of "
                + "life for too long. It changes nothing.")
        {
            study,
            SharedOptions.Json(),
        };
        command.SetAction(parsed =>
        {
            Show(console, StudyStatus.Read(NodeArguments.StudyOf(parsed, study)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(ConsoleOutput console, StudyStatus status)
    {
        if (console.IsJson)
        {
            console.Json(ToJson(status));
            return;
        }

        string[][] rows =
        [
            .. status.Runs.Select(run => new[]
            {
                run.Planned.Name, WordOf(run.State), run.State is StudyStatus.State.Waiting ? "" : run.Lease?.Holder ?? "",
                run.Lease is { } lease ? Time(lease.Since) : "", run.Lease is { } last ? Time(last.Renewed) : "", EpochOf(run),
            }),
        ];
        console.Table(new(["run", "state", "by", "since", "last sign", "epoch"], rows));
        var counts = status.Runs.CountBy(run => run.State).OrderBy(count => count.Key)
            .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {WordOf(count.Key)}"));
        console.Prose($"{status.Runs.Count} runs: {string.Join(", ", counts)}. Times are UTC, by the clocks of the machines.");
        foreach (var failed in status.Runs.Where(run => run.State == StudyStatus.State.Failed))
        {
            console.Line($"{failed.Planned} failed: {failed.Lease?.Message}");
        }

        if (status.Machines.Count > 1)
        {
            var kinds = status.Machines.Select(machine => $"{machine.Build}, {machine.InstructionSet}, {machine.Device}");
            console.Warning(
                $"Runs were begun on machines of {status.Machines.Count} kinds, and their bits may differ from those of one kind: "
                    + $"{string.Join("; ", kinds)}.");
        }
    }

    private static JsonObject ToJson(StudyStatus status) => new()
    {
        ["study"] = status.Layout.Root,
        ["isTrained"] = status.IsTrained,
        ["runs"] = new JsonArray([.. status.Runs.Select(ToJson)]),
        ["machines"] = new JsonArray(
        [
            .. status.Machines.Select(machine => (JsonNode)new JsonObject
            {
                ["build"] = machine.Build,
                ["instructionSet"] = machine.InstructionSet,
                ["device"] = machine.Device,
            }),
        ]),
    };

    private static JsonNode ToJson(StudyStatus.Run run) => new JsonObject
    {
        ["run"] = run.Planned.Name,
        ["state"] = WordOf(run.State),
        ["host"] = run.Lease?.Host,
        ["process"] = run.Lease?.Process,
        ["job"] = run.Lease?.Job,
        ["since"] = run.Lease?.Since.ToString("O", CultureInfo.InvariantCulture),
        ["lastSign"] = run.Lease?.Renewed.ToString("O", CultureInfo.InvariantCulture),
        ["epoch"] = run.Lease?.Epoch,
        ["epochs"] = run.Lease?.Epochs,
        ["message"] = run.Lease?.Message,
    };

    private static string WordOf(StudyStatus.State state) => state switch
    {
        StudyStatus.State.Waiting => "waiting",
        StudyStatus.State.UnderWay => "under way",
        StudyStatus.State.Stale => "stale",
        StudyStatus.State.Stopped => "stopped",
        StudyStatus.State.Failed => "failed",
        _ => "finished",
    };

    private static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string EpochOf(StudyStatus.Run run) => run.Lease is { Epoch: { } epoch, Epochs: { } epochs }
        ? string.Create(CultureInfo.InvariantCulture, $"{epoch} of {epochs}")
        : "";
}
