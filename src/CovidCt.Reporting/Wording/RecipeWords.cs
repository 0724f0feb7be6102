using System.Globalization;
using CovidCt.Imaging;
using CovidCt.Recipes;

namespace CovidCt.Reporting.Wording;

/// <summary>How networks were trained, in words.</summary>
internal static class RecipeWords
{
    /// <summary>Epochs, batches, rate, precision, weights, and what chance does to images beyond the paper, as a phrase.</summary>
    /// <param name="training">The recipe.</param>
    /// <param name="seed">Of the study.</param>
    public static string Phrase(TrainingOptions training, long seed) => string.Join("; ", ((string?[])
    [
        FormattableString.Invariant($"{training.Epochs} epochs"),
        FormattableString.Invariant($"batches of {training.BatchSize}"),
        $"LAMB at an initial rate of {training.Lamb.LearningRate.ToString("R", CultureInfo.InvariantCulture)}",
        training.Precision == ComputePrecision.Float32 ? null : $"mixed precision with {Precision(training.Precision)}",
        training.Train == NetworkPart.All ? "all weights trained" : "the head alone trained",
        Head(training.Head),
        training.LabelSmoothing == 0 ? null : $"labels smoothed by {training.LabelSmoothing.ToString("R", CultureInfo.InvariantCulture)}",
        training.Sampling == RowSampling.Image ? null : "one image of each patient in an epoch",
        Placement(training.Augmentation),
        Rendition(training.Augmentation),
        FormattableString.Invariant($"seed {seed}"),
    ]).OfType<string>());

    /// <summary>The recipe's name and what was changed of it, to stand before what it is; empty where nobody named one.</summary>
    public static string Name(StudyOptions options) => options switch
    {
        { Recipe: { } name, RecipeChanges: { } changes } => $"{name} with {changes}: ",
        { Recipe: { } name } => $"{name}: ",
        _ => "",
    };

    /// <summary>How the head was begun and trained; null where that is the paper's way.</summary>
    public static string? Head(HeadOptions? head)
    {
        string?[] parts =
        [
            head?.Start == HeadStart.Ridge ? "begun from the ridge solution" : null,
            head is { RateFactor: not 1 } ? $"at {head.RateFactor.ToString("R", CultureInfo.InvariantCulture)} times the rate" : null,
            head?.Linear == true ? "without a ReLU" : null,
        ];
        string[] said = [.. parts.OfType<string>()];
        return said.Length == 0 ? null : $"the head {string.Join(", ", said)}";
    }

    /// <summary>How the learning rate was lowered.</summary>
    public static string Schedule(int epochs)
    {
        // Of several factors that begin with the same epoch the last one counts; one that begins after the last epoch never does.
        List<(int Epoch, double Factor)> steps =
        [
            .. TrainingOptions.Milestones(epochs).GroupBy(step => step.Epoch).Select(step => step.Last())
            .Where(step => step.Epoch < epochs),
        ];
        return steps.Count == 0
            ? "The learning rate stayed as it began."
            : $"Of {Numbers.Counted(epochs, "epoch")}, the learning rate was lowered to a share of its initial value: "
                + $"{string.Join(", ", steps.Select(Step))}.";
    }

    /// <summary>Where training images lie on their canvases, and how large; null where chance has no part in it.</summary>
    public static string? Placement(AugmentationOptions augmentation)
    {
        var size = augmentation.CoverageMin is { } least ? $"at random sizes from {Numbers.Percent(least)} % of the canvas’s area" : null;
        var place = augmentation.RandomPlacement ? "at random places" : null;
        string[] both = [.. new[] { size, place }.OfType<string>()];
        return both.Length == 0 ? null : $"training images {string.Join(", ", both)}";
    }

    /// <summary>How training images are made to look published in other ways; null where they aren't.</summary>
    public static string? Rendition(AugmentationOptions augmentation)
    {
        string?[] kinds =
        [
            augmentation is { ResolutionMin: { } least, ResolutionProbability: > 0 and var share }
                ? $"{Numbers.Percent(share)} % sampled down to sides of {Numbers.Percent(least)} % at least, and up again"
                : null,
            augmentation.Gamma is > 0 and var gamma && Math.Pow(2, gamma) is var power
                ? FormattableString.Invariant($"gray values raised to a power from 1/{power:0.##} to {power:0.##}")
                : null,
            augmentation.JpegProbability is > 0 and var compressed
                ? $"{Numbers.Percent(compressed)} % compressed as JPEG of {Quality(augmentation)}"
                : null,
        ];
        string[] all = [.. kinds.OfType<string>()];
        return all.Length == 0 ? null : $"training images changed at random: {string.Join(", ", all)}";
    }

    /// <summary>The settings of the augmentation, by their names.</summary>
    public static string Augmentation(AugmentationOptions augmentation) => string.Join(
        ", ", SettingsWords.OfAugmentation(augmentation).Select(setting => $"{setting.Name.ToLowerInvariant()} {setting.Value}"));

    /// <summary>What is done to an image before a network sees it.</summary>
    public static string Preprocessing(CanvasFit fit) =>
        "In the same way for all: each image becomes one gray channel, copied to red, green and blue; "
        + (fit == CanvasFit.Stretch
            ? "it is stretched to the network’s input"
            : "it is scaled to fit the network’s canvas with its aspect ratio kept, and padded")
        + ", and normalised as the network’s ImageNet weights expect. The whole slice is used; lungs are not cut out.";

    /// <summary>The name of a precision, as <c>study.json</c> has it.</summary>
    public static string Precision(ComputePrecision precision) => precision.ToString().ToLowerInvariant();

    private static string Quality(AugmentationOptions augmentation) => augmentation.JpegQualityMin == augmentation.JpegQualityMax
        ? FormattableString.Invariant($"quality {augmentation.JpegQualityMin}")
        : FormattableString.Invariant($"qualities {augmentation.JpegQualityMin} to {augmentation.JpegQualityMax}");

    private static string Step((int Epoch, double Factor) step) =>
        FormattableString.Invariant($"{100 * step.Factor:0.###} % after epoch {step.Epoch}");
}
