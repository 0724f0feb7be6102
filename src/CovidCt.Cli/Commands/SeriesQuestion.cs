using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Answers;
using CovidCt.Cli.Output;
using CovidCt.Dicom;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Volumes;

namespace CovidCt.Cli.Commands;

/// <summary>One answer about a series, where <c>covidct predict</c> is given folders of DICOM or NIfTI files.</summary>
internal sealed class SeriesQuestion(ConsoleOutput console, CancellationToken cancellationToken)
{
    private const string Chosen = "chosen";

    private readonly Option<string?> _rule = SharedOptions.Text(
        "--rule",
        "mean|top:N|share:P|chosen",
        "Of series: how slices' probabilities become one: their mean, the mean of the N highest, or the share of at least P; or the one "
            + "that tells the classes apart best on the folds that the network was trained on. [default: mean]");

    private readonly Option<string?> _cut = SharedOptions.Text(
        "--cut", "P", "Of series: from which number on it is called positive, fixed beforehand. [default: 0.5]");

    private readonly Option<string?> _into = SharedOptions.Text(
        "--out", "DIR", "Of series: the folder for curves along the body, and for what is asked for besides.");

    private readonly Option<bool> _maps = new("--maps")
    {
        Description = "Of series: writes the maps in the series' own space, as NIfTI, and says which share of them lies in the lungs.",
    };

    private readonly Option<bool> _dicom = new("--dicom")
    {
        Description = "Of DICOM series: writes a structured report, and a picture of the slice that speaks most for the positive class, "
            + "which have the patient's name and number as their sources do.",
    };

    private sealed record Outcome(
        string Given, ICtVolume? Volume, SeriesClassification? Answer, IReadOnlyList<string> Files, string? Error);

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [_rule, _cut, _into, _maps, _dicom];

    /// <summary>Whether series are given and not images.</summary>
    /// <exception cref="UsageException">Both are.</exception>
    public static bool IsAsked(IReadOnlyList<string> given)
    {
        var series = given.Where(IsSeries).ToList();
        if (series.Count < given.Count)
        {
            series.RemoveAll(path => VolumeFiles.Find(path, Decoders.Formats).Volumes.Count == 0); // Beside images, that is no image.
        }

        return series.Count is 0 || series.Count == given.Count
            ? series.Count > 0
            : throw new UsageException(
                $"{series[0]} is a series, and {given.First(one => !series.Contains(one))} is none: ask about each by itself.");
    }

    /// <summary>Finds options of series where none is asked about.</summary>
    /// <exception cref="UsageException">One is given.</exception>
    public void RequireNone(ParseResult parsed)
    {
        if (All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new UsageException($"{given.Name} is for series: give folders of DICOM files, or NIfTI files.");
        }
    }

    /// <summary>Answers.</summary>
    /// <returns>The exit code.</returns>
    public int Answer(ParseResult parsed, string run, IReadOnlyList<string> given, ReadingOptions reading)
    {
        var volumes = reading.VolumesOfModel(parsed, run);
        var into = parsed.GetValue(_into);
        var (writesMaps, writesDicom) = (parsed.GetValue(_maps), parsed.GetValue(_dicom));
        if (into is null && (writesMaps || writesDicom))
        {
            throw new UsageException("--maps and --dicom take --out with them: the folder for what is written.");
        }

        var fixedRule = FixedRule(parsed);
        using var classifier = TrainedModel.Open(console, run, reading.OfModel(parsed, run));
        var options = new SeriesOptions
        {
            Rule = fixedRule ?? Choose(run, classifier.Model.Classes[classifier.Model.Positive]),
            Windows = volumes.Windows,
            LeastLungs = volumes.LeastLungs,
        };
        var hash = writesDicom ? HashOf(run) : "";
        List<Outcome> outcomes = [];
        foreach (var path in given)
        {
            foreach (var outcome in Asked(path))
            {
                outcomes.Add(outcome);
                Show(classifier.Model, outcome);
            }
        }

        if (console.IsJson)
        {
            console.Json(Document(classifier, outcomes));
        }

        return outcomes.Exists(outcome => outcome.Error is not null) ? ExitCodes.UnusableInput : ExitCodes.Done;

        IEnumerable<Outcome> Asked(string path)
        {
            var found = VolumeFiles.Find(path, Decoders.Formats, cancellationToken);
            foreach (var (file, reason) in found.Rejected)
            {
                yield return new(file, null, null, [], reason);
            }

            if (found.Volumes.Count == 0 && found.Rejected.Count == 0)
            {
                yield return new(path, null, null, [], "There is no CT series of DICOM in it, nor a NIfTI file.");
            }

            foreach (var volume in found.Volumes)
            {
                yield return AskedAbout(path, volume);
            }
        }

        Outcome AskedAbout(string path, ICtVolume volume)
        {
            try
            {
                return StepDisplay.Show(console, volume.Name, progress =>
                {
                    var answer = classifier.Classify(volume, options, progress, cancellationToken);
                    List<string> files = [];
                    if (into is not null)
                    {
                        answer = Write(classifier, volume, answer, Path.Combine(Path.GetFullPath(into), volume.Name));
                    }

                    return new Outcome(path, volume, answer, files, null);

                    SeriesClassification Write(ICtClassifier by, ICtVolume of, SeriesClassification known, string stem)
                    {
                        Directory.CreateDirectory(Path.GetDirectoryName(stem)!);
                        if (writesMaps)
                        {
                            files.Add($"{stem}-maps.nii.gz");
                            known = by.WriteMaps(of, known, files[^1], options, progress, cancellationToken);
                        }

                        files.Add($"{stem}-curve.csv");
                        known.WriteCurve(files[^1]);
                        if (writesDicom)
                        {
                            files.AddRange(WriteDicom(by, of, known, options, hash, stem));
                        }

                        return known;
                    }
                });
            }
            catch (Exception e) when (e is ImageRejectedException or ArgumentException)
            {
                return new(path, volume, null, [], e.Message);
            }
        }
    }

