using System.Runtime.CompilerServices;
using CovidCt.Calibration;
using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Answers;

/// <summary>
/// What classifiers have in common, whatever computes their answers: they decode files, take images as they come, and put the answers of
/// several networks together.
/// </summary>
public abstract class ImageClassifier : ICtClassifier
{
    private const int MostAtOnce = 16;

    /// <param name="model">What it expects and answers.</param>
    /// <param name="decoder">Turns files into gray images; null takes <see cref="SkiaImageDecoder"/>.</param>
    protected ImageClassifier(ModelDescription model, IImageDecoder? decoder)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        Decoder = (decoder ?? new SkiaImageDecoder()).ForSamples(model.SampleBits);
    }

    /// <inheritdoc/>
    public ModelDescription Model { get; }

    /// <inheritdoc/>
    public abstract bool IsCalibrated { get; }

    /// <inheritdoc/>
    public abstract double? SetLevel { get; }

    /// <summary>Turns files into gray images.</summary>
    protected IImageDecoder Decoder { get; }

    /// <inheritdoc/>
    public Classification Classify(string path) => Classify(Decoder.DecodeFile(path));

    /// <inheritdoc/>
    public Classification Classify(ReadOnlyMemory<byte> file) => Classify(Decoder.Decode(file));

    /// <inheritdoc/>
    public Classification Classify(Stream file) => Classify(Decoder.Decode(file));

    /// <inheritdoc/>
    public abstract Classification Classify(GrayImage image);

    /// <inheritdoc/>
    public abstract IReadOnlyList<Classification> Classify(
        IReadOnlyList<GrayImage> images, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Classification> ClassifyAsync(
        IAsyncEnumerable<GrayImage> images, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var source = images.GetAsyncEnumerator(stop.Token);
        var next = source.MoveNextAsync().AsTask();
        try
        {
            while (await next.ConfigureAwait(false))
            {
                List<GrayImage> batch = [];
                do
                {
                    batch.Add(source.Current);
                    next = source.MoveNextAsync().AsTask();
                }
                while (batch.Count < MostAtOnce && next.IsCompletedSuccessfully && next.Result);
                foreach (var answer in await Task.Run(() => Classify(batch, cancellationToken), cancellationToken).ConfigureAwait(false))
                {
                    yield return answer;
                }
            }
        }
        finally
        {
            // A source may not be disposed while it is asked for the next image.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public ExplainedImage Explain(string path) => Explain(Decoder.DecodeFile(path));

    /// <inheritdoc/>
    public ExplainedImage Explain(ReadOnlyMemory<byte> file) => Explain(Decoder.Decode(file));

    /// <inheritdoc/>
    public ExplainedImage Explain(Stream file) => Explain(Decoder.Decode(file));

    /// <inheritdoc/>
    public ExplainedImage Explain(GrayImage image) => Explain(image, new GradCamOptions(), label: null);

    /// <inheritdoc/>
    public ExplainedImage Explain(string path, GradCamOptions options, string? label) => Explain(Decoder.DecodeFile(path), options, label);

    /// <inheritdoc/>
    public ExplainedImage Explain(ReadOnlyMemory<byte> file, GradCamOptions options, string? label) =>
        Explain(Decoder.Decode(file), options, label);

    /// <inheritdoc/>
    public ExplainedImage Explain(Stream file, GradCamOptions options, string? label) => Explain(Decoder.Decode(file), options, label);

    /// <inheritdoc/>
    public abstract ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The index of a class.</summary>
    /// <param name="label">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    protected int ClassOf(string label)
    {
        var found = Model.Classes.ToList().IndexOf(label);
        return found >= 0
            ? found
            : throw new ArgumentException(
                $"{Model.Network} has no class '{label}'. It has: {string.Join(", ", Model.Classes.Take(20))}.", nameof(label));
    }

    /// <summary>Answers about many images, a few at a time, each with what had to be assumed of its file.</summary>
    /// <param name="images">The images.</param>
    /// <param name="answer">Answers about the images of one forward pass, in their order.</param>
    /// <param name="cancellationToken">Stops between two passes.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    protected static IReadOnlyList<Classification> InBatches(
        IReadOnlyList<GrayImage> images, Func<GrayImage[], IReadOnlyList<Classification>> answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(answer);
        List<Classification> answers = [];
        foreach (var batch in images.Chunk(MostAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            answers.AddRange(answer(batch).Zip(batch, (one, image) => one with { ImageNote = image.Note }));
        }

        return answers;
    }

    /// <summary>What a network answers.</summary>
    /// <param name="probabilities">Of each class, as the network states them.</param>
    /// <param name="calibration">How they become calibrated ones; null where nothing says it.</param>
    /// <param name="sets">From which probabilities on classes are in its set; null where nothing says it.</param>
    /// <param name="distance">How far the image is from the training images; null where that isn't known.</param>
    protected Classification Answer(
        IReadOnlyList<double> probabilities, NetworkCalibration? calibration, ConformalSets? sets, TrainingDistance? distance)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        return new(Model.Classes[Likeliest(probabilities)], probabilities[Model.Positive], probabilities)
        {
            Positive = Model.Classes[Model.Positive],
            CalibratedProbability = calibration?.Apply(probabilities[Model.Positive]),
            PredictionSet = sets is null ? null : SetAt(sets, probabilities[Model.Positive]),
            TrainingDistance = distance,
        };
    }

    /// <summary>
    /// What several networks answer together: the means of their probabilities, calibrated and with a set as these means ask for. Without
    /// a calibration of the means, the mean of the networks' calibrated probabilities where all have one; without sets of the means, the
    /// classes in more than half of the networks' sets.
    /// </summary>
    /// <param name="answers">What each answers.</param>
    /// <param name="calibration">How means of probabilities become calibrated ones; null where nothing says it.</param>
    /// <param name="sets">From which means on classes are in the set; null where nothing says it.</param>
    protected Classification Together(
        IReadOnlyList<Classification> answers, NetworkCalibration? calibration = null, ConformalSets? sets = null)
    {
        ArgumentNullException.ThrowIfNull(answers);
        double[] mean = [.. Enumerable.Range(0, Model.Classes.Count).Select(i => answers.Average(answer => answer.Probabilities[i]))];
        return new(Model.Classes[Array.IndexOf(mean, mean.Max())], mean[Model.Positive], mean)
        {
            Positive = Model.Classes[Model.Positive],
            CalibratedProbability = calibration is not null ? calibration.Apply(mean[Model.Positive])
                : IsCalibrated ? answers.Average(answer => answer.CalibratedProbability)
                : null,
            PredictionSet = sets is not null ? SetAt(sets, mean[Model.Positive])
                : SetLevel is null ? null
                : [.. Model.Classes.Intersect(ConformalSets.Majority([.. answers.Select(answer => answer.PredictionSet!)]))],
            TrainingDistance = TrainingDistance.Middle([.. answers.Select(answer => answer.TrainingDistance)]),
            Members = answers,
        };
    }

    private IReadOnlyList<string> SetAt(ConformalSets sets, double probability) =>
    [
        .. Model.Classes.Where((_, index) => index == Model.Positive ? sets.HoldsPositive(probability) : sets.HoldsNegative(probability)),
    ];

    /// <summary>The index of the largest probability.</summary>
    /// <param name="probabilities">Of each class.</param>
    protected static int Likeliest(IReadOnlyList<double> probabilities) => probabilities.Index().MaxBy(entry => entry.Item).Index;
}
