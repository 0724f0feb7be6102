using System.ComponentModel;
using System.Text.Json.Serialization;
using CovidCt.Answers;

namespace CovidCt.AspNetCore;

/// <summary>What a model answers about a slice.</summary>
internal sealed record Answer(
    [property: Description("The most probable class, by the network's own probabilities.")] string Label,
    [property: Description("The class that probability and calibratedProbability are of, whatever the label is.")] string Positive,
    [property: Description("The probability of the positive class as the network states it, from 0 to 1.")] double Probability,
    [property: Description("The same, calibrated; null where the model has no calibration.")] double? CalibratedProbability,
    [property: Description("The classes that can't be ruled out; null where the model has no sets.")] IReadOnlyList<string>? PredictionSet,
    [property: Description("How often the set is to hold the right class, from 0 to 1.")] double? SetLevel,
    [property: Description("How far the slice is from the training images; null where that isn't known.")] Distance? TrainingDistance,
    [property: Description("The probability of each class, in the order of the model's classes.")] IReadOnlyList<double> Probabilities,
    [property: Description("The probability of the positive class by each network of an ensemble.")] IReadOnlyList<double> Members,
    [property: Description("What had to be assumed of the file; null where nothing had to be.")] string? Note,
    [property: Description("The network that answered.")] string Network,
    [property: Description("What the answer is not.")] string Notice)
{
    public const string NotADevice = "Research software, not a medical device: this is not a diagnosis.";

    /// <summary>An answer as it is sent.</summary>
    public static Answer Of(ICtClassifier classifier, Classification answer) => new(
        answer.Label, answer.Positive, answer.Probability, answer.CalibratedProbability, answer.PredictionSet,
        answer.PredictionSet is null ? null : classifier.SetLevel, Distance.Of(answer.TrainingDistance), answer.Probabilities,
        [.. answer.Members.Select(member => member.Probability)], answer.ImageNote, classifier.Model.Network, NotADevice);
}

/// <summary>What a model answers about the series of an archive.</summary>
internal sealed record SeriesAnswers(
    [property: Description("An answer for each series.")] IReadOnlyList<SeriesAnswer> Series,
    [property: Description("How many DICOM files were left out, by reason.")] IReadOnlyDictionary<string, int> Rejected,
    [property: Description("The network that answered.")] string Network,
    [property: Description("What the answer is not.")] string Notice);

/// <summary>What a model answers about a series.</summary>
internal sealed record SeriesAnswer(
    [property: Description("What the series is called: no name or number of a patient.")] string Name,
    [property: Description("The class that is called; null where none is.")] string? Label,
    [property: Description("The class that score and probabilities are of.")] string Positive,
    [property: Description("What the rule makes of the slices' probabilities, from 0 to 1, not calibrated; null where there is no answer.")]
    double? Score,
    [property: Description("The rule: mean, top:N or share:P.")] string Rule,
    [property: Description("From which score on the series is called positive.")] double Cut,
    [property: Description("The slices from the feet to the head.")] IReadOnlyList<SeriesSlice> Slices,
    [property: Description("What a person has to know of the series.")] IReadOnlyList<string> Findings,
    [property: Description("Why there is no answer; null where there is one.")] string? Problem);

/// <summary>A slice of a series.</summary>
internal sealed record SeriesSlice(
    [property: Description("How far along the body it lies, in mm towards the head; null where that isn't known.")] double? Location,
    [property: Description("Which share of it lungs are, from 0 to 1.")] double LungShare,
    [property: Description("The probability of the positive class; null where the slice was left out.")] double? Probability,
    [property: Description("Whether it is unlike the training images; null where that isn't known.")] bool? IsUnlike,
    [property: Description("Why it was left out; null where it wasn't.")] string? LeftOut)
{
    public static SeriesSlice Of(SliceAnswer slice) => new(
        slice.Location, slice.LungShare, slice.Probability,
        slice.Answers is [{ TrainingDistance: { } distance }, ..] ? distance.IsUnlike : null, slice.LeftOut);
}

/// <summary>How far a slice is from the training images.</summary>
internal sealed record Distance(
    [property: Description("To the nearest training images in the network's features, from 0 to 2.")] double Value,
    [property: Description("The distance that few test images exceeded.")] double Threshold,
    [property: Description("Whether the slice is unlike the training images, so that the answer means little.")] bool IsUnlike)
{
    public static Distance? Of(TrainingDistance? distance) =>
        distance is null ? null : new(distance.Distance, distance.Threshold, distance.IsUnlike);
}

/// <summary>An answer with its map.</summary>
internal sealed record Explanation(
    [property: Description("The answer.")] Answer Answer,
    [property: Description("The class whose map it is.")] string Explained,
    [property: Description("Pixels a row of both pictures.")] int Width,
    [property: Description("Rows of both pictures.")] int Height,
    [property: Description("The slice as PNG in base64.")] byte[] Slice,
    [property: Description("The map laid over the slice in full strength, as PNG in base64.")] byte[] Map)
{
    public static Explanation Of(ICtClassifier classifier, ExplainedImage image) => new(
        Answer.Of(classifier, image.Answer), image.Label, image.Image.Width, image.Image.Height,
        image.OverlayPng(opacity: 0), image.OverlayPng(opacity: 1));
}

/// <summary>What a model expects and answers.</summary>
internal sealed record Card(
    [property: Description("The name of the model in this service; null for its only one.")] string? Name,
    [property: Description("The network.")] string Network,
    [property: Description("The classes, in the order of probabilities.")] IReadOnlyList<string> Classes,
    [property: Description("The class that probabilities are of.")] string Positive,
    [property: Description("Pixels a row of the network's input.")] int InputWidth,
    [property: Description("Rows of the network's input.")] int InputHeight,
    [property: Description("Of an ensemble, how many folds there are of each seed; null where nothing says it.")] int? Folds,
    [property: Description("Of an ensemble, from how many seeds each fold's networks were trained; null where nothing says it.")]
    int? Seeds,
    [property: Description("Whether answers have a calibrated probability.")] bool IsCalibrated,
    [property: Description("How often prediction sets are to hold the right class; null where there are none.")] double? SetLevel,
    [property: Description("The model card of the study that the model comes from, in Markdown; null where none lies beside it.")]
    string? Document,
    [property: Description("What its answers are not.")] string Notice)
{
    public static Card Of(string name, ICtClassifier classifier, string? document) => new(
        name.Length == 0 ? null : name, classifier.Model.Network, classifier.Model.Classes,
        classifier.Model.Classes[classifier.Model.Positive], classifier.Model.Input.Width, classifier.Model.Input.Height,
        classifier.Model.Folds, classifier.Model.Seeds, classifier.IsCalibrated, classifier.SetLevel, document, Answer.NotADevice);
}

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(Card))]
[JsonSerializable(typeof(SeriesAnswers))]
[JsonSerializable(typeof(Readiness.Report))]
internal sealed partial class AnswersJson : JsonSerializerContext;
