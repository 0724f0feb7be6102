using System.CommandLine;
using System.Text.Json.Nodes;
using CovidCt.Answers;
using CovidCt.Cli.Output;
using CovidCt.Data;
using CovidCt.Records;
using CovidCt.Reporting;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct test</c>: a finished network, or several as one, on another data set, judged as a study is.</summary>
internal static class TestCommand
{
    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var run = SharedOptions.Text("--run", "PATH", TrainedModel.Help);
        var data = new DataOptions("The data set to test on: a folder with a folder for each class, or with a manifest.csv; a CSV file.");
        var output = SharedOptions.Text("--out", "DIR", "The folder to write, which is empty or not there.");
        var name = SharedOptions.Text("--name", "NAME", "What the test is called. [default: the name of the data set]");
        var reading = ReadingOptions.ForModel();
        var command = new Command(
            "test",
            "Tests a trained network, or an ensemble, on another data set: figures with intervals, calibration, a report, what is unlike "
                + "its training images.")
        {
            run, output, name, SharedOptions.Json(),
        };
        data.OfOne.Concat(reading.All).ToList().ForEach(command.Add);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(run) ?? throw new UsageException("Give --run PATH, the trained network to test.");
            var folder = parsed.GetValue(output) ?? throw new UsageException("Give --out DIR, the folder to write.");
            StudyFiles.RequireEmpty(folder);
            var reader = reading.OfModel(parsed, path);
            var dataset = data.Open(parsed, reader) ?? throw new UsageException("Give --data DIR, the data set to test on.");
            using var model = TrainedModel.Open(console, path, reader);
            if (dataset.Classes.Count == 2)
            {
                dataset = DataOptions.Examined(
                    console, dataset.WithSuggestedPositive(model.Model.Classes[model.Model.Positive]), reader, cancellationToken);
            }

            var options = ModelTestOptions.For(path);
            options.Decoder = reader;
            options.Name = parsed.GetValue(name);
            options.Journal = $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))}.answers.csv";
            var study = Tested(console, model, dataset, options, cancellationToken);
            var written = StudyFiles.WriteEvaluation(study, folder, cancellationToken: cancellationToken);
            File.Delete(options.Journal);
            Print(console, model.Model, study, written);
            return ExitCodes.Done;
        });
        return command;
    }

    private static StudyReport Tested(
        ConsoleOutput console, ICtClassifier model, CtDataset dataset, ModelTestOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return StepDisplay.Show(console, null, progress => StudyReport.Test(model, dataset, options, progress, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            console.Warning($"What was answered is kept in {options.Journal}; the same command goes on from there.");
            throw;
        }
    }

    private static void Print(ConsoleOutput console, ModelDescription model, StudyReport study, IReadOnlyList<string> written)
    {
        var tested = study.Given!.Tested!;
        var answers = study.Runs.SelectMany(run => run.Answers).ToList();
        var unlike = answers.Count(answer => answer.Distance is { IsUnlike: true });
        if (console.IsJson)
        {
            console.Json(Json(study, unlike, written));
            return;
        }

        if (tested.ClassesThere is [var negative, var positive])
        {
            console.Line($"{positive} is taken for {model.Classes[model.Positive]}, and {negative} for "
                + $"{model.Classes[1 - model.Positive]}, which are the network's classes.");
        }

        foreach (var rejected in RejectedOutput.Of(tested.Rejected))
        {
            console.Warning($"left out: {rejected}");
        }

        if (tested.TrainedImages is > 0 and var known)
        {
            console.Warning(FormattableString.Invariant($"{known} of {tested.Images} images have the path and the class of one that the ")
                + "network was trained on: where they are the same images, the figures are too good.");
        }

        JudgedOutput.Table(console, study, written[0]);
        console.Line((tested.TellsUnlike, unlike) switch
        {
            (false, _) => "The network can't tell images that are unlike those it was trained on: it carries no features of these.",
            (_, 0) => FormattableString.Invariant($"None of the {answers.Count} images is unlike those that the network was trained on."),
            _ => FormattableString.Invariant($"{unlike} of {answers.Count} images are unlike those that the network was trained on; ")
                + "the report lists them.",
        });
    }

    private static JsonObject Json(StudyReport study, int unlike, IReadOnlyList<string> written)
    {
        var tested = study.Given!.Tested!;
        return new()
        {
            ["report"] = written[0],
            ["figures"] = new JsonArray([.. written.Skip(1).Select(file => JsonValue.Create(file))]),
            ["positive"] = study.Given.Positive,
            ["positiveGuessed"] = study.Given.IsPositiveGuessed,
            ["model"] = new JsonObject
            {
                ["network"] = tested.Network,
                ["networks"] = tested.Networks,
                ["trainedOn"] = tested.TrainedOn,
                ["trainedImages"] = tested.TrainedImages,
                ["calibrated"] = tested.IsCalibrated,
                ["setLevel"] = tested.SetLevel,
            },
            ["networks"] = JudgedOutput.Networks(study),
            ["unlike"] = tested.TellsUnlike ? unlike : null,
            ["rejected"] = new JsonArray(
                [.. tested.Rejected.Select(rejection => new JsonObject { ["path"] = rejection.Path, ["reason"] = rejection.Reason })]),
        };
    }
}
