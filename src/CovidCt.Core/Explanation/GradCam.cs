using System.Runtime.CompilerServices;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Explanation;

/// <summary>
/// Class activation maps: where a network saw a class, by <see cref="CamMethod"/>, at the feature map or at any layer.
/// </summary>
/// <remarks>
/// <para>
/// Where the head is global average pooling and one linear layer with weights W, the gradient of logit c is W_ck / (h·w)
/// at every place of channel k, and no backward pass is run: Grad-CAM is there the class activation map of Zhou et al.
/// 2016 (arXiv 1512.04150, equation 2) divided by h·w. This holds for all networks of the study but SqueezeNet, whose
/// head is a convolution, a ReLU and pooling; there, gradients are taken through the head alone. At a named layer they
/// are taken from that layer on.
/// </para>
/// <para>
/// The network runs in evaluation mode and is left as it was found, also where something throws: mode of every module,
/// hooks, gradients and whether parameters ask for them, and the thread's gradient mode.
/// </para>
/// <para>
/// It may be called from many threads, which are served in the order in which they ask. At the feature map of a network in evaluation
/// mode nothing of the network is touched: as many gradients are taken at once as there are processors, and the network may answer others
/// meanwhile. Otherwise it must not, since its mode is switched or it carries a hook, and an explanation runs by itself.
/// </para>
/// </remarks>
internal sealed class GradCam
{
    // Of each network for as long as it lives, as a lock on it would be.
    private static readonly ConditionalWeakTable<nn.Module, Turns> TurnsOf = [];

    private readonly IBackbone _backbone;
    private readonly CamMethod _method;
    private readonly string? _layerName;
    private readonly nn.Module<Tensor, Tensor>? _layer;

    /// <summary>Whether the gradient is taken by a backward pass where the head's weights would do; for tests.</summary>
    internal bool AlwaysBackward { get; init; }

    /// <summary>Explanations of a network, which stays the caller's.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="options">Method and layer; null takes Grad-CAM at the feature map.</param>
    /// <exception cref="ArgumentException">
    /// The network has no such layer, of which the message lists those with similar names, or an option is out of its range.
    /// </exception>
    public GradCam(IBackbone backbone, GradCamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        options ??= new GradCamOptions();
        OptionsValidation.ThrowIfInvalid(options);
        _backbone = backbone;
        _method = options.Method;
        _layerName = options.Layer;
        _layer = options.Layer is null ? null : Layers.Find(backbone, options.Layer);
    }

    /// <summary>Explains a batch of images.</summary>
    /// <param name="images">
    /// float32 [N, 3, H, W], normalised as the network's <see cref="BackboneSpec.Normalisation"/> says, on its device;
    /// left untouched.
    /// </param>
    /// <param name="classes">The class of each image that is explained; null takes the one with the largest logit.</param>
    /// <returns>A map for each image.</returns>
    /// <exception cref="ArgumentException">
    /// The images have another shape or type, the classes another number, or the layer does not run or answers no map.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such class.</exception>
    /// <exception cref="WeightsException">The network answers no numbers: its weights or the images are not finite.</exception>
    public IReadOnlyList<ClassActivationMap> Explain(Tensor images, IReadOnlyList<int>? classes = null)
    {
        Check(images, classes);
        return InTurn(() => _layer is null ? AtFeatureMap(MapOf(images), classes) : AtLayer(_layer, images, classes), classes);
    }

    /// <summary>Explains a batch of images by the feature map that was made of them, where that is what is explained.</summary>
    /// <param name="featureMap">
    /// [N, C, h, w], as the network or what <see cref="IBackbone.ForInference"/> made of it answers it, on the network's device; left
    /// untouched.
    /// </param>
    /// <param name="classes">The class of each image that is explained.</param>
    /// <returns>A map for each image.</returns>
    /// <exception cref="WeightsException">The network answers no numbers: its weights or the images are not finite.</exception>
    public IReadOnlyList<ClassActivationMap> ExplainMap(Tensor featureMap, IReadOnlyList<int> classes) =>
        InTurn(() => AtFeatureMap(featureMap, classes), classes);

    private ClassActivationMap[] InTurn(Func<(Tensor Map, Tensor Logits, Tensor Gradient)> explain, IReadOnlyList<int>? classes)
    {
        var turns = TurnsOf.GetValue(_backbone.Network, _ => new(Turns.OneAProcessor));
        if (_layer is null)
        {
            using var together = turns.Enter(alone: false);
            if (EvaluationMode.IsOn(_backbone.Network))
            {
                return Maps(explain, classes);
            }
        }

        using var turn = turns.Enter(alone: true);
        using var mode = new EvaluationMode(_backbone.Network);
        return Maps(explain, classes);
    }

    private ClassActivationMap[] Maps(Func<(Tensor Map, Tensor Logits, Tensor Gradient)> explain, IReadOnlyList<int>? classes)
    {
        using var scope = NewDisposeScope();
        using var normal = inference_mode(false);
        var (map, logits, gradient) = explain();
        using var guard = no_grad();
        return Maps(
            Combine(_method, map, gradient).to_type(ScalarType.Float32).cpu().contiguous(),
            logits.to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray(),
            Chosen(logits, classes).cpu().data<long>().ToArray());
    }

    private Tensor MapOf(Tensor images)
    {
        using var guard = no_grad();
        return _backbone.FeatureMap(images);
    }

