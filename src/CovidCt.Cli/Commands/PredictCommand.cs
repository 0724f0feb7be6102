using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Answers;
using CovidCt.Cli.Output;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Inference;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct predict</c>: what trained networks, or published weights, answer about images and patients.</summary>
internal static class PredictCommand
{
    private const int Shown = 5;

    private sealed record Answer(ListedImage Image, Classification? Classification, string? Error);

    private sealed record Patient(string Name, int Images, int Unlike, double Probability);

    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var run = SharedOptions.Text("--run", "PATH", TrainedModel.Help);
        var backbone = SharedOptions.Networks("--backbone", "NAME", "A network by its published name, with --weights.");
        var weights = SharedOptions.Text(
            "--weights", "FILE|imagenet", "Its weights, or the published ones; classes are then printed by index.");
        var images = new Argument<string[]>("IMAGE")
        {
            Description = "Image files; or one CSV file with the columns path and patient, for one probability a patient too: the mean "
                + "over the images; or series: folders of DICOM, NIfTI files.",
            Arity = ArgumentArity.OneOrMore,
        };
        var reading = ReadingOptions.ForModel();
        var series = new SeriesQuestion(console, cancellationToken);
        var command = new Command(
            "predict", "Classifies images, and answers once about a whole series. Not a diagnosis.") { run, backbone, weights, images };
        reading.All.Concat(series.All).Append(SharedOptions.Json()).ToList().ForEach(command.Add);
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(images)!;
            if (SeriesQuestion.IsAsked(given))
            {
                var trained = parsed.GetValue(run)
                    ?? throw new UsageException("Give --run PATH, the trained network that answers about series.");
                return series.Answer(parsed, trained, given, reading);
            }

            series.RequireNone(parsed);
            var (listed, isManifest) = List(given);
            var reader = parsed.GetValue(run) is { } path ? reading.OfModel(parsed, path) : reading.Of(parsed);
            // While the network is loaded; each other one while its predecessor is classified.
            var next = Decode(reader, listed[0]);
            var file = parsed.GetValue(weights);
            if (file is PublishedFiles.Word && parsed.GetValue(backbone) is { } name)
            {
                file = PublishedFiles.File(console, name, cancellationToken);
            }

            using var classifier = Load(console, parsed.GetValue(run), parsed.GetValue(backbone), file, reader);
            if (isManifest && classifier.Model.Classes.Count != 2)
            {
                throw new UsageException($"{classifier.Model.Network} tells {classifier.Model.Classes.Count} classes apart; a probability "
                    + "a patient takes a network of two.");
            }

            var answers = new List<Answer>();
            for (var i = 0; i < listed.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var decoded = next;
                next = i + 1 < listed.Count ? Decode(reader.ForSamples(classifier.Model.SampleBits), listed[i + 1]) : null;
                answers.Add(Ask(classifier, listed[i], decoded!, reader));
            }

