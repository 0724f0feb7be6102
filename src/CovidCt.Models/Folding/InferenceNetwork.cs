using CovidCt.Models.Blocks;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Models.Folding;

/// <summary>A network in folded steps, which runs a few images at a time, channels-last.</summary>
internal sealed class InferenceNetwork : IInferenceNetwork
{
    private readonly FoldedSteps _steps;
    private readonly Step _body;
    private readonly Step _head;
    private readonly Uses _uses;

    /// <summary>Folds steps, whose layers are left as they are.</summary>
    /// <param name="spec">What is known about the network.</param>
    /// <param name="classes">The number of logits.</param>
    /// <param name="body">Images to feature map.</param>
    /// <param name="head">Feature map to logits.</param>
    /// <param name="fused">Whether <see cref="FusedOperators"/> are used where there are any.</param>
    public InferenceNetwork(BackboneSpec spec, int classes, Step body, Step head, bool fused = true)
    {
        Spec = spec;
        Classes = classes;
        _steps = new(fused);
        _uses = new(this, _steps.Dispose);
        using var guard = no_grad();
        _body = _steps.Fold(body);
        _head = _steps.Fold(head);
    }

    /// <inheritdoc/>
    public BackboneSpec Spec { get; }

    /// <inheritdoc/>
    public int Classes { get; }

    /// <inheritdoc/>
    public Device Device => _steps.Layers[0].Device;

    /// <summary>
    /// How many images the CPU takes at a time: so few that what one layer hands to the next lies in the caches, and is
    /// small enough for the C library to use the same memory again, where it gives large pieces back to the system.
    /// </summary>
    internal int ImagesAtOnce { get; init; } = 4;

    /// <summary>The layers that remained.</summary>
    internal IReadOnlyList<FoldedLayer> Layers => _steps.Layers;

    /// <inheritdoc/>
    public Tensor FeatureMap(Tensor images)
    {
        using var use = _uses.Begin();
        return MapOf(images);
    }

    /// <inheritdoc/>
    public Tensor Pool(Tensor featureMap)
    {
        using var use = _uses.Begin();
        using var guard = no_grad();
        return Steps.GlobalPool.Run(featureMap);
    }

    /// <inheritdoc/>
    public Tensor Head(Tensor featureMap)
    {
        using var use = _uses.Begin();
        using var guard = no_grad();
        return _head.Run(featureMap);
    }

    /// <inheritdoc/>
    public Tensor Logits(Tensor images)
    {
        using var use = _uses.Begin();
        using var guard = no_grad();
        using var featureMap = MapOf(images);
        return _head.Run(featureMap);
    }

    /// <inheritdoc/>
    public void Dispose() => _uses.Dispose();

    private Tensor MapOf(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var type = _steps.Layers[0].Type;
        if (images.shape is not [> 0, 3, _, _] || images.dtype != type || images.device.ToString() != Device.ToString())
        {
            throw new ArgumentException(
                $"{Spec.Name} expects images of the shape [N, 3, H, W], {type} on {Device}; these are "
                    + $"[{string.Join(", ", images.shape)}], {images.dtype} on {images.device}.", nameof(images));
        }

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var x = images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        var parts = Device.type == TorchSharp.DeviceType.CPU ? x.split(ImagesAtOnce) : [x];
        Tensor[] maps = [.. parts.Select(_body.Run)];
        return (maps is [var only] ? only : cat(maps)).MoveToOuterDisposeScope();
    }
}
