using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Training;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct explain</c>: where a trained network saw a class, as pictures over the images.</summary>
internal static class ExplainCommand
{
    private static readonly Dictionary<string, CamMethod> Methods = new()
    {
        ["grad-cam"] = CamMethod.GradCam,
        ["grad-cam++"] = CamMethod.GradCamPlusPlus,
        ["layer-cam"] = CamMethod.LayerCam,
    };

    private sealed record Outcome(string Image, ExplainedImage? Explained, string? Picture, string? Error);

    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var run = SharedOptions.Text("--run", "DIR", "The run folder of a trained network.");
        var images = new Argument<string[]>("IMAGE") { Description = "Image files.", Arity = ArgumentArity.OneOrMore };
        var method = SharedOptions.Choice("--method", "How the map is made. [default: grad-cam]", [.. Methods.Keys]);
        var label = SharedOptions.Text("--class", "NAME", "The class that is explained. [default: the one that is answered]");
        var into = SharedOptions.Text("--out", "DIR", "The folder for the pictures. [default: explanations]");
        var command = new Command("explain", "Shows where a network saw a class: a heatmap over each image. Not a diagnosis.") { run, images, method, label, into, SharedOptions.Json() };
        command.SetAction(parsed =>
        {
            var finished = FinishedRun.Open(parsed.GetValue(run) ?? throw new UsageException("Give --run DIR, the folder of a finished run."));
            using var classifier = CtClassifier.Load(finished.FullPath);
            if (parsed.GetValue(label) is { } wanted && !classifier.Model.Classes.Contains(wanted))
            {
                throw new UsageException($"--class is '{wanted}'; give one of {string.Join(", ", classifier.Model.Classes)}.");
            }

            var folder = Path.GetFullPath(parsed.GetValue(into) ?? "explanations");
            var chosen = parsed.GetValue(method) ?? "grad-cam";
            var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            var outcomes = new List<Outcome>();
            foreach (var image in parsed.GetValue(images)!)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    var explained = classifier.Explain(image, Methods[chosen], parsed.GetValue(label));
                    var picture = Path.Combine(folder, NameOf(image, chosen, taken));
                    explained.SaveOverlay(picture);
                    outcomes.Add(new(image, explained, picture, null));
                }
                catch (ImageRejectedException e)
                {
                    outcomes.Add(new(image, null, null, e.Message));
                }

                Show(console, classifier.Model, outcomes[^1]);
            }

            if (console.IsJson)
            {
                ConsoleOutput.Json(new JsonObject
                {
                    ["network"] = classifier.Model.Network,
                    ["method"] = chosen,
                    ["images"] = new JsonArray([.. outcomes.Select(outcome => Json(classifier.Model, outcome))]),
                });
            }

            return outcomes.Exists(outcome => outcome.Error is not null) ? ExitCodes.UnusableInput : ExitCodes.Done;
        });
        return command;
    }

    // Images of the same name from two folders keep a picture each.
    private static string NameOf(string image, string method, HashSet<string> taken)
    {
        var stem = $"{Path.GetFileNameWithoutExtension(image)}-{method}";
        var name = $"{stem}.png";
        for (var i = 2; !taken.Add(name); i++)
        {
            name = $"{stem}-{i}.png";
        }

        return name;
    }

    private static void Show(ConsoleOutput console, ModelDescription model, Outcome outcome)
    {
        if (outcome.Explained is not { } explained)
        {
            Console.Error.WriteLine($"covidct: {outcome.Image}: {outcome.Error}");
            return;
        }

        console.Line(string.Create(CultureInfo.InvariantCulture,
            $"{outcome.Image}: {explained.Answer.Label} (probability of {model.Classes[model.Positive]}: {explained.Answer.Probability:0.0000}); where it saw {explained.Label}: {outcome.Picture}"));
    }

    private static JsonObject Json(ModelDescription model, Outcome outcome)
    {
        if (outcome.Explained is not { } explained)
        {
            return new() { ["path"] = outcome.Image, ["error"] = outcome.Error };
        }

        return new()
        {
            ["path"] = outcome.Image,
            ["label"] = explained.Answer.Label,
            ["positive"] = model.Classes[model.Positive],
            ["probability"] = explained.Answer.Probability,
            ["explained"] = explained.Label,
            ["picture"] = outcome.Picture,
        };
    }
}