            Print(console, classifier, answers, isManifest ? Patients(answers) : null);
            return answers.Exists(answer => answer.Error is not null) ? ExitCodes.UnusableInput : ExitCodes.Done;
        });
        return command;
    }

    private static (IReadOnlyList<ListedImage> Images, bool IsManifest) List(string[] given)
    {
        if (given.FirstOrDefault(name => name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)) is not { } manifest)
        {
            return ([.. given.Select(name => new ListedImage(name, null, null))], false);
        }

        return given.Length == 1
            ? (ListedImage.Read(manifest), true)
            : throw new UsageException($"{manifest} lists images: give it alone, or images without it.");
    }

    private static ICtClassifier Load(
        ConsoleOutput console, string? run, string? backbone, string? weights, IImageDecoder decoder) =>
        (run, backbone, weights) switch
        {
            ({ } path, null, null) => TrainedModel.Open(console, path, decoder),
            (null, { } name, { } file) => CtClassifier.FromWeights(name, file),
            _ => throw new UsageException("Give either --run PATH, or both --backbone NAME and --weights FILE."),
        };

    private static Task<GrayImage> Decode(IImageDecoder decoder, ListedImage image) => Task.Run(() => image.Path.Length > 0
        ? decoder.DecodeFile(image.Path)
        : throw new ImageRejectedException("The name of the file is empty."));

    private static Answer Ask(ICtClassifier classifier, ListedImage image, Task<GrayImage> decoded, IImageDecoder decoder)
    {
        try
        {
            // What was decoded before the network was known, and had to assume something, is decoded again.
            var gray = decoded.GetAwaiter().GetResult();
            gray = gray.Note is null ? gray : decoder.ForSamples(classifier.Model.SampleBits).DecodeFile(image.Path);
            return new(image, classifier.Classify(gray), null);
        }
        catch (ImageRejectedException e)
        {
            return new(image, null, e.Message);
        }
    }

    private static IReadOnlyList<Patient> Patients(IReadOnlyList<Answer> answers) =>
    [
        .. answers.Where(answer => answer is { Classification: not null, Image.Patient: not null })
            .GroupBy(answer => answer.Image.Patient!)
            .OrderBy(patient => patient.Key, StringComparer.Ordinal)
            .Select(patient => new Patient(
                patient.Key, patient.Count(), patient.Count(answer => IsUnlike(answer.Classification!)),
                patient.Average(answer => answer.Classification!.Probability))),
    ];

    private static bool IsUnlike(Classification answer) => answer.TrainingDistance is { IsUnlike: true };

    private static void Print(
        ConsoleOutput console, ICtClassifier classifier, IReadOnlyList<Answer> answers, IReadOnlyList<Patient>? patients)
    {
        var model = classifier.Model;
        if (console.IsJson)
        {
            console.Json(Document(classifier, answers, patients));
        }

        foreach (var answer in answers)
        {
            if (answer.Error is { } error)
            {
                console.Error($"{answer.Image.Path}: {error}");
            }
            else if (!console.IsJson)
            {
                console.Line($"{answer.Image.Path}: {Describe(classifier, answer.Classification!)}");
            }
        }

        foreach (var patient in console.IsJson ? [] : patients ?? [])
        {
            var unlike = patient.Unlike > 0 ? $", {patient.Unlike} of them unlike the training images" : "";
            console.Line(string.Create(CultureInfo.InvariantCulture,
                $"patient {patient.Name}: {LabelOf(model, patient)} (probability of {model.Classes[model.Positive]}: "
                    + $"{patient.Probability:0.0000}, the mean over {patient.Images} "
                    + $"{(patient.Images == 1 ? "image" : "images")}{unlike})"));
        }
    }

    private static string LabelOf(ModelDescription model, Patient patient) =>
        model.Classes[model.ClassOf(patient.Probability)];

    private static string Describe(ICtClassifier classifier, Classification answer)
    {
        var model = classifier.Model;
        if (model.Classes.Count == 2)
        {
            var spread = answer.Members.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
                $"; of {answer.Members.Count} networks: {answer.Members.Min(member => member.Probability):0.0000} to "
                    + $"{answer.Members.Max(member => member.Probability):0.0000}");
            return $"{answer.Label} ({TrainedModel.Probability(model, answer)}{spread}{TrainedModel.Set(classifier.SetLevel, answer)})"
                + $"{SideOf(model, answer)}{NoteOn(answer)}";
        }

        return string.Join(", ", Ranked(model, answer).Take(Shown).Select(entry =>
            string.Create(CultureInfo.InvariantCulture, $"class {entry.Name} {entry.Probability:0.0000}"))) + NoteOn(answer);
    }

    private static string SideOf(ModelDescription model, Classification answer) =>
        answer.CalibratedProbability is { } calibrated && model.ClassOf(calibrated) != model.ClassOf(answer.Probability)
            ? $" NOTE: calibrated, {model.Classes[model.ClassOf(calibrated)]} is the likelier; the answer goes by the first probability, "
                + "as the study's figures do"
            : "";

    private static string NoteOn(Classification answer) => (IsUnlike(answer)
        ? string.Create(CultureInfo.InvariantCulture,
            $" NOTE: unlike the training images (distance {answer.TrainingDistance!.Distance:0.000}, up to "
                + $"{answer.TrainingDistance.Threshold:0.000} is usual); the answer means little")
        : "") + TrainedModel.NoteOnImage(answer);

    private static JsonObject Document(ICtClassifier classifier, IReadOnlyList<Answer> answers, IReadOnlyList<Patient>? patients)
    {
        var model = classifier.Model;
        var document = new JsonObject
        {
            ["network"] = model.Network,
            ["networks"] = TrainedModel.Networks(classifier),
            ["classes"] = new JsonArray([.. model.Classes.Select(name => JsonValue.Create(name))]),
            ["positive"] = model.Classes[model.Positive],
            ["calibrated"] = classifier.IsCalibrated,
            ["setLevel"] = classifier.SetLevel,
            ["images"] = new JsonArray([.. answers.Select(answer => Json(model, answer))]),
        };
        if (patients is not null)
        {
            document["patients"] = new JsonArray([.. patients.Select(patient => new JsonObject
            {
                ["patient"] = patient.Name,
                ["label"] = LabelOf(model, patient),
                ["probability"] = patient.Probability,
                ["images"] = patient.Images,
                ["unlike"] = patient.Unlike,
            })]);
        }

        return document;
    }

    private static JsonObject Json(ModelDescription model, Answer answer)
    {
        var json = new JsonObject { ["path"] = answer.Image.Path };
        if (answer.Image.Patient is { } patient)
        {
            json["patient"] = patient;
        }

        if (answer.Image.Label is { } actual)
        {
            json["actual"] = actual;
        }

        if (answer.Classification is not { } classification)
        {
            json["error"] = answer.Error;
            return json;
        }

        json["label"] = classification.Label;
        json["probability"] = model.Classes.Count == 2 ? classification.Probability : classification.Probabilities.Max();
        if (classification.CalibratedProbability is { } calibrated)
        {
            json["calibratedProbability"] = calibrated;
        }

        if (classification.PredictionSet is { } set)
        {
            json["set"] = new JsonArray([.. set.Select(name => JsonValue.Create(name))]);
        }

        if (classification.Members.Count > 0)
        {
            json["members"] = new JsonArray([.. classification.Members.Select(member => JsonValue.Create(member.Probability))]);
        }

        if (classification.TrainingDistance is { } distance)
        {
            json["trainingDistance"] =
                new JsonObject { ["distance"] = distance.Distance, ["threshold"] = distance.Threshold, ["isUnlike"] = distance.IsUnlike };
        }

        if (classification.ImageNote is { } note)
        {
            json["note"] = note;
        }

        json["top"] = new JsonArray([.. Ranked(model, classification).Take(Shown)
            .Select(entry => new JsonObject { ["class"] = entry.Name, ["probability"] = entry.Probability })]);
        return json;
    }

    private static IEnumerable<(string Name, double Probability)> Ranked(ModelDescription model, Classification answer) =>
        model.Classes.Zip(answer.Probabilities).OrderByDescending(entry => entry.Second);
}
