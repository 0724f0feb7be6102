using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Calibration;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Tests;
using SkiaSharp;

namespace CovidCt.Reporting.Tests;

/// <summary>A study's folder as a study leaves it, with made-up answers instead of training.</summary>
internal sealed class SampleStudy : IDisposable
{
    public const int Folds = 3, ImagesAFold = 12;

    public static readonly string[] Networks = ["squeezenet1_1", "resnet18"];

    /// <summary>The files of finished studies, each made once for all tests.</summary>
    private static readonly ConcurrentDictionary<(string, string, string, string, string), Lazy<IReadOnlyList<(string File, byte[] Content)>>> Made = new();

    private readonly string _parent = Directory.CreateTempSubdirectory("covidct-").FullName;
    private readonly string[] _classes;
    private readonly string _dataset;

    /// <summary>A folder that has nothing but <c>study.json</c>.</summary>
    public SampleStudy(string dataset = "COVID19-CT", string positive = "COVID", string negative = "non-COVID", string groupBy = "image")
    {
        (_dataset, _classes) = (dataset, [negative, positive]);
        (Positive, GroupBy) = (positive, groupBy);
        Write("study.json", Configuration(new JsonObject
        {
            ["networks"] = new JsonArray([.. Networks.Select(name => JsonValue.Create(name))]),
            ["folds"] = Folds,
            ["groupBy"] = groupBy,
            ["canvas"] = new JsonObject { ["fit"] = "keepAspect", ["fill"] = new JsonArray(123, 116, 103) },
            ["inputSize"] = null,
            ["seed"] = 7,
            ["training"] = new JsonObject { ["epochs"] = 4, ["batchSize"] = 8, ["lamb"] = new JsonObject { ["learningRate"] = 0.0003, ["biasCorrection"] = false } },
            ["dataset"] = dataset,
        }));
    }

    public string Folder => Path.Combine(_parent, "study");

    public string Positive { get; }

    public string GroupBy { get; }

    public string Report => Path.Combine(Folder, "report.html");

    public JsonNode Results => JsonNode.Parse(File.ReadAllText(PathOf("results.json")))!;

