using System.Globalization;
using CovidCt.Answers;
using CovidCt.Augmentation;
using CovidCt.Calibration;
using CovidCt.Canvases;
using CovidCt.Compute;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>A trained network that answers about images. It may be called from many threads at once.</summary>
/// <remarks>It is not a medical device, and its answers are not a diagnosis.</remarks>
public sealed class CtClassifier : ImageClassifier
{
    private readonly IBackbone _backbone;
    private readonly Lazy<IInferenceNetwork> _answering;
    private readonly CanvasTransform _canvas;
    private readonly Augmenter _input;
    private readonly Uses _uses;

    /// <summary>A classifier that takes over a network, puts it into evaluation mode and disposes it in the end.</summary>
    /// <param name="backbone">The network, whose number of classes is that of the description.</param>
    /// <param name="model">What the network expects and answers.</param>
    /// <param name="decoder">Turns files into gray images; null takes <see cref="SkiaImageDecoder"/>.</param>
    /// <exception cref="ArgumentException">The description doesn't fit the network.</exception>
    public CtClassifier(
        IBackbone backbone, ModelDescription model, IImageDecoder? decoder = null) : this(backbone, model, decoder, reference: null)
    {
    }

    /// <summary>
    /// The same with the features of its training images, taken over too, which inputs are compared with, and with its calibration and its
    /// prediction sets.
    /// </summary>
    internal CtClassifier(
        IBackbone backbone, ModelDescription model, IImageDecoder? decoder, TrainingReference? reference,
        NetworkCalibration? calibration = null, ConformalSets? sets = null) : base(model, decoder)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        if (backbone.Classes != model.Classes.Count)
        {
            throw new ArgumentException(
                $"The network has {backbone.Classes} classes, its description {model.Classes.Count}.", nameof(model));
        }

        if (model.Positive < 0 || model.Positive >= model.Classes.Count)
        {
            throw new ArgumentException($"The positive class is number {model.Positive} of {model.Classes.Count}.", nameof(model));
        }

        if (reference is not null && reference.FeatureWidth != backbone.Spec.FeatureWidth)
        {
            throw new ArgumentException(
                $"The network has {backbone.Spec.FeatureWidth} features, its reference {reference.FeatureWidth}.", nameof(reference));
        }

        if ((calibration is not null || sets is not null) && model.Classes.Count != 2)
        {
            throw new ArgumentException(
                $"The network tells {model.Classes.Count} classes apart, and calibration and sets are of two.", nameof(calibration));
        }

        Reference = reference;
        Calibration = calibration;
        Sets = sets;
        _backbone = backbone;
        _canvas = new CanvasTransform(new CanvasOptions { Fit = model.Fit, Fill = model.Fill });
        _input = new Augmenter(AugmentationOptions.None, backbone.Spec.Normalisation, model.Fill);
        _backbone.Network.eval();

