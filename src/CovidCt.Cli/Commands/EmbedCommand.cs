using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Embedding;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct embed</c>: a run's training and test images in the plane, by t-SNE of its network's features.</summary>
internal static class EmbedCommand
{
    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var run = SharedOptions.Text("--run", "DIR", "The run folder of a trained network.");
        var data = SharedOptions.Text("--data", "DIR", "Where its data set is now. [default: where it was]");
        var perplexity = SharedOptions.Number<TsneOptions, double>(
            "--perplexity", nameof(TsneOptions.Perplexity), "P", "Neighbours that count, about. [default: 30, or what the images allow]");
        var seed = new Option<long>("--seed") { Description = "Decides what is drawn. [default: 0]", HelpName = "N" };
        var device = SharedOptions.Device();
        var command = new Command(
            "embed",
            "Embeds a run's training and test images in the plane, by t-SNE of its network's features.") { run, data, perplexity, seed,
            device, SharedOptions.Json() };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(run) ?? throw new UsageException("Give --run DIR, the folder of a finished run.");
            var finished = TrainedModel.OpenRun(console, folder);
            var dataset = finished.OpenData(parsed.GetValue(data));
            var options = new TsneOptions
            {
                Perplexity = parsed.GetValue(perplexity),
                Seed = parsed.GetValue(seed),
                Device = SharedOptions.DeviceOf(parsed.GetValue(device)),
            };
            var embedding = StepDisplay.Show(
                console, finished.Network, progress => finished.Embed(dataset, options, progress, cancellationToken));
            Print(console, finished, embedding);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(ConsoleOutput console, FinishedRun run, TsneEmbedding embedding)
    {
        var points = run.Layout.EmbeddingPoints;
        if (console.IsJson)
        {
            console.Json(new JsonObject
            {
                ["network"] = run.Network,
                ["images"] = embedding.Points.Count,
                ["perplexity"] = embedding.Perplexity,
                ["klDivergence"] = embedding.KlDivergence,
                ["trustworthiness"] = embedding.Trustworthiness,
                ["neighbourRecall"] = embedding.NeighbourRecall,
                ["neighbours"] = embedding.Neighbours,
                ["path"] = points,
            });
            return;
        }

        console.Line(string.Create(CultureInfo.InvariantCulture,
            $"{run.Network}, {embedding.Points.Count} images, perplexity {embedding.Perplexity:0.#}: KL divergence "
                + $"{embedding.KlDivergence:0.000}, trustworthiness {embedding.Trustworthiness:0.000}, recall of the "
                + $"{embedding.Neighbours} nearest neighbours {embedding.NeighbourRecall:0.000}"));
        console.Line($"The points are in {points}");
    }
}
