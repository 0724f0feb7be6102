using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Explanation;

/// <summary>
/// Says how far a network's maps can be trusted: whether they mark what the network needs, whether they depend on what it
/// learned, and whether they lie on the image and on marked findings; and whether maps that know nothing of the network do as well.
/// </summary>
/// <remarks>
/// The network is run in evaluation mode and left as it was found; what is randomised is a copy. An audit may run beside
/// others; each network answers one of them at a time. All that is random is drawn from <see cref="CamAuditOptions.Seed"/>.
/// </remarks>
internal sealed class CamAudit
{
    private readonly IBackboneFactory _backbones;
    private readonly CamAuditOptions _options;
    private readonly MapMaker _maps;

    /// <summary>An audit of maps of one kind.</summary>
    /// <param name="backbones">Makes the copy that is randomised.</param>
    /// <param name="options">What is looked at, and how; null takes the defaults. It is not to be changed afterwards.</param>
    /// <param name="maps">Makes the maps; null takes Grad-CAM at the feature map.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public CamAudit(IBackboneFactory backbones, CamAuditOptions? options = null, MapMaker? maps = null)
    {
        ArgumentNullException.ThrowIfNull(backbones);
        _backbones = backbones;
        _options = options ?? new CamAuditOptions();
        OptionsValidation.ThrowIfInvalid(_options);
        _maps = maps ?? ((backbone, images, classes) => new GradCam(backbone).Explain(images, classes));
    }

    /// <summary>Audits the maps of some images.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="images">float32 [N, 3, H, W], normalised, on the network's device; left untouched.</param>
    /// <param name="geometries">How each of the N images lies on its canvas of W × H pixels.</param>
    /// <param name="classes">The explained class of each image; null takes the one with the largest logit.</param>
    /// <param name="findings">
    /// For each image whether each pixel of the original is marked, row by row, or null; null where nothing is marked.
    /// </param>
    /// <param name="progress">Told after every image, and after every level of randomisation.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    /// <exception cref="WeightsException">The network answers no numbers.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CamAuditReport Run(
        IBackbone backbone,
        Tensor images,
        IReadOnlyList<CanvasGeometry> geometries,
        IReadOnlyList<int>? classes = null,
        IReadOnlyList<bool[]?>? findings = null,
        IProgress<CamAuditProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(backbone, images, geometries, classes, findings);
        using var scope = NewDisposeScope();
        using var normal = inference_mode(false);
        using var guard = no_grad();
        using var answering = backbone.ForInference();
        var answers = new NetworkAnswers(answering, _options.BatchSize, cancellationToken);
        var chosen = classes ?? Predicted(answers, images);
        var maps = Maps(backbone, images, chosen, cancellationToken);
        var onHost = images.cpu();
        var audits = new ImageAudit[maps.Count];
        for (var i = 0; i < audits.Length; i++)
        {
            audits[i] = Audit(answers, Pixels(onHost, i), i, maps[i], geometries[i], findings?[i]);
            progress?.Report(new(_options.Parts & ~CamAuditParts.Randomisation, i + 1, audits.Length));
        }

