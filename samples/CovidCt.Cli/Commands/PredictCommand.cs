using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Imaging;
using CovidCt.Inference;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct predict</c>: what a trained network, or published weights, answer about images.</summary>
internal static class PredictCommand
{
    private const int Shown = 5;

    private sealed record Answer(string Path, Classification? Classification, string? Error);

    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var run = SharedOptions.Text("--run", "DIR", "The run folder of a trained network.");
        var backbone = SharedOptions.Text("--backbone", "NAME", "A network by its published name, with --weights.");
        var weights = SharedOptions.Text("--weights", "FILE|imagenet", "Its weights, or the published ones; classes are then printed by index.");
        var images = new Argument<string[]>("IMAGE") { Description = "Image files.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("predict", "Classifies images. Not a diagnosis.") { run, backbone, weights, images, SharedOptions.Json() };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(weights);
            using var classifier = Load(parsed.GetValue(run), parsed.GetValue(backbone), file is PublishedFiles.Word && parsed.GetValue(backbone) is { } name
                ? PublishedFiles.File(console, name, cancellationToken)
                : file);
            var answers = new List<Answer>();
            foreach (var image in parsed.GetValue(images)!)
            {
                cancellationToken.ThrowIfCancellationRequested();
                answers.Add(Ask(classifier, image));
            }

            Print(console, classifier.Model, answers);
            return answers.Exists(answer => answer.Error is not null) ? ExitCodes.UnusableInput : ExitCodes.Done;
        });
        return command;
    }

    private static CtClassifier Load(string? run, string? backbone, string? weights) => (run, backbone, weights) switch
    {
        ({ } folder, null, null) => LoadRun(new DirectoryInfo(folder)),
        (null, { } name, { } file) => CtClassifier.FromWeights(name, file),
        _ => throw new UsageException("Give either --run DIR, or both --backbone NAME and --weights FILE."),
    };

    private static CtClassifier LoadRun(DirectoryInfo folder)
    {
        if (!folder.Exists)
        {
            throw new UsageException($"The run folder {folder.FullName} isn't there.");
        }

        if (!File.Exists(Path.Combine(folder.FullName, ModelFile.Name)))
        {
            var runs = Directory.EnumerateFiles(folder.FullName, ModelFile.Name, SearchOption.AllDirectories)
                .Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).ToList();
            throw new UsageException(runs.Count == 0
                ? $"{folder.FullName} holds no finished run: there is no {ModelFile.Name} in it."
                : $"{folder.FullName} is no run, but holds {(runs.Count == 1 ? "one" : "several")}. Give --run {runs[0]}{(runs.Count == 1 ? "" : ", for instance")}.");
        }

        return CtClassifier.Load(folder.FullName);
    }

    private static Answer Ask(CtClassifier classifier, string image)
    {
        try
        {
            return image.Length == 0 ? new(image, null, "The name of the file is empty.") : new(image, classifier.Classify(image), null);
        }
        catch (ImageRejectedException e)
        {
            return new(image, null, e.Message);
        }
    }

    private static void Print(ConsoleOutput console, ModelDescription model, IReadOnlyList<Answer> answers)
    {
        if (console.IsJson)
        {
            ConsoleOutput.Json(new JsonObject
            {
                ["network"] = model.Network,
                ["classes"] = new JsonArray([.. model.Classes.Select(name => JsonValue.Create(name))]),
                ["positive"] = model.Classes[model.Positive],
                ["images"] = new JsonArray([.. answers.Select(answer => Json(model, answer))]),
            });
        }

        foreach (var answer in answers)
        {
            if (answer.Error is { } error)
            {
                Console.Error.WriteLine($"covidct: {answer.Path}: {error}");
            }
            else if (!console.IsJson)
            {
                console.Line($"{answer.Path}: {Describe(model, answer.Classification!)}");
            }
        }
    }

    private static string Describe(ModelDescription model, Classification answer)
    {
        if (model.Classes.Count == 2)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{answer.Label} (probability of {model.Classes[model.Positive]}: {answer.Probability:0.0000})");
        }

        return string.Join(", ", Ranked(model, answer).Take(Shown).Select(entry =>
            string.Create(CultureInfo.InvariantCulture, $"class {entry.Name} {entry.Probability:0.0000}")));
    }

    private static JsonObject Json(ModelDescription model, Answer answer)
    {
        if (answer.Classification is not { } classification)
        {
            return new() { ["path"] = answer.Path, ["error"] = answer.Error };
        }

        return new()
        {
            ["path"] = answer.Path,
            ["label"] = classification.Label,
            ["probability"] = model.Classes.Count == 2 ? classification.Probability : classification.Probabilities.Max(),
            ["top"] = new JsonArray([.. Ranked(model, classification).Take(Shown)
                .Select(entry => new JsonObject { ["class"] = entry.Name, ["probability"] = entry.Probability })]),
        };
    }

    private static IEnumerable<(string Name, double Probability)> Ranked(ModelDescription model, Classification answer) =>
        model.Classes.Zip(answer.Probabilities).OrderByDescending(entry => entry.Second);
}
