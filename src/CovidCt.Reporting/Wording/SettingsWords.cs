using System.Globalization;
using System.Text;
using System.Text.Json;
using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>A setting of a study, for people.</summary>
/// <param name="Part">What of the study it is of.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Value">What it was set to.</param>
internal sealed record Setting(string Part, string Name, string Value);

/// <summary>The settings of a study in words, in the order of <c>study.json</c>.</summary>
internal static class SettingsWords
{
    /// <summary>Every setting; those that change nothing by default are left out where nobody chose them.</summary>
    public static IReadOnlyList<Setting> All(StudyConfiguration configuration)
    {
        var options = configuration.Options;
        return
        [
            .. OfStudy(configuration),
            .. OfCanvas(options.Canvas),
            .. OfInput(options.InputSize),
            .. OfTraining(options),
            .. OfHead(options.Training.Head),
            .. OfLamb(options.Training.Lamb),
            .. OfAugmentation(options.Training.Augmentation),
        ];
    }

    /// <summary>The settings of the augmentation.</summary>
    public static IReadOnlyList<Setting> OfAugmentation(AugmentationOptions augmentation) => Of(
        "Augmentation",
        ("Crop fraction", Value(augmentation.CropFraction)),
        ("Flip probability", Value(augmentation.FlipProbability)),
        ("Blur probability", Value(augmentation.BlurProbability)),
        ("Blur sigma min", Value(augmentation.BlurSigmaMin)),
        ("Blur sigma max", Value(augmentation.BlurSigmaMax)),
        ("Noise deviation max", Value(augmentation.NoiseDeviationMax)),
        ("Brightness", Value(augmentation.Brightness)),
        ("Contrast", Value(augmentation.Contrast)),
        ("Coverage min", augmentation.CoverageMin is { } least ? Value(least) : null),
        ("Random placement", augmentation.RandomPlacement ? Value(true) : null),
        ("Whole blur sigma", augmentation.WholeBlurSigma ? Value(true) : null),
        ("Gamma", augmentation.Gamma > 0 ? Value(augmentation.Gamma) : null),
        ("Resolution min", augmentation.ResolutionMin is { } factor ? Value(factor) : null),
        ("Resolution probability", augmentation.ResolutionMin is null ? null : Value(augmentation.ResolutionProbability)),
        ("JPEG probability", augmentation.JpegProbability > 0 ? Value(augmentation.JpegProbability) : null),
        ("JPEG quality min", augmentation.JpegProbability > 0 ? Value(augmentation.JpegQualityMin) : null),
        ("JPEG quality max", augmentation.JpegProbability > 0 ? Value(augmentation.JpegQualityMax) : null));

    private static IReadOnlyList<Setting> OfStudy(StudyConfiguration configuration)
    {
        var options = configuration.Options;
        return Of(
            "Study",
            ("Networks", string.Join(", ", options.Networks)),
            ("Max images", Value(options.MaxImages)),
            ("Folds", Value(options.Folds)),
            ("Folds by", DesignWords.Unit(options.GroupBy, configuration.Dataset)),
            ("Input size", options.InputSize is null ? Value(null) : null),
            ("Control", options.Control == ControlKind.Real ? null : Word(options.Control)),
            ("Seed", Value(options.Seed)),
            ("Repetition", options.Repetition == 0 ? null : Value(options.Repetition)),
            ("Dataset", configuration.Dataset),
            ("Classes", configuration.Classes is { } classes ? string.Join(", ", classes) : null),
            ("Positive class", configuration.Positive),
            ("Positive class of the test data", configuration.TestPositive),
            ("Significant bits of 16-bit images", configuration.SampleBits is { } bits ? Value(bits) : null));
    }

    private static IReadOnlyList<Setting> OfCanvas(CanvasOptions canvas) => Of(
        "Canvas",
        ("Fit", Word(canvas.Fit)),
        ("Placement", Word(canvas.Placement)),
        ("Fill", FormattableString.Invariant($"{canvas.Fill.R}, {canvas.Fill.G}, {canvas.Fill.B}")),
        ("Seed", Value(canvas.Seed)));

    private static IReadOnlyList<Setting> OfInput(ImageSize? size) =>
        size is { } set ? Of("Input size", ("Width", Value(set.Width)), ("Height", Value(set.Height))) : [];

    private static IReadOnlyList<Setting> OfTraining(StudyOptions options)
    {
        var training = options.Training;
        return Of(
            "Training",
            ("Recipe", options.Recipe),
            ("Changed of it", options.RecipeChanges),
            ("Epochs", Value(training.Epochs)),
            ("Batch size", Value(training.BatchSize)),
            ("Micro batch size", Value(training.MicroBatchSize)),
            ("Weights trained", Word(training.Train)),
            ("Label smoothing", training.LabelSmoothing == 0 ? null : Value(training.LabelSmoothing)),
            ("An epoch shows", training.Sampling == RowSampling.Image ? null : "one image of each patient"),
            ("Device", Word(training.Device)),
            ("Deterministic", training.Deterministic ? Value(true) : null),
            ("Precision", training.Precision == ComputePrecision.Float32 ? null : RecipeWords.Precision(training.Precision)));
    }

    private static IReadOnlyList<Setting> OfHead(HeadOptions? head) => head is null ? [] : Of(
        "Head",
        ("Begins with", head.Start == HeadStart.Ridge ? "the ridge solution" : "random values"),
        ("Rate factor", Value(head.RateFactor)),
        ("Linear", Value(head.Linear)));

    private static IReadOnlyList<Setting> OfLamb(LambOptions lamb) => Of(
        "LAMB",
        ("Learning rate", Value(lamb.LearningRate)),
        ("β₁", Value(lamb.Beta1)),
        ("β₂", Value(lamb.Beta2)),
        ("ε", Value(lamb.Epsilon)),
        ("Weight decay", Value(lamb.WeightDecay)),
        ("Bias correction", Value(lamb.BiasCorrection)),
        ("Gradient norm limit", Value(lamb.GradientNormLimit)),
        ("Weight norm limit", Value(lamb.WeightNormLimit)),
        ("Trust ratio min", Value(lamb.TrustRatioMin)),
        ("Trust ratio max", Value(lamb.TrustRatioMax)),
        ("Adapt without decay", Value(lamb.AdaptWithoutDecay)));

    private static IReadOnlyList<Setting> Of(string part, params (string Name, string? Value)[] settings) =>
        [.. settings.Where(setting => setting.Value is not null).Select(setting => new Setting(part, setting.Name, setting.Value!))];

    private static string Value(double? number) => number?.ToString("0.################", CultureInfo.InvariantCulture) ?? "not set";

    private static string Value(bool flag) => flag ? "yes" : "no";

    /// <summary>A choice as <c>study.json</c> has it, and where that is several words, as a phrase.</summary>
    private static string Word(Enum choice)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(choice.ToString());
        return name.Any(char.IsUpper) ? Phrase(name) : name;
    }

    /// <summary><c>keepAspect</c> as "Keep aspect".</summary>
    private static string Phrase(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            text.Append(char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString());
        }

        return Lists.Capital(text.ToString());
    }
}
