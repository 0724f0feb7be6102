using System.Globalization;
using CovidCt.Answers;
using CovidCt.Augmentation;
using CovidCt.Calibration;
using CovidCt.Canvases;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>A trained network that answers about images. It may be called from many threads at once.</summary>
/// <remarks>It is not a medical device, and its answers are not a diagnosis.</remarks>
public sealed class CtClassifier : ICtClassifier
{
    private readonly IBackbone _backbone;
    private readonly Lazy<IInferenceNetwork> _answering;
    private readonly IImageDecoder _decoder;
    private readonly CanvasTransform _canvas;
    private readonly Augmenter _input;
    private bool _disposed;

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
    /// The same with the features of its training images, taken over too, which inputs are compared with, and with its calibration.
    /// </summary>
    internal CtClassifier(
        IBackbone backbone, ModelDescription model, IImageDecoder? decoder, TrainingReference? reference,
        NetworkCalibration? calibration = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(model);
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

        if (calibration is not null && model.Classes.Count != 2)
        {
            throw new ArgumentException(
                $"The network tells {model.Classes.Count} classes apart, and a calibration is of two.", nameof(calibration));
        }

        Model = model;
        Reference = reference;
        Calibration = calibration;
        _backbone = backbone;
        _decoder = decoder ?? new SkiaImageDecoder();
        _canvas = new CanvasTransform(new CanvasOptions { Fit = model.Fit, Fill = model.Fill });
        _input = new Augmenter(AugmentationOptions.None, backbone.Spec.Normalisation, model.Fill);
        _backbone.Network.eval();

        // Who only saves it needs no second one.
        _answering = new(_backbone.ForInference);
    }

    /// <summary>What the network expects and answers.</summary>
    public ModelDescription Model { get; }

    /// <summary>How the network's probabilities become calibrated ones; null where nothing says it.</summary>
    public NetworkCalibration? Calibration { get; }

    /// <inheritdoc/>
    public bool IsCalibrated => Calibration is not null;

    /// <summary>The features of the training images, which inputs are compared with; null where there is none.</summary>
    internal TrainingReference? Reference { get; }

    internal IBackbone Backbone => _backbone;

    internal IImageDecoder Decoder => _decoder;

    /// <summary>A classifier from a run's <c>network.safetensors</c>.</summary>
    /// <param name="path">
    /// The file, or a run folder that holds it; from a folder also its <see cref="RunLayout.ReferenceName"/> and its
    /// <see cref="RunLayout.CalibrationName"/>, where they are there.
    /// </param>
    /// <exception cref="WeightsException">
    /// A file is missing or broken, or no trained network: an ensemble is <see cref="CtEnsemble"/>'s.
    /// </exception>
    /// <exception cref="RunFolderException">A file of a run folder is not what was written.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public static CtClassifier Load(string path) => Load(path, new BackboneFactory());

