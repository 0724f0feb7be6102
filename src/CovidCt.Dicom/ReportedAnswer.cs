using System.ComponentModel.DataAnnotations;
using CovidCt.Answers;

namespace CovidCt.Dicom;

/// <summary>What a report says: the answer about a series, and how it came about.</summary>
/// <remarks>The report is read with the patient's name on it; nothing here should name anyone.</remarks>
public sealed record ReportedAnswer : IValidatableObject
{
    /// <summary>The published name of the network, or what an ensemble is called.</summary>
    [Required]
    public required string Network { get; init; }

    /// <summary>What tells the model from others of its network: a hash of its file, such as the SHA-256 in hexadecimal digits.</summary>
    [Required]
    public required string ModelHash { get; init; }

    /// <summary>The answer about the series: label, positive class, its probability, and what else is known.</summary>
    [Required]
    public required Classification Answer { get; init; }

    /// <summary>The probability of the positive class from which on the series is called that, in [0, 1].</summary>
    [Range(0.0, 1.0)]
    public required double Threshold { get; init; }

    /// <summary>How one answer came of those about slices, such as <c>mean over 120 slices</c>.</summary>
    [Required]
    public required string Rule { get; init; }

    /// <summary>How often <see cref="Classification.PredictionSet"/> holds the class, in [0, 1]; null where that isn't said.</summary>
    [Range(0.0, 1.0)]
    public double? SetLevel { get; init; }

    /// <summary>What a person has to know of the series, a sentence each, such as <see cref="DicomSeries.Findings"/>.</summary>
    [Required]
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>When the answer was given; null takes the time at which it is written.</summary>
    public DateTimeOffset? Answered { get; init; }

    /// <summary>What a report says of an answer about a series.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="network">The published name of the network, or what an ensemble is called.</param>
    /// <param name="modelHash">What tells the model from others of its network.</param>
    /// <param name="findings">What a person has to know of the series, a sentence each.</param>
    public static ReportedAnswer Of(SeriesClassification answer, string network, string modelHash, IReadOnlyList<string> findings)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var answered = answer.Answered.ToList();
        var unlike = answered.Count(slice => slice.Answers.Any(one => one.TrainingDistance is { IsUnlike: true }));
        return new()
        {
            Network = network,
            ModelHash = modelHash,
            Answer = new(answer.Label, answer.Score, [1 - answer.Score, answer.Score]) { Positive = answer.Positive },
            Threshold = answer.Rule.Cut,
            Rule = Fault.Text($"{answer.Rule} over {answered.Count} of {answer.Slices.Count} slices, those that show lungs"),
            Findings =
            [
                .. findings,
                .. unlike > 0 ? (string[])[Fault.Text($"{unlike} of {answered.Count} slices are unlike the training images.")] : [],
            ],
        };
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Answer.Probability is not (>= 0 and <= 1) || Answer.CalibratedProbability is not (null or (>= 0 and <= 1)))
        {
            yield return new("A probability lies in [0, 1].", [nameof(Answer)]);
        }

        if (string.IsNullOrWhiteSpace(Answer.Label) || string.IsNullOrWhiteSpace(Answer.Positive))
        {
            yield return new("The answer names its label and the positive class.", [nameof(Answer)]);
        }
    }

    /// <summary>The answer in one sentence.</summary>
    internal string Sentence => Fault.Text($"{Network}: {Answer.Label}, probability of {Answer.Positive} {Number(Answer.Probability)}")
        + (Answer.CalibratedProbability is { } calibrated ? $" ({Number(calibrated)} calibrated)" : "")
        + $", threshold {Number(Threshold)}, {Rule}.";

    /// <summary>A probability or a distance to four places: the same on machines that round the last of them otherwise.</summary>
    internal static string Number(double value) => Fault.Text($"{value:0.0000}");
}
