using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Answers;
using CovidCt.Cli.Output;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Records;
using CovidCt.Statistics;
using CovidCt.Studies;

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
        var run = SharedOptions.Text("--run", "PATH", TrainedModel.Help);
        var images = new Argument<string[]>("IMAGE")
        {
            Description = "Image files. Without any: the run's own test images, and an audit "
            + "of their maps, into the run folder.",
            Arity = ArgumentArity.ZeroOrMore
        };
        var method = SharedOptions.Choice("--method", "How the map is made. [default: grad-cam]", [.. Methods.Keys]);
        var layer = SharedOptions.Text("--layer", "NAME", "The layer that is explained, such as layer3. [default: the last feature map]");
        var label = SharedOptions.Text("--class", "NAME", "The class that is explained. [default: the one that is answered]");
        var into = SharedOptions.Text("--out", "DIR", "The folder for the pictures. [default: explanations]");
        var data = SharedOptions.Text("--data", "DIR", "Without IMAGE: where the run's data set is now. [default: where it was]");
        var reading = ReadingOptions.ForModel();
        var command = new Command(
            "explain",
            "Shows where a network saw a class: a heatmap over each image. Not a diagnosis.") { run, images, method, layer, label, into,
            data, SharedOptions.Json() };
        reading.All.ToList().ForEach(command.Add);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(run) ?? throw new UsageException("Give --run DIR, the folder of a finished run.");
            var chosen = parsed.GetValue(method) ?? "grad-cam";
            var options = new GradCamOptions { Method = Methods[chosen], Layer = parsed.GetValue(layer) };
            if (parsed.GetValue(images) is not { Length: > 0 } given)
            {
                return (parsed.GetValue(label), parsed.GetValue(into), reading.IsGiven(parsed)) is (null, null, false)
                    ? ExplainRun(console, TrainedModel.OpenRun(console, path), parsed.GetValue(data), options, cancellationToken)
                    : throw new UsageException("--class, --out and how images are read are for images that are given: without any, the "
                        + "run's test images are explained in its own folder, as the study read them, each by the class that was "
                        + "answered.");
            }

            if (parsed.GetValue(data) is not null)
            {
                throw new UsageException("--data is for a run's own test images: leave it away, or the images.");
            }

            using var classifier = TrainedModel.Open(console, path, reading.OfModel(parsed, path));
            if (parsed.GetValue(label) is { } wanted && !classifier.Model.Classes.Contains(wanted))
            {
                throw new UsageException($"--class is '{wanted}'; give one of {string.Join(", ", classifier.Model.Classes)}.");
            }

            return ExplainImages(
                console,
                classifier,
                given,
                chosen,
                options,
                parsed.GetValue(label),
                Path.GetFullPath(parsed.GetValue(into) ?? "explanations"),
                cancellationToken);
        });
        return command;
    }

    private static int ExplainImages(
        ConsoleOutput console, ICtClassifier classifier, string[] images, string method, GradCamOptions options, string? label,
        string folder, CancellationToken cancellationToken)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var outcomes = new List<Outcome>();
        foreach (var image in images)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var explained = classifier.Explain(image, options, label);
                var picture = Path.Combine(folder, NameOf(image, method, taken));
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
            console.Json(new JsonObject
            {
                ["network"] = classifier.Model.Network,
                ["method"] = method,
                ["images"] = new JsonArray([.. outcomes.Select(outcome => Json(classifier.Model, outcome))]),
            });
        }

        return outcomes.Exists(outcome => outcome.Error is not null) ? ExitCodes.UnusableInput : ExitCodes.Done;
    }

    private static int ExplainRun(
        ConsoleOutput console, FinishedRun run, string? data, GradCamOptions options, CancellationToken cancellationToken)
    {
        var dataset = run.OpenData(data);
        var maps = new RunMapOptions { Method = options.Method, Layer = options.Layer };
        var (count, audit) = StepDisplay.Show(console, run.Network, progress => (
            run.Explain(dataset, maps, progress, cancellationToken),
            run.AuditMaps(dataset, run.OtherFolds(), maps, progress, cancellationToken)));
        var folder = run.Layout.Maps;
        if (console.IsJson)
        {
            console.Json(new JsonObject
            {
                ["network"] = run.Network,
                ["explained"] = count,
                ["folder"] = folder,
                ["audit"] = JsonNode.Parse(File.ReadAllText(run.Layout.MapAudit)),
            });
            return ExitCodes.Done;
        }

        Tell(console, run.Network, audit);
        console.Line($"The pictures and {Path.GetFileName(run.Layout.MapAudit)} are in {folder}");
        return ExitCodes.Done;
    }

    private static void Tell(ConsoleOutput console, string network, RunMapAudit audit)
    {
        console.Line($"{network}, {audit.Images} maps audited, with 95 % intervals: {Worth(audit.Figures)}");
        foreach (var baseline in audit.Baselines)
        {
            console.Line($"{Named(baseline.Map)} on the same images: {Worth(baseline.Figures)}");
        }

        var padding = string.Create(CultureInfo.InvariantCulture, $"{audit.PaddingShare:0.00}");
        console.Line($"In the padding lies {Shown(audit.Figures.EnergyOutside)} of the energy; the padding is {padding} of the canvas");
        console.Line($"Rank correlation with the maps of the randomised network: {Shown(audit.Randomisation[^1].RankCorrelation)}");
        if (audit.Networks > 1)
        {
            console.Line($"Rank correlation among {audit.Networks} networks, {audit.TrainedNetworks} of which trained on the images: "
                + Shown(audit.Agreement));
        }

        if (audit.Lungs is { } lungs)
        {
            console.Line(string.Create(CultureInfo.InvariantCulture,
                $"Lungs ({lungs.Images} images): {Shown(lungs.EnergyInLungs)} of the maps' energy lies there (of the area: "
                    + $"{lungs.LungShare:0.00})"));
        }

        if (audit.Findings is { } findings)
        {
            console.Line(string.Create(CultureInfo.InvariantCulture,
                $"Marked findings ({findings.Images} images): {Shown(audit.Figures.PointingGame)} of the maps point at one (anywhere: "
                    + $"{findings.PointingChance:0.00}); {Shown(audit.Figures.EnergyInMask)} of their energy lies there (of the area: "
                    + $"{findings.MaskShare:0.00})"));
        }
    }

    private static string Worth(MapFigures figures) => $"evidence {Shown(figures.Evidence)} nats, deletion {Shown(figures.Deletion)}, "
        + $"insertion {Shown(figures.Insertion)}, ROAD {Shown(figures.Road)}";

    private static string Named(BaselineMap map) => map switch
    {
        BaselineMap.Random => "Random maps",
        BaselineMap.Centred => "A spot in the middle",
        _ => "Maps of edges",
    };

    private static string Shown(EstimatedFigure figure)
    {
        return (figure.Value, figure.Interval) switch
        {
            (null, _) => "undefined",
            ({ } value, null) => Two(value),
            ({ } value, { } interval) => $"{Two(value)} ({Two(interval.Low)} to {Two(interval.High)})",
        };

        static string Two(double value) => value.ToString("0.00;-0.00;0.00", CultureInfo.InvariantCulture);
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
            console.Error($"{outcome.Image}: {outcome.Error}");
            return;
        }

        var note = explained.Answer.TrainingDistance is { IsUnlike: true }
            ? " NOTE: unlike the training images; answer and map mean little"
            : "";
        console.Line($"{outcome.Image}: {explained.Answer.Label} ({TrainedModel.Probability(model, explained.Answer)}); where it saw "
            + $"{explained.Label}: {outcome.Picture}{note}{TrainedModel.NoteOnImage(explained.Answer)}");
    }

    private static JsonObject Json(ModelDescription model, Outcome outcome)
    {
        if (outcome.Explained is not { } explained)
        {
            return new() { ["path"] = outcome.Image, ["error"] = outcome.Error };
        }

        var json = new JsonObject
        {
            ["path"] = outcome.Image,
            ["label"] = explained.Answer.Label,
            ["positive"] = model.Classes[model.Positive],
            ["probability"] = explained.Answer.Probability,
            ["explained"] = explained.Label,
            ["picture"] = outcome.Picture,
        };
        if (explained.Answer.CalibratedProbability is { } calibrated)
        {
            json["calibratedProbability"] = calibrated;
        }

        if (explained.Answer.PredictionSet is { } set)
        {
            json["set"] = new JsonArray([.. set.Select(name => JsonValue.Create(name))]);
        }

        if (explained.Answer.TrainingDistance is { } distance)
        {
            json["isUnlike"] = distance.IsUnlike;
        }

        if (explained.Answer.ImageNote is { } note)
        {
            json["note"] = note;
        }

        return json;
    }
}