    /// <summary>A study with all its runs, two rejected files, embeddings and maps.</summary>
    public static SampleStudy Finished(string dataset = "COVID19-CT", string positive = "COVID", string negative = "non-COVID", string patient = "P", string groupBy = "image")
    {
        var files = Made.GetOrAdd((dataset, positive, negative, patient, groupBy), _ => new(() =>
        {
            using var made = Make(dataset, positive, negative, patient, groupBy);
            return
            [
                .. Directory.EnumerateFiles(made.Folder, "*", SearchOption.AllDirectories)
                    .Select(file => (Path.GetRelativePath(made.Folder, file), File.ReadAllBytes(file))),
            ];
        }));
        var study = new SampleStudy(dataset, positive, negative, groupBy);
        foreach (var (file, content) in files.Value)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(study.PathOf(file))!);
            File.WriteAllBytes(study.PathOf(file), content);
        }

        return study;
    }

    private static SampleStudy Make(string dataset, string positive, string negative, string patient, string groupBy)
    {
        var study = new SampleStudy(dataset, positive, negative, groupBy);
        foreach (var network in Networks)
        {
            for (var fold = 0; fold < Folds; fold++)
            {
                study.AddRun(network, fold, patient);
            }

            study.AddCalibrations(network);
            study.AddEmbedding(network, 0);
            study.AddMaps(network, 1);
            study.AddMapAudit(network, 0);
        }

        study.AddFolding(patient);
        study.AddControls();
        study.AddResults([new("broken.png", "It is no image."), new("odd <b>.png", "It is \"empty\" & unreadable.")]);
        Lists.Renew(study.Folder);
        return study;
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    public string PathOf(string file) => Path.Combine(Folder, file);

    public static string Run(string network, int fold) => $"runs/{network}/fold-{fold}";

    public void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), content);
        List();
    }

    /// <summary>Lists what is there, where it was listed before, as if it had been written so.</summary>
    public void List()
    {
        if (File.Exists(PathOf(StudyLayout.FileSums.FileName)))
        {
            Lists.Renew(Folder);
        }
    }

    public IReadOnlyList<Prediction> Predictions(string network, int fold, string patient = "P")
    {
        var random = new Random(HashOf(network) + fold);
        return
        [
            .. Enumerable.Range(0, ImagesAFold).Select(i => new Prediction(
                $"images/{fold}-{i}.png",
                _classes[i % 2],
                $"{patient}{(GroupBy == "image" ? i : (100 * fold) + i)}",
                network,
                fold,
                Math.Clamp((i % 2 == 1 ? 0.68 : 0.32) + (0.7 * (random.NextDouble() - 0.5)), 0.001, 0.999))),
        ];
    }

    public void Begin(string network, int fold) => Write($"{Run(network, fold)}/configuration.json", Configuration(new JsonObject
    {
        ["network"] = network,
        ["fold"] = fold,
        ["initialWeights"] = network == "resnet18" ? "random" : new string('0', 64),
    }));

    public void AddRun(string network, int fold, string patient = "P")
    {
        Begin(network, fold);
        var run = new RunLayout(PathOf(Run(network, fold)));
        run.WritePredictions(Predictions(network, fold, patient));
        run.WriteHistory(
            network, fold, Enumerable.Range(0, 4).Select(epoch => new EpochRecord(epoch, 3e-4, 0.7 / (epoch + 1 + (0.1 * fold)), 0.5 + (0.1 * epoch) + (0.02 * fold), 1.5)));
        WriteDescription(PathOf($"{Run(network, fold)}/network.safetensors"), network);
    }

    public void AddCalibrations(string network)
    {
        var predictions = Enumerable.Range(0, Folds).SelectMany(fold => new RunLayout(PathOf(Run(network, fold))).ReadPredictions()).ToList();
        var sets = ConformalSets.OfFolds(predictions, Positive);
        foreach (var (fold, calibration) in NetworkCalibration.CrossFitted(predictions, Positive))
        {
            new RunLayout(PathOf(Run(network, fold))).WriteCalibration(calibration, sets[fold]);
        }
    }

    public void AddEmbedding(string network, int fold)
    {
        var text = new StringBuilder("path,label,part,x,y\n");
        var random = new Random(fold);
        for (var other = 0; other < Folds; other++)
        {
            foreach (var image in Predictions(network, other))
            {
                var centre = image.Label == Positive ? -5 : 5;
                text.Append(FormattableString.Invariant($"{image.Path},\"{image.Label.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{(other == fold ? "test" : "train")},{centre + random.NextDouble()},{4 * random.NextDouble()}\n"));
            }
        }

        Write($"{Run(network, fold)}/embedding.csv", text.ToString());
        Write(
            $"{Run(network, fold)}/embedding.json",
            """{"method":"exact","perplexity":10,"iterations":750,"initialisation":"pca","seed":0,"klDivergence":0.512345,"trustworthiness":0.9876,"neighbourRecall":0.5}""");
    }

    public void AddMaps(string network, int fold)
    {
        var entries = new JsonArray();
        foreach (var (image, i) in Predictions(network, fold).Select((image, i) => (image, i + 1)))
        {
            var predicted = _classes[image.Probability >= 0.5 ? 1 : 0];
            var (original, overlay) = (FormattableString.Invariant($"{i:0000}.png"), FormattableString.Invariant($"{i:0000}-map.png"));
            WritePicture($"{Run(network, fold)}/maps/{original}", SKColors.Gray);
            WritePicture($"{Run(network, fold)}/maps/{overlay}", SKColors.DarkRed);
            entries.Add(new JsonObject
            {
                ["path"] = image.Path,
                ["label"] = image.Label,
                ["predicted"] = predicted,
                ["probability"] = image.Probability,
                ["explainedClass"] = predicted,
                ["method"] = "gradCam",
                ["original"] = original,
                ["overlay"] = overlay,
            });
        }

        Write($"{Run(network, fold)}/maps/maps.json", entries.ToJsonString());
    }

    /// <summary>Distances of a run's test images, and of others where there are more.</summary>
    public void AddDistances(string network, int fold, params double[] distances)
    {
        TestDistance.Write(
            PathOf($"{Run(network, fold)}/{"distances.csv"}"),
            distances.Select((distance, i) => new TestDistance($"images/{fold}-{i}.png", distance)));
        List();
    }

    public void AddFolding(string patient = "P") => new StudyLayout(Folder).WriteFolds(
        Enumerable.Range(0, Folds).SelectMany(fold => Predictions(Networks[0], fold, patient)).Select(p => new FoldRow(p.Path, p.Label, p.Patient, null, p.Fold)));

    /// <summary>
    /// Columns as COVID19-CT has them: age and sex of some positive images alone, a collection of all, and a DOI that makes no groups.
    /// </summary>
    public void AddColumns()
    {
        var images = Enumerable.Range(0, Folds).SelectMany(fold => Predictions(Networks[0], fold)).Select((p, i) => (
            p.Path, Values: Values(p, i))).ToDictionary(
                image => image.Path, image => (IReadOnlyDictionary<string, string>)image.Values.Where(value => value.Value.Length > 0)
                    .ToDictionary(value => value.Key, value => value.Value));
        new StudyLayout(Folder).WriteColumns(new(["age", "collection", "doi", "sex"], images));

        Dictionary<string, string> Values(Prediction image, int i) => new()
        {
            ["age"] = image.Label == Positive && i < 24 ? FormattableString.Invariant($"{30 + (2 * i)}") : "",
            ["collection"] = i < 18 ? "first" : "second",
            ["doi"] = FormattableString.Invariant($"10.1/x{i}"),
            ["sex"] = image.Label == Positive && i < 12 ? (i % 4 == 1 ? "F" : "M") : "",
        };
    }

    /// <summary>Controls of the first network: all at chance but random labels by image.</summary>
    public void AddControls() => new ControlReport(100, 7,
    [
        new(Networks[0], "imagenet",
        [
            .. from kind in Enum.GetValues<ControlKind>().Where(kind => kind != ControlKind.SourceLabels)
            from folds in (GroupBy[])[Data.GroupBy.Image, Data.GroupBy.Patient]
            from classifier in Enum.GetValues<ControlReport.Classifier>()
            let auc = kind == ControlKind.Real ? 0.9 : kind == ControlKind.RandomLabels && folds == Data.GroupBy.Image ? 0.7 : 0.5
            select new ControlReport.Result(kind, folds, classifier, auc - (folds == Data.GroupBy.Patient ? 0.02 : 0), new(auc - 0.06, auc + 0.05, 0.95), auc - 0.05) { StandardError = kind == ControlKind.RandomLabels ? 0.004 : null },
        ]),
    ]).Write(PathOf(StudyLayout.ControlsName));

    public void AddMapAudit(string network, int fold)
    {
        const string curve = """{"shares":[0,0.5,1],"probabilities":[0.2,0.5,0.9]}""", none = """{"value":null,"interval":null}""";
        var isMarked = network == "resnet18";
        Write(
            $"{Run(network, fold)}/maps/audit.json",
            $$"""
            {"method":"gradCam","layer":null,"grid":{"width":20,"height":15},"images":16,"drawn":"patient","clusters":{{(isMarked ? 14 : 16)}},
             "figures":{{Figures(1.234, 0.4, isMarked)}},
             "baselines":[{"map":"random","figures":{{Figures(0.02, 0.1, isMarked)}},"difference":{{Figures(1.214, 0.4, isMarked)}}},
                          {"map":"edges","figures":{{Figures(1.2, 0.1, isMarked)}},"difference":{{Figures(0.034, 0.4, isMarked)}}}],
             "paddingShare":0.12,"deletion":{{curve}},"insertion":{{curve}},
             "road":{"mostRelevantFirst":{{curve}},"leastRelevantFirst":{{curve}}},
             "randomisation":[{"layer":"classifier.1","rankCorrelation":{{Figure(0.4, 0.1)}},"defined":16,"ssim":{{Figure(0.5, 0.1)}}},
                              {"layer":"features.0","rankCorrelation":{{none}},"defined":0,"ssim":{{Figure(0.25, 0.1)}}}],
             "networks":3,"trainedNetworks":2,"agreement":{{Figure(0.75, 0.05)}},
             "findings":{{(isMarked ? """{"images":8,"pointingChance":0.2,"maskShare":0.06}""" : "null")}}}
            """);

        static string Figure(double value, double around) => FormattableString.Invariant(
            $$"""{"value":{{value}},"interval":{"low":{{value - around}},"high":{{value + around}},"level":0.95} }""");

        static string Figures(double evidence, double around, bool isMarked) => $$"""
            {"evidence":{{Figure(evidence, around)}},"faithfulness":{{Figure(0.5, 0.1)}},"deletion":{{Figure(0.53, 0.6)}},
             "insertion":{{Figure(0.54, 0.1)}},"road":{{Figure(0.05, 0.1)}},"energyOutside":{{Figure(0.03, 0.01)}},
             "pointingGame":{{(isMarked ? Figure(0.875, 0.1) : none)}},"energyInMask":{{(isMarked ? Figure(0.4, 0.1) : none)}}}
            """;
    }

    public CrossValidationReport AddResults(IReadOnlyList<Data.Rejection> rejected)
    {
        var report = CrossValidationReport.From(
            Networks.SelectMany(network => Enumerable.Range(0, Folds).SelectMany(fold => new RunLayout(PathOf(Run(network, fold))).ReadPredictions())),
            _dataset, GroupBy, 7, _classes, Positive, rejected, new Dictionary<string, string> { ["squeezenet1_1"] = "imagenet", ["resnet18"] = "random" });
        new StudyLayout(Folder).WriteResults(report);
        return report;
    }

    /// <summary>The same study trained once more, which answers a few images of each fold by the opposite.</summary>
    public void AddSeed(int repetition = 1)
    {
        var again = new StudyLayout(Folder).Seeded(repetition);
        foreach (var file in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("seeds", StringComparison.Ordinal)))
        {
            var copy = again[Path.GetRelativePath(Folder, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var configuration = JsonNode.Parse(File.ReadAllText(again.Configuration))!;
        configuration["study"]!["repetition"] = repetition;
        File.WriteAllText(again.Configuration, configuration.ToJsonString());
        File.Delete(again[StudyLayout.ResultsName]); // They are computed of the runs then.
        File.Delete(again[StudyLayout.ControlsName]);
        foreach (var network in Networks)
        {
            for (var fold = 0; fold < Folds; fold++)
            {
                var run = again.Run(network, fold);
                run.WritePredictions([.. run.ReadPredictions().Select(
                    (p, i) => p with { Probability = i % (4 + repetition) == fold ? 1 - p.Probability : p.Probability })]);
            }
        }

        List();
    }

    private static string Configuration(JsonObject study) => new JsonObject
    {
        ["study"] = study,
        ["machine"] = new JsonObject { ["threads"] = 2, ["build"] = "CovidCt 0.1.0, TorchSharp 0.107.0, libtorch 2.10.0.0", ["instructionSet"] = "avx2", ["device"] = "cpu" },
    }.ToJsonString();

    /// <summary>A weights file without weights: its description is all that a report reads.</summary>
    private void WriteDescription(string path, string network)
    {
        var header = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            __metadata__ = new Dictionary<string, string>
            {
                ["format"] = "covidct-model-1",
                ["network"] = network,
                ["classes"] = JsonSerializer.Serialize(_classes),
                ["positive"] = "1",
                ["input"] = "[72,54]",
                ["fit"] = "KeepAspect",
                ["fill"] = "[123,116,103]",
            },
        }));
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(path, [.. length, .. header]);
    }

    private void WritePicture(string file, SKColor colour)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        using var bitmap = new SKBitmap(24, 16);
        bitmap.Erase(colour);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(PathOf(file), data.ToArray());
    }

    private static int HashOf(string text) => text.Sum(c => c);
}