        // Who only saves it needs no second one.
        _answering = new(_backbone.ForInference);
        _uses = new(this, Free);
    }

    /// <summary>How the network's probabilities become calibrated ones; null where nothing says it.</summary>
    public NetworkCalibration? Calibration { get; }

    /// <summary>From which probabilities on the network's classes are in a prediction set; null where nothing says it.</summary>
    public ConformalSets? Sets { get; }

    /// <inheritdoc/>
    public override bool IsCalibrated => Calibration is not null;

    /// <inheritdoc/>
    public override double? SetLevel => Sets?.Level;

    /// <summary>The features of the training images, which inputs are compared with; null where there is none.</summary>
    internal TrainingReference? Reference { get; }

    /// <summary>The file that it was read from; null where it was made of something else.</summary>
    internal string? SourceFile { get; init; }

    internal IBackbone Backbone => _backbone;

    internal IImageDecoder ImageDecoder => Decoder;

    /// <summary>A classifier from a run's <c>network.safetensors</c>.</summary>
    /// <param name="path">
    /// The file, or a run folder that holds it; from a folder also its <see cref="RunLayout.ReferenceName"/> and its
    /// <see cref="RunLayout.CalibrationName"/>, where they are there.
    /// </param>
    /// <exception cref="WeightsException">
    /// A file is missing or broken, or no trained network: an ensemble is <see cref="CtEnsemble"/>'s.
    /// </exception>
    /// <exception cref="RunFolderException">
    /// A file of a run folder is not what was written, or it remembers another decoder (<see cref="FolderProblem.OtherDecoder"/>).
    /// </exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public static CtClassifier Load(string path) => Load(path, new BackboneFactory());

    /// <inheritdoc cref="Load(string)"/>
    /// <param name="backbones">Makes the network.</param>
    /// <param name="decoder">
    /// Turns files into gray images; null takes <see cref="SkiaImageDecoder"/>. Where a run folder remembers a decoder, its name is that.
    /// </param>
    /// <param name="device">Where the network answers.</param>
    /// <exception cref="ArgumentException">The device isn't there.</exception>
    public static CtClassifier Load(
        string path, IBackboneFactory backbones, IImageDecoder? decoder = null, ComputeDevice device = ComputeDevice.Cpu)
    {
        TorchRuntime.EnsureLoaded();
        var there = Devices.Resolve(device);
        RunLayout.CheckModel(path);
        var isRun = Directory.Exists(path);
        if (isRun)
        {
            RecordedDecoder.ThrowIfRecordedIsOther(path, decoder);
        }

        var file = isRun ? Path.Combine(path, RunLayout.NetworkName) : path;
        var (model, backbone) = ModelFile.Load(file, backbones);
        try
        {
            backbone.Network.to(there);
            var (calibration, sets) = isRun ? FittedIn(path, model) : default; // Before the reference, which would have to be freed.
            return new(backbone, model, decoder, isRun ? ReferenceIn(path, backbone) : null, calibration, sets) { SourceFile = file };
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    private static (NetworkCalibration? Calibration, ConformalSets? Sets) FittedIn(string run, ModelDescription model)
    {
        var layout = new RunLayout(run);
        try
        {
            var (calibration, sets) = (layout.ReadCalibration(), layout.ReadSets());
            return (calibration is null && sets is null) || model.Classes.Count == 2
                ? (calibration, sets)
                : throw new InvalidDataException(
                    $"{layout.Calibration} is of two classes, and {model.Network} tells {model.Classes.Count} apart.");
        }
        catch (InvalidDataException e)
        {
            throw new WeightsException($"{e.Message} Delete it and go on with the study, which writes it again.", e);
        }
    }

    private static TrainingReference? ReferenceIn(string run, IBackbone backbone)
    {
        var file = Path.Combine(run, RunLayout.ReferenceName);
        if (!File.Exists(file))
        {
            return null;
        }

        var reference = TrainingReference.Load(file);
        if (reference.FeatureWidth != backbone.Spec.FeatureWidth)
        {
            using var other = reference;
            throw new WeightsException($"{file} is not of this network: it has {other.FeatureWidth} features, {backbone.Spec.Name} "
                + $"{backbone.Spec.FeatureWidth}. {TrainingReference.Remedy}");
        }

        return reference;
    }

    /// <summary>A classifier from plain weights, such as a published ImageNet file; classes are named by their index.</summary>
    /// <param name="network">The network's published name.</param>
    /// <param name="weights">A safetensors file under the network's published keys.</param>
    /// <param name="device">Where the network answers.</param>
    /// <exception cref="ArgumentException">No network has that name, or the device isn't there.</exception>
    /// <exception cref="WeightsException">The file is missing, broken, or of another network.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public static CtClassifier FromWeights(string network, string weights, ComputeDevice device = ComputeDevice.Cpu)
    {
        TorchRuntime.EnsureLoaded();
        var there = Devices.Resolve(device);
        var backbone = BackboneWeights.LoadPretrained(new BackboneFactory(), network, weights);
        backbone.Network.to(there);
        var classes = Enumerable.Range(0, backbone.Classes).Select(index => index.ToString(CultureInfo.InvariantCulture)).ToList();
        return new(
            backbone, new(network, classes, classes.Count - 1, backbone.Spec.Canvas, CanvasFit.KeepAspect, new CanvasOptions().Fill));
    }

    /// <inheritdoc/>
    public override Classification Classify(GrayImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var use = _uses.Begin();
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        return AnswersTo(Prepare(image).Input)[0] with { ImageNote = image.Note };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Classification> Classify(IReadOnlyList<GrayImage> images, CancellationToken cancellationToken = default)
    {
        using var use = _uses.Begin();
        return InBatches(images, batch => ImageBatches.Answer(batch, Prepare, AnswersTo), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Explanations run beside each other, and while others classify. Those at a named layer take turns, in the order in which they were
    /// asked for. <see cref="ExplainedImage.Answer"/> is what <see cref="Classify(GrayImage)"/>
    /// answers, to the bit.
    /// </remarks>
    public override ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);
        using var use = _uses.Begin();
        int? wanted = label is null ? null : ClassOf(label);
        using var scope = NewDisposeScope();
        var (input, geometry) = Prepare(image);
        var (answer, map) = ExplanationOf(input, options, wanted);
        return ExplainedImage.Of(
            answer with { ImageNote = image.Note }, Model.Classes[map.Class], map, image, geometry, options.LargestSide);
    }

    /// <summary>An image as the network expects it, [1, 3, H, W], and how it lies there.</summary>
    internal (Tensor Input, CanvasGeometry Geometry) Prepare(GrayImage image)
    {
        var canvas = _canvas.Apply(image, Model.Input);
        using var batch = CanvasBatch.Of(canvas);
        return (_input.Prepare(batch), canvas.Geometry);
    }

    /// <summary>Answers about prepared images, [N, 3, H, W], which may be on another device than the network.</summary>
    internal Classification[] Answers(Tensor input)
    {
        using var use = _uses.Begin();
        return AnswersTo(input);
    }

    private Classification[] AnswersTo(Tensor input)
    {
        var map = _answering.Value.FeatureMap(input.to(_answering.Value.Device));
        return Answers(_answering.Value.Head(map), map);
    }

    /// <summary>Answers about a prepared image, and explains a class, or the most probable one, in it.</summary>
    internal (Classification Answer, ClassActivationMap Map) Explain(Tensor input, GradCamOptions options, int? wanted)
    {
        using var use = _uses.Begin();
        return ExplanationOf(input, options, wanted);
    }

    private (Classification Answer, ClassActivationMap Map) ExplanationOf(Tensor input, GradCamOptions options, int? wanted)
    {
        // A map that was made in inference mode could be part of no graph.
        using var normal = inference_mode(false);
        var cam = new GradCam(_backbone, options);
        var network = _answering.Value;
        input = input.to(network.Device);
        var map = network.FeatureMap(input);
        var answer = Answers(network.Head(map), map)[0];
        var number = wanted ?? Likeliest(answer.Probabilities);
        return (answer, (options.Layer is null ? cam.ExplainMap(map, [number]) : cam.Explain(input, [number]))[0]);
    }

    private Classification[] Answers(Tensor logits, Tensor map)
    {
        var softmax = logits.to_type(ScalarType.Float64).softmax(1).cpu();
        var probabilities = softmax.data<double>().ToArray();
        if (!probabilities.All(double.IsFinite))
        {
            throw new WeightsException(
                $"The weights of {Model.Network} hold NaN or values beyond all bounds: it answers no numbers. Use other weights.");
        }

        var distances = Reference?.Measure(_backbone.Pool(map));
        return [.. probabilities.Chunk(Model.Classes.Count).Select((row, image) => Answer(row, Calibration, Sets, distances?[image]))];
    }

    /// <summary>
    /// Frees the network. Predictions that are under way are finished, and the last one frees it; later calls end in an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public override void Dispose() => _uses.Dispose();

    /// <summary>Keeps the network until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    internal IDisposable Keep() => _uses.Begin();

    private void Free()
    {
        if (_answering.IsValueCreated)
        {
            _answering.Value.Dispose();
        }

        _backbone.Dispose();
        Reference?.Dispose();
    }
}
