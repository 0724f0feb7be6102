using System.Security.Cryptography;
using CovidCt.Answers;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Progress;

namespace CovidCt.Records;

/// <summary>A trained network that answers about a data set: its predictions, and what is known of them.</summary>
internal sealed class ModelTest
{
    /// <summary>The column of images that are unlike those of training.</summary>
    public const string UnlikeColumn = "unlike the training images";

    // In the same batches whether or not it was stopped between: answers of a batch differ from those of one image by rounding.
    private const int Batch = 16;

    private readonly ICtClassifier _classifier;
    private readonly CtDataset _dataset;
    private readonly ModelTestOptions _options;
    private readonly IImageDecoder _decoder;
    private readonly string[] _labels;

    /// <exception cref="ArgumentException">The network tells other than two classes apart.</exception>
    /// <exception cref="UnusableDataException">The data set contradicts itself, or has other than two classes.</exception>
    /// <exception cref="RunFolderException">A decoder has to be given (<see cref="ModelTestOptions.ReadBy"/>).</exception>
    public ModelTest(ICtClassifier classifier, CtDataset dataset, ModelTestOptions options, CancellationToken cancellationToken)
    {
        dataset.ThrowIfInvalid();
        var model = classifier.Model;
        if (model.Classes.Count != 2)
        {
            throw new ArgumentException($"{model.Network} tells {model.Classes.Count} classes apart; a test takes a network of two.");
        }

        if (dataset.Classes.Count != 2)
        {
            throw new UnusableDataException($"{dataset.Root} has {dataset.Classes.Count} classes ({string.Join(", ", dataset.Classes)}); "
                + $"{model.Network} is tested on two.");
        }

        if (options is { Decoder: null, ReadBy: { } name })
        {
            throw new RunFolderException(
                $"{model.Network} was trained on images that the decoder '{name}' read, and the test is given none.",
                FolderProblem.OtherDecoder);
        }

        (_classifier, _options) = (classifier, options);
        _dataset = dataset.WithSuggestedPositive(Positive);
        _labels = LabelsOf();
        var decoder = options.Decoder ?? new SkiaImageDecoder();
        _decoder = decoder.ForSamples(model.SampleBits ?? dataset.WithSampleBits(decoder, cancellationToken).SampleBits);
    }

    private ModelDescription Model => _classifier.Model;

    private string Positive => Model.Classes[Model.Positive];

    private string Negative => Model.Classes[1 - Model.Positive];

    /// <summary>Asks the network about every image.</summary>
    /// <param name="folder">Where the report lies, or will.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="UnusableDataException">No image can be read.</exception>
    public StudyReport Run(string folder, IProgress<StepProgress>? progress, CancellationToken cancellationToken)
    {
        var rows = Answered(progress, cancellationToken);
        IReadOnlyList<Rejection> rejected =
        [
            .. _dataset.Rejected.Concat(rows.Where(row => row.Rejection is not null).Select(row => new Rejection(row.Path, row.Rejection!)))
                .OrderBy(rejection => rejection.Path, StringComparer.Ordinal),
        ];
        List<Prediction> predictions = [];
        List<TestedModel.Answer> answers = [];
        foreach (var (sample, row) in _dataset.Samples.Zip(rows).Where(image => image.Second.Probability is not null))
        {
            answers.Add(row.Answer);
            predictions.Add(new(sample.Path, _labels[sample.Label], sample.Patient, Model.Network, Fold: 0, row.Probability!.Value)
            {
                Source = sample.Source,
            });
        }

        if (predictions.Count == 0)
        {
            throw UnusableDataException.NothingReadable(_dataset.Root, rejected);
        }

        return GivenStudy.Of(folder, Given(rows, predictions, rejected), [predictions], Columns(answers), answers);
    }

    private bool HasTheNetworksClasses =>
        _dataset.Classes.Order(StringComparer.Ordinal).SequenceEqual(Model.Classes.Order(StringComparer.Ordinal));

    /// <summary>By the data set's labels, the names that the network has for its classes: its own, or those of their sides.</summary>
    private string[] LabelsOf() => HasTheNetworksClasses
        ? [.. _dataset.Classes]
        : [.. _dataset.Classes.Select((_, label) => label == _dataset.Positive ? Positive : Negative)];

    private TestJournal.Row[] Answered(IProgress<StepProgress>? progress, CancellationToken cancellationToken)
    {
        var samples = _dataset.Samples;
        var key = $"{GivenPredictions.Program}; {Model.Network}; {_decoder.Version}; "
            + string.Join("; ", _options.Files.Select(file => $"{file.Name} {file.Sha256}"));
        using var journal = TestJournal.Open(_options.Journal, key);
        List<TestJournal.Row> rows = [];
        var batches = samples.Chunk(Batch).ToArray();
        var next = batches.Length == 0 ? null : Task.Run(() => Read(batches[0], journal, cancellationToken), cancellationToken);
        for (var place = 0; place < batches.Length; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var images = next!.GetAwaiter().GetResult();
            var after = place + 1;
            next = after == batches.Length ? null
                : Task.Run(() => Read(batches[after], journal, cancellationToken), cancellationToken); // While this batch is answered.
            if (images.All(image => image.Known is not null))
            {
                rows.AddRange(images.Select(image => image.Known!));
            }
            else
            {
                var answered = Answer(images, cancellationToken);
                journal.Add(images.Zip(answered, (image, row) => (image.Sha256, row)));
                rows.AddRange(answered);
            }

            progress?.Report(new(StepKind.Testing, rows.Count, samples.Count));
        }

        return [.. rows];
    }