    private static IEnumerable<string> WriteDicom(
        ICtClassifier classifier, ICtVolume volume, SeriesClassification answer, SeriesOptions options, string hash, string stem)
    {
        if (volume is not DicomSeries series)
        {
            throw new ArgumentException($"{volume.Name} is no DICOM: it names no patient and no study that a report is filed under.");
        }

        var reported = ReportedAnswer.Of(answer, classifier.Model.Network, hash, volume.Findings);
        var source = DicomSource.Read(series.Slices);
        StructuredReport.Write($"{stem}-report.dcm", source, reported);
        yield return $"{stem}-report.dcm";

        var most = answer.Answered.MaxBy(slice => slice.Probability)!.Slice;
        var explained = classifier.Explain(volume.Read(most).ToGray(options.Windows[0]), new GradCamOptions(), answer.Positive);
        SecondaryCapture.Write(
            $"{stem}-picture.dcm", source, series.Slices[most], reported, explained.Overlay(), $"Grad-CAM of {answer.Positive}");
        yield return $"{stem}-picture.dcm";
    }

    private static bool IsSeries(string path) => Directory.Exists(path) || (File.Exists(path)
        && VolumeFiles.FormatOf(path, Decoders.Formats) is { } format
        && (format is NiftiFormat || format.Open([path]).Volumes is [{ Count: > 1 }]));

    private static string HashOf(string run)
    {
        var files = File.Exists(run) ? [run] : FinishedNetworks(run);
        return string.Join(" ", files.Select(file => FileHash.Sha256(file)));
    }

    private static IReadOnlyList<string> FinishedNetworks(string run) =>
        RunLayout.FoldsIn(run) is { Count: > 0 } folds
            ? [.. folds.Select(fold => fold.Run.Network)]
            : [new RunLayout(run).Network];

    /// <summary>The rule; null where it is to be chosen.</summary>
    private SeriesRule? FixedRule(ParseResult parsed)
    {
        var word = parsed.GetValue(_rule) ?? "mean";
        var cut = parsed.GetValue(_cut);
        if (word == Chosen)
        {
            return cut is null
                ? null
                : throw new UsageException($"--cut and --rule {Chosen} exclude each other: the cut is chosen with the rule.");
        }

        var rule = SeriesRule.Parse(word) ?? throw new UsageException(
            $"--rule is '{word}'; give mean, top:N with a whole number from 1, share:P with a number from 0 to 1, or {Chosen}.");
        return cut is null ? rule
            : double.TryParse(cut, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= 1
            ? rule with { Cut = value }
            : throw new UsageException($"--cut is '{cut}'; give a number from 0 to 1.");
    }

    private SeriesRule Choose(string run, string positive)
    {
        if (!Directory.Exists(run))
        {
            throw new UsageException(
                $"--rule {Chosen} takes the folder of a run, or that above its folds: {run} has no word of other folds.");
        }

        var isEnsemble = FinishedRun.HoldsFolds(run);
        var opened = isEnsemble
            ? RunLayout.FoldsIn(run).Select(fold => FinishedRun.Open(fold.Run.Root, decoder: Decoders.OfModel(run))).ToList()
            : [.. TrainedModel.OpenRun(console, run).OtherFolds()];
        var choice = SeriesRuleChoice.Of(opened.SelectMany(one => one.Predictions), positive);
        if (choice is null)
        {
            throw new UsageException($"--rule {Chosen} takes finished folds with series of both classes beside {run}, and there are none.");
        }

        console.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Rule {choice.Rule}, cut {choice.Rule.Cut:0.####}: the best of {SeriesRuleChoice.Candidates.Count} on {choice.Series} "
                + $"series of {opened.Count} {(opened.Count == 1 ? "fold" : "folds")} (AUC {choice.Auc:0.000} there)"));
        return choice.Rule;
    }

