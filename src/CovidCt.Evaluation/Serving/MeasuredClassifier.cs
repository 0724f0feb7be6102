using System.Diagnostics;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Serving;

/// <summary>A classifier that says how long its answers take, and what they are.</summary>
/// <param name="classifier">The classifier, which is taken over.</param>
/// <param name="decoder">Turns files into gray images.</param>
/// <param name="telemetry">Where it says so.</param>
internal sealed class MeasuredClassifier(ICtClassifier classifier, IImageDecoder decoder, Telemetry.OfModel telemetry)
    : ImageClassifier(classifier.Model, new MeasuredDecoder(decoder, telemetry))
{
    private const string Classifying = "classify", Explaining = "explain";

    /// <summary>What is measured.</summary>
    public ICtClassifier Measured => classifier;

    /// <inheritdoc/>
    public override bool IsCalibrated => classifier.IsCalibrated;

    /// <inheritdoc/>
    public override double? SetLevel => classifier.SetLevel;

    /// <inheritdoc/>
    public override Classification Classify(GrayImage image)
    {
        var answer = telemetry.Stage(Classifying, () => classifier.Classify(image));
        telemetry.Pass(1);
        telemetry.Answered(Classifying, answer);
        return answer;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Classification> Classify(
        IReadOnlyList<GrayImage> images, CancellationToken cancellationToken = default) =>
        Classify(images, links: null, cancellationToken);

    /// <summary>The same for several calls at once.</summary>
    /// <param name="links">The activities of those who called.</param>
    public IReadOnlyList<Classification> Classify(
        IReadOnlyList<GrayImage> images, IEnumerable<ActivityLink>? links, CancellationToken cancellationToken)
    {
        var answers = telemetry.Stage(Classifying, () => classifier.Classify(images, cancellationToken), links);
        telemetry.Pass(answers.Count);
        foreach (var answer in answers)
        {
            telemetry.Answered(Classifying, answer);
        }

        return answers;
    }

    /// <inheritdoc/>
    public override ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label)
    {
        var explained = telemetry.Stage(Explaining, () => classifier.Explain(image, options, label));
        telemetry.Answered(Explaining, explained.Answer);
        return explained;
    }

    /// <inheritdoc/>
    public override void Dispose() => classifier.Dispose();
}
