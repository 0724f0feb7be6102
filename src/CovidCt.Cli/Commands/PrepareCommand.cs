using System.CommandLine;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct prepare</c>: a study up to its training, which other processes then do.</summary>
internal static class PrepareCommand
{
    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var arguments = new StudyArguments(console, cancellationToken);
        var command = new Command(
            "prepare",
            "Begins a study whose runs train trains, on this machine or on a cluster: decodes its images, draws its folds, audits the data "
                + "and lists its runs in plan.csv. It takes the options of reproduce.");
        foreach (var option in arguments.OfEither)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            var study = new Study(decoder: arguments.Decoder(parsed)) { TensorBoard = arguments.IsForTensorBoard(parsed) };
            return arguments.Begin(parsed, study, (dataset, options, folder) =>
            {
                var plan = StudyDisplay.Show(
                    console, progress => study.Prepare(dataset, options, folder, progress, cancellationToken));
                Conclude(console, plan, folder.FullPath);
                return ExitCodes.Done;
            });
        });
        return command;
    }

    private static void Conclude(ConsoleOutput console, StudyPlan plan, string folder)
    {
        if (console.IsJson)
        {
            console.Json(new JsonObject
            {
                ["study"] = folder,
                ["runs"] = new JsonArray([.. plan.Runs.Select(run => (JsonNode)run.Name)]),
            });
        }

        console.Line();
        console.Line($"{plan.Runs.Count} runs are to be trained: {Path.Combine(folder, StudyLayout.PlanName)} lists them, dearest first.");
        console.Line($"covidct train --study {folder}    as often and on as many machines as you like");
        console.Line($"covidct finish --study {folder}   when all are done; covidct status --study {folder} says who has which");
    }
}