    /// <inheritdoc cref="Load(string)"/>
    /// <param name="path">The file, or a run folder that holds it.</param>
    /// <param name="backbones">Makes the network.</param>
    /// <param name="decoder">Turns files into gray images; null takes <see cref="SkiaImageDecoder"/>.</param>
    public static CtClassifier Load(string path, IBackboneFactory backbones, IImageDecoder? decoder = null)
    {
        TorchRuntime.EnsureLoaded();
        RunLayout.CheckModel(path);
        var isRun = Directory.Exists(path);
        var (model, backbone) = ModelFile.Load(isRun ? Path.Combine(path, RunLayout.NetworkName) : path, backbones);
        try
        {
            var calibration = isRun ? CalibrationIn(path, model) : null; // Before the reference, which would have to be freed.
            return new(backbone, model, decoder, isRun ? ReferenceIn(path, backbone) : null, calibration);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    private static NetworkCalibration? CalibrationIn(string run, ModelDescription model)
    {
        var layout = new RunLayout(run);
        try
        {
            var calibration = layout.ReadCalibration();
            return calibration is null || model.Classes.Count == 2
                ? calibration
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
    /// <exception cref="ArgumentException">No network has that name.</exception>
    /// <exception cref="WeightsException">The file is missing, broken, or of another network.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public static CtClassifier FromWeights(string network, string weights)
    {
        TorchRuntime.EnsureLoaded();
        var backbone = BackboneWeights.LoadPretrained(new BackboneFactory(), network, weights);
        var classes = Enumerable.Range(0, backbone.Classes).Select(index => index.ToString(CultureInfo.InvariantCulture)).ToList();
        return new(
            backbone, new(network, classes, classes.Count - 1, backbone.Spec.Canvas, CanvasFit.KeepAspect, new CanvasOptions().Fill));
    }

    /// <summary>Classifies an image file.</summary>
    /// <exception cref="ImageRejectedException">The file is no image that can be used; the message says why.</exception>
    public Classification Classify(string path) => Classify(_decoder.DecodeFile(path));

    /// <summary>Classifies the content of an image file.</summary>
    /// <exception cref="ImageRejectedException">The content is no image that can be used; the message says why.</exception>
    public Classification Classify(ReadOnlyMemory<byte> file) => Classify(_decoder.Decode(file));

    /// <summary>Classifies a decoded image.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="WeightsException">The network answers no numbers: its weights are not finite.</exception>
    public Classification Classify(GrayImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        return Answer(Prepare(image).Input);
    }

    /// <summary>Classifies an image file, and says where the network saw the most probable class in it, by Grad-CAM.</summary>
    /// <inheritdoc cref="Explain(string, GradCamOptions, string?)"/>
    public ExplainedImage Explain(string path) => Explain(_decoder.DecodeFile(path));

    /// <summary>Classifies an image file, and says where the network saw a class in it.</summary>
    /// <inheritdoc cref="Explain(GrayImage, GradCamOptions, string?)"/>
    /// <param name="path">The image file.</param>
    /// <exception cref="ImageRejectedException">The file is no image that can be used; the message says why.</exception>
    public ExplainedImage Explain(string path, GradCamOptions options, string? label) => Explain(_decoder.DecodeFile(path), options, label);

    /// <summary>Classifies a decoded image, and says where the network saw the most probable class in it, by Grad-CAM.</summary>
    /// <inheritdoc cref="Explain(GrayImage, GradCamOptions, string?)"/>
    public ExplainedImage Explain(GrayImage image) => Explain(image, new GradCamOptions(), label: null);

    /// <summary>Classifies a decoded image, and says where the network saw a class in it.</summary>
    /// <remarks>
    /// Explanations take turns, and may run while other threads classify. <see cref="GradCam"/> explains batches.
    /// </remarks>
    /// <param name="image">The image.</param>
    /// <param name="options">Which map is made, and of which layer.</param>
    /// <param name="label">The name of the class that is explained; null takes the most probable one.</param>
    /// <exception cref="ArgumentException">
    /// The network has no class or no layer of that name; the message lists some that there are.
    /// </exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="WeightsException">The network answers no numbers: its weights are not finite.</exception>
    public ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label)
    {
        ArgumentNullException.ThrowIfNull(image);
        ObjectDisposedException.ThrowIf(_disposed, this);
        int? wanted = label is null ? null : ClassOf(label);
        using var scope = NewDisposeScope();
        var (input, geometry) = Prepare(image);
        var (answer, map) = Explain(input, options, wanted);
        return new(answer, Model.Classes[map.Class], map, image, geometry);
    }

    internal int ClassOf(string label)
    {
        var found = Model.Classes.ToList().IndexOf(label);
        return found >= 0
            ? found
            : throw new ArgumentException(
                $"{Model.Network} has no class '{label}'. It has: {string.Join(", ", Model.Classes.Take(20))}.", nameof(label));
    }

    /// <summary>An image as the network expects it, [1, 3, H, W], and how it lies there.</summary>
    internal (Tensor Input, CanvasGeometry Geometry) Prepare(GrayImage image)
    {
        var canvas = _canvas.Apply(image, Model.Input);
        using var batch = CanvasBatch.Of(canvas);
        return (_input.Prepare(batch), canvas.Geometry);
    }

    /// <summary>Answers about a prepared image, which may be on another device than the network.</summary>
    internal Classification Answer(Tensor input)
    {
        var map = _answering.Value.FeatureMap(input.to(_answering.Value.Device));
        return Answer(_answering.Value.Head(map), map);
    }

    /// <summary>Answers about a prepared image, and explains a class, or the most probable one, in it.</summary>
    internal (Classification Answer, ClassActivationMap Map) Explain(Tensor input, GradCamOptions options, int? wanted)
    {
        input = input.to(_answering.Value.Device);
        var (maps, logits) = new GradCam(_backbone, options) { Answering = options.Layer is null ? _answering.Value : null }.Run(
            input, wanted is { } number ? [number] : null);
        using var guard = no_grad();
        return (Answer(tensor(logits, [1, logits.Length]), Reference is null ? null : _answering.Value.FeatureMap(input)), maps[0]);
    }

    private Classification Answer(Tensor logits, Tensor? map)
    {
        var softmax = logits.to_type(ScalarType.Float64).softmax(1).cpu();
        var probabilities = softmax.data<double>().ToArray();
        if (!probabilities.All(double.IsFinite))
        {
            throw new WeightsException(
                $"The weights of {Model.Network} hold NaN or values beyond all bounds: it answers no numbers. Use other weights.");
        }

        return new(Model.Classes[Array.IndexOf(probabilities, probabilities.Max())], probabilities[Model.Positive], probabilities)
        {
            CalibratedProbability = Calibration?.Apply(probabilities[Model.Positive]),
            TrainingDistance = Reference is null || map is null ? null : Reference.Measure(_backbone.Pool(map))[0],
        };
    }

    /// <summary>Frees the network; no prediction may be under way.</summary>
    public void Dispose()
    {
        _disposed = true;
        if (_answering.IsValueCreated)
        {
            _answering.Value.Dispose();
        }

        _backbone.Dispose();
        Reference?.Dispose();
    }
}
