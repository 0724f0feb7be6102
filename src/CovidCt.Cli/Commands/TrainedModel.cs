using System.Globalization;
using CovidCt.Answers;
using CovidCt.Cli.Output;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Onnx;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary>
/// What <c>--run</c> names: a run folder, the folder above a network's folds, or a file of one network or of an ensemble, ONNX too.
/// </summary>
internal static class TrainedModel
{
    public const string Help =
        "A trained network: its run folder or file, ONNX too; or all folds as one: the folder above them, or the file of an ensemble.";

    /// <summary>The number of networks that answer.</summary>
    public static int Networks(ICtClassifier classifier) => classifier switch
    {
        CtEnsemble ensemble => ensemble.Count,
        OnnxClassifier onnx => onnx.Count,
        _ => 1,
    };

    /// <summary>The probability of the positive class as it is shown, the calibrated one after it.</summary>
    public static string Probability(ModelDescription model, Classification answer) => string.Create(CultureInfo.InvariantCulture,
        $"probability of {model.Classes[model.Positive]}: {answer.Probability:0.0000}")
        + (answer.CalibratedProbability is { } calibrated
            ? string.Create(CultureInfo.InvariantCulture, $", calibrated {calibrated:0.0000}")
            : "");

    /// <summary>The classes that can't be ruled out, after a probability; nothing where the answer has no set.</summary>
    public static string Set(double? level, Classification answer) => (level, answer.PredictionSet) switch
    {
        ({ } of, { } set) => string.Create(CultureInfo.InvariantCulture, $"; {100 * of:0.#} % set: {InWords(set)}"),
        _ => "",
    };

    private static string InWords(IReadOnlyList<string> set) => set switch
    {
        [] => "neither",
        [var one] => one,
        _ => "both",
    };

    /// <summary>What had to be assumed of the image.</summary>
    public static string NoteOnImage(Classification answer) => answer.ImageNote is { } note ? $" NOTE: {note}" : "";

    /// <summary>Says it where nothing tells whether a run was changed.</summary>
    public static void WarnOf(ConsoleOutput console, string path)
    {
        var runs = FinishedRun.HoldsFolds(path) ? RunLayout.FoldsIn(path).Select(fold => fold.Run) : [new(path)];
        if (runs.Where(run => Directory.Exists(run.Root)).Select(run => run.Sums).FirstOrDefault(sums => !sums.IsThere) is { } older)
        {
            console.Warning(older.Unchecked);
        }
    }

    /// <summary>Loads it, with a word where nothing tells whether it was changed.</summary>
    public static ICtClassifier Open(ConsoleOutput console, string path, IImageDecoder decoder)
    {
        var classifier = Open(path, decoder);
        WarnOf(console, path);
        return classifier;
    }

    /// <summary>Opens a run's folder with what read its images, with a word where nothing tells whether it was changed.</summary>
    public static FinishedRun OpenRun(ConsoleOutput console, string path)
    {
        var run = FinishedRun.Open(path, decoder: Decoders.OfModel(path));
        WarnOf(console, path);
        return run;
    }

    private static ICtClassifier Open(string path, IImageDecoder decoder)
    {
        if (OnnxNames.IsOnnx(path))
        {
            return OnnxClassifier.Load(path, decoder);
        }

        if (File.Exists(path))
        {
            return CtEnsemble.IsSavedIn(path)
                ? CtEnsemble.Load(path, new BackboneFactory(), decoder)
                : CtClassifier.Load(path, new BackboneFactory(), decoder);
        }

        if (FinishedRun.HoldsFolds(path))
        {
            return FinishedRun.LoadEnsemble(path, decoder: decoder);
        }

        return File.Exists(Path.Combine(path, RunLayout.NetworkName))
            ? CtClassifier.Load(path, new BackboneFactory(), decoder)
            : CtClassifier.Load(FinishedRun.Open(path, decoder: decoder).FullPath, new BackboneFactory(), decoder);
    }
}