    private void Check(Tensor images, IReadOnlyList<int>? classes)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dtype != ScalarType.Float32 || images.shape is not [> 0, 3, > 0, > 0])
        {
            throw new ArgumentException(
                $"float32 [N, 3, H, W] with at least one image was expected, {images.dtype} [{string.Join(", ", images.shape)}] given.",
                nameof(images));
        }

        if (classes is null)
        {
            return;
        }

        if (classes.Count != images.shape[0])
        {
            throw new ArgumentException(
                $"There are {classes.Count} classes for {images.shape[0]} images; give one for each, or null.", nameof(classes));
        }

        foreach (var number in classes)
        {
            if (number < 0 || number >= _backbone.Classes)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(classes), number, $"{_backbone.Spec.Name} has the classes 0 to {_backbone.Classes - 1}.");
            }
        }
    }

    private (Tensor Map, Tensor Logits, Tensor Gradient) AtFeatureMap(Tensor map, IReadOnlyList<int>? classes)
    {
        using var guard = no_grad();
        var logits = _backbone.Head(map);
        if (!AlwaysBackward && LinearWeights(map, logits) is { } weights)
        {
            var gradient = weights.index_select(0, Chosen(logits, classes)).unsqueeze(2).unsqueeze(3) / (map.shape[2] * map.shape[3]);
            return (map, logits, gradient.expand_as(map));
        }

        using var enabled = enable_grad();
        var leaf = map.detach().requires_grad_();
        logits = _backbone.Head(leaf);
        return (map, logits.detach(), Gradient(logits, leaf, classes));
    }

    private (Tensor Map, Tensor Logits, Tensor Gradient) AtLayer(
        nn.Module<Tensor, Tensor> layer, Tensor images, IReadOnlyList<int>? classes)
    {
        Tensor? leaf = null;
        IDisposable? enabled = null;
        using var guard = no_grad();
        var hook = layer.register_forward_hook((_, _, output) =>
        {
            if (leaf is not null || output.shape is not [_, _, _, _])
            {
                throw new ArgumentException(
                    leaf is not null
                        ? $"The layer {_layerName} of {_backbone.Spec.Name} runs more than once, which makes no one map."
                        : $"The layer {_layerName} of {_backbone.Spec.Name} answers [{string.Join(", ", output.shape)}]; a map needs [N, "
                            + "C, h, w]. Name a layer before the pooling.");
            }

            enabled = enable_grad();

            // The network may have a dispose scope of its own around its layers.
            leaf = output.detach().clone().requires_grad_().DetachFromDisposeScope();

            // A copy goes on, since the next layer may be a ReLU that works in place.
            return leaf.clone();
        });
        try
        {
            // Not the caller's tensor, which may have been made in inference mode and is then no part of a graph.
            var logits = _backbone.Network.call(images.detach().clone());
            return leaf is null
                ? throw new ArgumentException($"The layer {_layerName} of {_backbone.Spec.Name} is not run when it answers: it has no map.")
                : (leaf.detach(), logits.detach(), Gradient(logits, leaf, classes));
        }
        finally
        {
            leaf?.Dispose();
            enabled?.Dispose();
            hook.remove();
        }
    }

    private static Tensor Gradient(Tensor logits, Tensor leaf, IReadOnlyList<int>? classes)
    {
        // Images do not meet in evaluation mode, so the gradient of the sum is that of each image's own score.
        var score = logits.gather(1, Chosen(logits.detach(), classes).unsqueeze(1)).sum();
        return autograd.grad([score], [leaf])[0];
    }

    private static Tensor Chosen(Tensor logits, IReadOnlyList<int>? classes) => classes is null
        ? logits.argmax(1)
        : tensor([.. classes.Select(number => (long)number)], device: logits.device);

    /// <summary>The weights [classes, C] of a head that is global pooling and one linear layer; null of any other.</summary>
    private Parameter? LinearWeights(Tensor map, Tensor logits)
    {
        var parameters = _backbone.TrainableParameters(NetworkPart.Head);
        if (parameters is not [var (_, weights), ..] || !weights.shape.AsSpan().SequenceEqual([_backbone.Classes, map.shape[1]]))
        {
            return null;
        }

        var linear = _backbone.Pool(map).matmul(weights.t());
        linear = parameters.Count > 1 ? linear + parameters[1].Parameter : linear;

        // Anything that follows the linear layer, in a network of someone else's, shows in the logits.
        return linear.allclose(logits, rtol: 1e-3, atol: 1e-4) ? weights : null;
    }

    private static Tensor Combine(CamMethod method, Tensor map, Tensor gradient) => method switch
    {
        CamMethod.GradCam => gradient.mean([2, 3], keepdim: true).mul(map).sum(1),
        CamMethod.GradCamPlusPlus => PlusPlusWeights(map, gradient).mul(map).sum(1),
        CamMethod.LayerCam => gradient.relu().mul(map).sum(1),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such method."),
    };

    private static Tensor PlusPlusWeights(Tensor map, Tensor gradient)
    {
        // α = g² / (2 g² + g³ Σ A), in lowest terms.
        var denominator = map.sum([2, 3], keepdim: true).mul(gradient).add(2);
        var weights = gradient.relu().div(denominator);
        return where(denominator.eq(0), zeros_like(weights), weights).sum([2, 3], keepdim: true);
    }

    private ClassActivationMap[] Maps(Tensor raw, float[] logits, long[] chosen)
    {
        var (width, height) = ((int)raw.shape[2], (int)raw.shape[1]);
        var values = raw.data<float>().ToArray();
        if (!Array.TrueForAll(values, float.IsFinite) || !Array.TrueForAll(logits, float.IsFinite))
        {
            throw new WeightsException(
                $"{_backbone.Spec.Name} answers no numbers: its weights or the images hold NaN or values beyond all bounds. Use other "
                    + "weights.");
        }

        return
        [
            .. chosen.Select((number, i) => new ClassActivationMap(
                (int)number, logits[(i * _backbone.Classes) + number], width, height,
                values[(i * width * height)..((i + 1) * width * height)])),
        ];
    }
}