        return new(
            audits,
            _options.Parts.HasFlag(CamAuditParts.Randomisation) ? Randomise(backbone, images, maps, progress, cancellationToken) : []);
    }

    /// <summary>How well several networks' maps of the same images agree, such as those of the five folds.</summary>
    /// <param name="backbones">Two networks or more, with maps on one grid.</param>
    /// <param name="images">float32 [N, 3, H, W], normalised, on the networks' device; left untouched.</param>
    /// <param name="classes">The explained class of each image.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns><see cref="MapStatistics.Agreement"/> of each image, in [−1, 1]; null where the maps are constant.</returns>
    /// <exception cref="ArgumentException">There are fewer than two networks, or the parts do not fit together.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<double?> Agreement(
        IReadOnlyList<IBackbone> backbones, Tensor images, IReadOnlyList<int> classes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(backbones);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(classes);
        if (backbones.Count < 2 || classes.Count == 0 || classes.Count != images.shape[0])
        {
            throw new ArgumentException(
                $"At least two networks, and a class for each of {images.shape[0]} images were expected; {backbones.Count} and "
                    + $"{classes.Count} given.", nameof(backbones));
        }

        var maps = backbones.Select(backbone => Maps(backbone, images, classes, cancellationToken)).ToList();
        return [.. Enumerable.Range(0, classes.Count).Select(i => MapStatistics.Agreement([.. maps.Select(made => made[i])]))];
    }

    private static void Check(
        IBackbone backbone, Tensor images,
        IReadOnlyList<CanvasGeometry> geometries, IReadOnlyList<int>? classes, IReadOnlyList<bool[]?>? findings)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(geometries);
        if (images.dtype != ScalarType.Float32 || images.shape is not [> 0, 3, > 0, > 0])
        {
            throw new ArgumentException(
                $"float32 [N, 3, H, W] with at least one image was expected, {images.dtype} [{string.Join(", ", images.shape)}] given.",
                nameof(images));
        }

        var (count, canvas) = (images.shape[0], new ImageSize((int)images.shape[3], (int)images.shape[2]));
        if (geometries.Count != count || geometries.Any(geometry => geometry.Canvas != canvas))
        {
            throw new ArgumentException(
                $"{count} geometries on canvases of {canvas} were expected, {geometries.Count} given, or of another size.",
                nameof(geometries));
        }

        if (backbone.Classes < 2)
        {
            throw new ArgumentException("A network of one class has no odds.", nameof(backbone));
        }

        if (classes is not null && (classes.Count != count || classes.Any(number => number < 0 || number >= backbone.Classes)))
        {
            throw new ArgumentException(
                $"{count} classes from 0 to {backbone.Classes - 1} were expected, {classes.Count} given, or others.", nameof(classes));
        }

        if (findings is not null && findings.Count != count)
        {
            throw new ArgumentException(
                $"Marked findings of {count} images were expected, of {findings.Count} given; null stands for an image without.",
                nameof(findings));
        }

        for (var i = 0; i < findings?.Count; i++)
        {
            if (findings[i] is { } mask && mask.LongLength != (long)geometries[i].Original.Width * geometries[i].Original.Height)
            {
                throw new ArgumentException(
                    $"Image {i} has {geometries[i].Original} pixels, its marked findings {mask.Length}.", nameof(findings));
            }
        }
    }

    private int[] Predicted(NetworkAnswers answers, Tensor images) =>
    [
        .. Enumerable.Range(0, (int)images.shape[0]).Chunk(_options.BatchSize)
            .SelectMany(rows => answers.Logits(images.narrow(0, rows[0], rows.Length)))
            .Select(row => Array.IndexOf(row, row.Max())),
    ];

    private List<ClassActivationMap> Maps(
        IBackbone backbone, Tensor images, IReadOnlyList<int> classes, CancellationToken cancellationToken)
    {
        List<ClassActivationMap> maps = [];
        foreach (var rows in Enumerable.Range(0, classes.Count).Chunk(_options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int[] wanted = [.. rows.Select(row => classes[row])];
            var made = _maps(backbone, images.narrow(0, rows[0], rows.Length), wanted);
            if (!made.Select(map => map.Class).SequenceEqual(wanted))
            {
                throw new ArgumentException(
                    $"Maps of the classes {string.Join(", ", wanted)} were asked for, and maps of "
                        + $"{string.Join(", ", made.Select(map => map.Class))} made.");
            }

            maps.AddRange(made);
        }

        return maps;
    }

    private ImageAudit Audit(
        NetworkAnswers answers, float[] pixels, int number, ClassActivationMap map, CanvasGeometry geometry, bool[]? findings)
    {
        var image = new PerturbedImage(pixels, geometry, _options.BlurDeviation);
        var marked = findings is not null && findings.Contains(true) ? findings : null;
        var scorer = new MapScorer(_options, answers, image, map.Class, marked);
        return new(map, scorer.Score(map, CounterRandom.Key(_options.Seed, number)), PaddingShare(geometry))
        {
            Baselines = _options.Parts.HasFlag(CamAuditParts.Baselines) ? BaselineMaps.All.ToDictionary(kind => kind, Score) : [],
            MaskShare = marked is null ? null : (double)marked.Count(pixel => pixel) / marked.Length,
            PointingChance =
                marked is null ? null : MapStatistics.PointingChance(marked, geometry.Original.Width, _options.PointingTolerance),
        };

        MapScores Score(BaselineMap kind)
        {
            var key = CounterRandom.Key(_options.Seed, number, (long)kind);
            return scorer.Score(BaselineMaps.Of(kind, image, map, key), key);
        }
    }

    private static double PaddingShare(CanvasGeometry geometry) =>
        1 - ((double)geometry.Scaled.Width * geometry.Scaled.Height / ((double)geometry.Canvas.Width * geometry.Canvas.Height));

    private List<RandomisedMaps> Randomise(
        IBackbone backbone, Tensor images, List<ClassActivationMap> maps, IProgress<CamAuditProgress>? progress,
        CancellationToken cancellationToken)
    {
        var canvas = new ImageSize((int)images.shape[3], (int)images.shape[2]);
        int[] classes = [.. maps.Select(map => map.Class)];
        using var cascade = new CascadingRandomisation(_backbones, backbone, _options.Seed);
        List<RandomisedMaps> levels = [];
        for (var level = 0; level < cascade.Levels.Count; level++)
        {
            cascade.Randomise(level);
            var pairs = maps.Zip(Maps(cascade.Copy, images, classes, cancellationToken)).ToList();
            levels.Add(new(
                cascade.Levels[level].Name,
                [.. pairs.Select(pair => MapStatistics.RankCorrelation(pair.First.Normalised, pair.Second.Normalised))],
                [.. pairs.Select(pair => MapStatistics.Ssim(pair.First.OnCanvas(canvas), pair.Second.OnCanvas(canvas), canvas))]));
            progress?.Report(new(CamAuditParts.Randomisation, level + 1, cascade.Levels.Count));
        }

        return levels;
    }

    private static float[] Pixels(Tensor images, int number)
    {
        using var scope = NewDisposeScope();
        return images.select(0, number).contiguous().data<float>().ToArray();
    }
}