    private void Show(ModelDescription model, Outcome outcome)
    {
        if (outcome.Answer is not { } answer)
        {
            console.Error($"{outcome.Given}: {outcome.Error}");
            return;
        }

        foreach (var finding in outcome.Volume!.Findings)
        {
            console.Warning($"{outcome.Volume.Name}: {finding}");
        }

        var answered = answer.Answered.ToList();
        var unlike = answered.Count(IsUnlike);
        var note = unlike == 0 ? "" : FormattableString.Invariant($" NOTE: of these {unlike} {(unlike == 1 ? "is" : "are")} unlike the ")
            + "training images";
        console.Line($"{outcome.Volume.Name}: {answer.Label} ({Number(model, answer)}"
            + FormattableString.Invariant($" over {answered.Count} of {answer.Slices.Count} slices){note}"));
        if (answered.Select(slice => slice.MapInLungs).OfType<double>().ToList() is { Count: > 0 } shares)
        {
            console.Line(FormattableString.Invariant($"  {100 * shares.Average():0} % of the maps in the lungs, which are ")
                + FormattableString.Invariant($"{100 * answered.Average(slice => slice.LungShare):0} % of these slices"));
        }

        foreach (var reason in answer.Slices.Where(slice => slice.LeftOut is not null).GroupBy(slice => slice.LeftOut!))
        {
            console.Line(string.Create(CultureInfo.InvariantCulture, $"  {reason.Count()} left out: {reason.Key}"));
        }

        foreach (var file in outcome.Files)
        {
            console.Line($"  {file}");
        }
    }

    private static string Number(ModelDescription model, SeriesClassification answer)
    {
        var positive = model.Classes[model.Positive];
        return answer.Rule.Threshold is { } threshold
            ? FormattableString.Invariant($"share with a probability of {positive} from {threshold:0.##} on: {answer.Score:0.0000}")
            : answer.Rule.Highest is { } highest
            ? FormattableString.Invariant($"mean of the {highest} highest probabilities of {positive}: {answer.Score:0.0000}")
            : FormattableString.Invariant($"mean probability of {positive}: {answer.Score:0.0000}");
    }

    private static bool IsUnlike(SliceAnswer slice) => slice.Answers.Any(answer => answer.TrainingDistance is { IsUnlike: true });

    private static JsonObject Document(ICtClassifier classifier, IReadOnlyList<Outcome> outcomes)
    {
        var model = classifier.Model;
        return new()
        {
            ["network"] = model.Network,
            ["networks"] = TrainedModel.Networks(classifier),
            ["classes"] = new JsonArray([.. model.Classes.Select(name => JsonValue.Create(name))]),
            ["positive"] = model.Classes[model.Positive],
            ["series"] = new JsonArray([.. outcomes.Select(Json)]),
        };
    }

    private static JsonObject Json(Outcome outcome)
    {
        if (outcome.Answer is not { } answer)
        {
            return new() { ["path"] = outcome.Given, ["error"] = outcome.Error };
        }

        return new()
        {
            ["path"] = outcome.Given,
            ["name"] = outcome.Volume!.Name,
            ["label"] = answer.Label,
            ["score"] = answer.Score,
            ["rule"] = answer.Rule.ToString(),
            ["cut"] = answer.Rule.Cut,
            ["findings"] = Words(outcome.Volume.Findings),
            ["files"] = Words(outcome.Files),
            ["slices"] = new JsonArray([.. answer.Slices.Select(Json)]),
        };
    }

    private static JsonObject Json(SliceAnswer slice)
    {
        var json = new JsonObject
        {
            ["slice"] = slice.Slice,
            ["location"] = slice.Location,
            ["lungShare"] = slice.LungShare,
        };
        if (slice.LeftOut is { } reason)
        {
            json["leftOut"] = reason;
            return json;
        }

        json["probability"] = slice.Probability;
        json["unlike"] = IsUnlike(slice);
        if (slice.MapInLungs is { } share)
        {
            json["mapInLungs"] = share;
        }

        return json;
    }

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);
}
