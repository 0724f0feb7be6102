using System.Globalization;
using CovidCt.Answers;
using CovidCt.Inference;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary>
/// What <c>--run</c> names: a run folder, the folder above a network's folds, or a file of one network or of an ensemble.
/// </summary>
internal static class TrainedModel
{
    public const string Help =
        "A trained network: its run folder or file; or all folds as one: the folder above them, or the file of an ensemble.";

    /// <summary>The probability of the positive class as it is shown, the calibrated one after it.</summary>
    public static string Probability(ModelDescription model, Classification answer) => string.Create(CultureInfo.InvariantCulture,
        $"probability of {model.Classes[model.Positive]}: {answer.Probability:0.0000}")
        + (answer.CalibratedProbability is { } calibrated
            ? string.Create(CultureInfo.InvariantCulture, $", calibrated {calibrated:0.0000}")
            : "");

    /// <summary>What had to be assumed of the image.</summary>
    public static string NoteOnImage(Classification answer) => answer.ImageNote is { } note ? $" NOTE: {note}" : "";

    public static ICtClassifier Open(string path)
    {
        if (File.Exists(path))
        {
            return CtEnsemble.IsSavedIn(path) ? CtEnsemble.Load(path) : CtClassifier.Load(path);
        }

        if (FinishedRun.HoldsFolds(path))
        {
            return FinishedRun.LoadEnsemble(path);
        }

        return File.Exists(Path.Combine(path, RunLayout.NetworkName))
            ? CtClassifier.Load(path)
            : CtClassifier.Load(FinishedRun.Open(path).FullPath);
    }
}
