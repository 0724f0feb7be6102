using CovidCt.Imaging;
using CovidCt.Progress;
using CovidCt.Volumes;

namespace CovidCt.Answers;

/// <summary>Answers about whole series.</summary>
public static class SeriesClassifier
{
    // What a forward pass takes at most.
    private const int AtOnce = 16;

    /// <summary>
    /// Answers once about a series: each slice that shows lungs is classified, and the rule makes one answer of theirs. All slices are held
    /// as gray images meanwhile, a byte a pixel and window.
    /// </summary>
    /// <param name="classifier">What answers about a slice; it tells two classes apart.</param>
    /// <param name="volume">The series.</param>
    /// <param name="options">Rule, windows and lungs; null takes the defaults.</param>
    /// <param name="progress">
    /// Told how far reading (<see cref="StepKind.Reading"/>) and answering (<see cref="StepKind.Testing"/>) are.
    /// </param>
    /// <param name="cancellationToken">Stops between two slices, or two passes.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there are more classes than two.</exception>
    /// <exception cref="ImageRejectedException">No slice can be answered about; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SeriesClassification Classify(
        this ICtClassifier classifier,
        ICtVolume volume,
        SeriesOptions? options = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(volume);
        options ??= new();
        OptionsValidation.ThrowIfInvalid(options);
        var model = classifier.Model;
        if (model.Classes.Count != 2)
        {
            throw new ArgumentException(
                $"{model.Network} tells {model.Classes.Count} classes apart; an answer about a series takes a network of two.",
                nameof(classifier));
        }

        var slices = LungSlices.Read(
            volume, options.Windows, options.LeastLungs, Steps(progress, StepKind.Reading, volume.Count), cancellationToken);
        var answered = slices.Count(slice => slice.LeftOut is null);
        if (answered == 0)
        {
            throw new ImageRejectedException(
                $"No slice of the {volume.Count} can be answered about. The first: {slices[0].LeftOut}");
        }

        var answers = Ask(
            classifier, [.. slices.SelectMany(slice => slice.Images)],
            Steps(progress, StepKind.Testing, answered), options.Windows.Count, cancellationToken);
        SliceAnswer[] all =
        [
            .. slices.Select((slice, i) => new SliceAnswer(i, volume.LocationOf(i), slice.LungShare)
            {
                LeftOut = slice.LeftOut,
                Answers = [.. slice.Images.Select(_ => answers.Dequeue())],
            }),
        ];
        var score = options.Rule.Of([.. all.Select(slice => slice.Probability).OfType<double>()]);
        var positive = model.Classes[model.Positive];
        return new(
            score >= options.Rule.Cut ? positive : model.Classes[1 - model.Positive], positive, score, options.Rule, all);
    }

    private static Queue<Classification> Ask(
        ICtClassifier classifier, GrayImage[] images, Action<int> progress, int windows, CancellationToken cancellationToken)
    {
        var answers = new Queue<Classification>();
        foreach (var batch in images.Chunk(AtOnce))
        {
            foreach (var answer in classifier.Classify(batch, cancellationToken))
            {
                answers.Enqueue(answer);
            }

            progress(answers.Count / windows);
        }

        return answers;
    }

    private static Action<int> Steps(IProgress<StepProgress>? progress, StepKind kind, int total) =>
        done => progress?.Report(new(kind, done, total));
}
