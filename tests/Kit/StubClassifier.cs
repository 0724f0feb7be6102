using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Tests;

/// <summary>Answers by an image's mean gray: a network that is there at once, and whose answers are known.</summary>
internal sealed class StubClassifier(bool isCalibrated = true, double? setLevel = 0.9, double threshold = 0.4, params string[] classes)
    : ImageClassifier(new("stub", classes.Length == 0 ? ["non-COVID", "COVID"] : classes, 1, new(20, 16), CanvasFit.Stretch, (0, 0, 0)), null)
{
    private readonly bool _isCalibrated = isCalibrated;
    private int _asked, _disposed;

    /// <summary>How many images it was asked about.</summary>
    public int Asked => _asked;

    /// <summary>Of how many networks it takes itself for an ensemble; 1 for none.</summary>
    public int Networks { get; init; } = 1;

    /// <summary>Called before each batch.</summary>
    public Action? OnBatch { get; set; }

    /// <summary>How many images each batch had.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<int> Batches { get; } = new();

    public override bool IsCalibrated => _isCalibrated;

    public override double? SetLevel => setLevel;

    public static double ProbabilityOf(GrayImage image) => image.Pixels.Average(pixel => (double)pixel) / 255;

    public override Classification Classify(GrayImage image) => Classify([image]).Single();

    public override IReadOnlyList<Classification> Classify(IReadOnlyList<GrayImage> images, CancellationToken cancellationToken = default)
    {
        Batches.Enqueue(images.Count);
        OnBatch?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Add(ref _asked, images.Count);
        return [.. images.Select(Answered)];
    }

    /// <summary>The map is hot where the image is bright, in each of its quarters.</summary>
    public override ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label)
    {
        var answer = Classify(image);
        var number = label is null ? Model.Classes.ToList().IndexOf(answer.Label) : ClassOf(label);
        var canvas = new CanvasTransform(new() { Fit = Model.Fit }).Apply(image, Model.Input);
        var raw = new float[4];
        for (var i = 0; i < canvas.Pixels.Length; i++)
        {
            var (y, x) = Math.DivRem(i, Model.Input.Width);
            raw[(2 * (2 * y / Model.Input.Height)) + (2 * x / Model.Input.Width)] += canvas.Pixels[i];
        }

        return ExplainedImage.Of(answer, Model.Classes[number], new(number, 1, 2, 2, raw), image, canvas.Geometry, options.LargestSide);
    }

    /// <summary>How often it was disposed.</summary>
    public int Disposed => _disposed;

    public override void Dispose() => Interlocked.Increment(ref _disposed);

    private Classification Answered(GrayImage image)
    {
        var probability = ProbabilityOf(image);
        Classification answer = new(Model.Classes[Model.ClassOf(probability)], probability, [1 - probability, probability])
        {
            Positive = Model.Classes[1],
            CalibratedProbability = IsCalibrated ? 0.25 + (probability / 2) : null,
            PredictionSet = SetLevel is null
                ? null
                : [.. Model.Classes.Where((_, index) => index == 1 ? probability > 0.4 : probability < 0.6)],
            TrainingDistance = new(Math.Abs(probability - 0.5), threshold),
        };
        return Networks == 1 ? answer : answer with { Members = [.. Enumerable.Repeat(answer, Networks)] };
    }
}
