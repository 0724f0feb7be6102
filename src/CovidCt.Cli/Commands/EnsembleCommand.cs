using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Inference;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct ensemble</c>: the networks of all folds and seeds as one file.</summary>
internal static class EnsembleCommand
{
    public static Command Create(ConsoleOutput console)
    {
        var run = SharedOptions.Text("--run", "DIR", "The folder above a network's folds, such as out/first/runs/resnet18.");
        var output = SharedOptions.Text("--out", "FILE", "The file to write, such as resnet18.safetensors.");
        var seeds = SharedOptions.Number<StudyOptions, int>(
            "--seeds", nameof(StudyOptions.Seeds), "N",
            "How many of the seeds that the folds were trained from; 1 takes those of --run alone. [default: all of the study]");
        var command = new Command(
            "ensemble", "Saves the networks of all folds and seeds as one, for predict, explain and serve.")
        {
            run, output, seeds, SharedOptions.Json(),
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(run) ?? throw new UsageException("Give --run DIR, the folder above a network's folds.");
            var file = Path.GetFullPath(parsed.GetValue(output) ?? throw new UsageException("Give --out FILE, the file to write."));
            if (Directory.Exists(file))
            {
                throw new UsageException($"--out {file} is a folder; give a file, such as {Path.Combine(file, "ensemble.safetensors")}.");
            }

            using var ensemble = FinishedRun.LoadEnsemble(folder, decoder: Decoders.ToLoad(folder), seeds: parsed.GetValue(seeds));
            TrainedModel.WarnOf(console, folder);
            ensemble.Save(file);
            Print(console, ensemble, file);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(ConsoleOutput console, CtEnsemble ensemble, string file)
    {
        var size = new FileInfo(file).Length;
        if (console.IsJson)
        {
            console.Json(new JsonObject
            {
                ["network"] = ensemble.Model.Network,
                ["networks"] = ensemble.Count,
                ["folds"] = ensemble.Model.Folds,
                ["seeds"] = ensemble.Model.Seeds,
                ["classes"] = new JsonArray([.. ensemble.Model.Classes.Select(name => JsonValue.Create(name))]),
                ["positive"] = ensemble.Model.Classes[ensemble.Model.Positive],
                ["tellsUnlike"] = ensemble.HasReference,
                ["calibrated"] = ensemble.IsCalibrated,
                ["calibratedAsOne"] = ensemble.Calibration is not null,
                ["setLevel"] = ensemble.SetLevel,
                ["bytes"] = size,
                ["path"] = file,
            });
            return;
        }

        var unlike = ensemble.HasReference
            ? ""
            : ensemble.Model.Seeds > 1
            ? $"; inputs unlike the training images are not told, since the further seeds have no {RunLayout.ReferenceName}"
            : $"; inputs unlike the training images are not told, since not every fold has its {RunLayout.ReferenceName}, which "
                + "reproduce --resume makes";
        var calibrated = ensemble.Calibration is not null
            ? "; its calibration is fitted to what the seeds answer together about images that they weren't trained on"
            : ensemble.IsCalibrated
            ? "; its calibrated probability is the mean of theirs"
            : $"; without calibrated probabilities, since not every fold has its calibration in {RunLayout.CalibrationName}";
        console.Line(string.Create(CultureInfo.InvariantCulture,
            $"{ensemble.Count} networks {ensemble.Model.Network} as one ({Counted(ensemble.Model.Folds, "fold")}, "
                + $"{Counted(ensemble.Model.Seeds, "seed")}), {size / (double)(1 << 20):0.0} MiB{calibrated}{unlike}: {file}"));
    }

    private static string Counted(int? count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