    /// <summary>Reads a batch; images are decoded where one of them isn't known yet, since a batch is answered as a whole.</summary>
    private Image[] Read(CtSample[] batch, TestJournal journal, CancellationToken cancellationToken)
    {
        var images = new Image[batch.Length];
        var files = new byte[]?[batch.Length];
        RowLoop.ForEach(batch.Length, Find, progress: null, cancellationToken);
        if (images.Any(image => image.Known is null))
        {
            RowLoop.ForEach(batch.Length, Decode, progress: null, cancellationToken);
        }

        return images;

        void Find(int row)
        {
            var path = batch[row].Path;
            try
            {
                files[row] = _dataset.Read(path);
                var sha256 = Convert.ToHexStringLower(SHA256.HashData(files[row]!));
                images[row] = new(path, sha256, journal.Find(path, sha256), null, null);
            }
            catch (ImageRejectedException e)
            {
                images[row] = new(path, "", null, null, e.Message); // It may be readable another time.
            }
        }

        void Decode(int row)
        {
            try
            {
                images[row] = files[row] is { } file ? images[row] with { Gray = _decoder.Decode(file) } : images[row];
            }
            catch (ImageRejectedException e)
            {
                images[row] = images[row] with { Rejection = e.Message };
            }
        }
    }

    private TestJournal.Row[] Answer(Image[] images, CancellationToken cancellationToken)
    {
        var answers = new Queue<Classification>(
            _classifier.Classify([.. images.Select(image => image.Gray).OfType<GrayImage>()], cancellationToken));
        return [.. images.Select(image => image.Gray is null
            ? new TestJournal.Row(0, null, image.Rejection, new(image.Path, null, null, null))
            : RowOf(image.Path, answers.Dequeue()))];
    }

    private TestJournal.Row RowOf(string path, Classification answer) => new(
        Math.Max(1, answer.Members.Count),
        answer.Probability,
        null,
        new(
            path,
            answer.CalibratedProbability,
            answer.PredictionSet is { } set ? (set.Contains(Positive), set.Contains(Negative)) : null,
            answer.TrainingDistance));

    private GivenPredictions Given(
        IReadOnlyList<TestJournal.Row> rows, List<Prediction> predictions, IReadOnlyList<Rejection> rejected)
    {
        var trained = _options.TrainedImages?.ToHashSet();
        return new(
            _options.Name ?? _dataset.Name,
            CrossValidationReport.GivenTest,
            [Model.Network],
            [Negative, Positive],
            Positive,
            _dataset.IsPositiveGuessed)
        {
            JudgedWith = GivenPredictions.Program,
            Tested = new(
                Model.Network, rows.Max(row => row.Networks), predictions.Count, _classifier.IsCalibrated, _classifier.SetLevel,
                rows.Any(row => row.Answer.Distance is not null))
            {
                Files = _options.Files,
                TrainedOn = _options.TrainedOn,
                TrainedImages = trained is null ? null : predictions.Count(image => trained.Contains((image.Path, image.Label))),
                Rejected = rejected,
                ClassesThere = HasTheNetworksClasses
                    ? null
                    : [_dataset.Classes[1 - _dataset.Positive], _dataset.Classes[_dataset.Positive]],
            },
        };
    }

    /// <summary>What the data set says of the images, and which of them are unlike those of training, where any is.</summary>
    private ImageColumns? Columns(List<TestedModel.Answer> answers)
    {
        if (!answers.Exists(answer => answer.Distance is { IsUnlike: true }))
        {
            return ImageColumns.Of(_dataset);
        }

        var unlike = answers.Where(answer => answer.Distance is not null)
            .ToDictionary(answer => answer.Path, answer => answer.Distance!.IsUnlike ? "yes" : "no", StringComparer.Ordinal);
        return ImageColumns.Of(_dataset with
        {
            Samples =
            [
                .. _dataset.Samples.Select(sample => unlike.TryGetValue(sample.Path, out var isUnlike)
                    ? sample with { Columns = CtSample.ColumnsOf(sample.Columns.Select(Pair).Prepend((UnlikeColumn, isUnlike))) }
                    : sample),
            ],
        });

        static (string, string?) Pair(KeyValuePair<string, string> column) => (column.Key, column.Value);
    }

    private sealed record Image(string Path, string Sha256, TestJournal.Row? Known, GrayImage? Gray, string? Rejection);
}
