using CovidCt.Models.Blocks;
using CovidCt.Networks;
using CovidCt.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Models.MixedPrecision;

/// <summary>
/// A network whose convolutions and linear layers compute in bfloat16, while its parameters stay float32: Micikevicius et al.,
/// "Mixed Precision Training", arXiv 1710.03740, with Kalamkar et al.'s bfloat16, arXiv 1905.12322, whose range is float32's, so
/// that no loss has to be scaled.
/// </summary>
/// <remarks>
/// What it does is what PyTorch's autocast does, which TorchSharp doesn't bind: batch norms take bfloat16 with float32
/// parameters and statistics, all else runs in the type that it is given, logits are float32. It trains the network that it is made of:
/// module, mode
/// and state_dict are that network's, and it is disposed beside it, before it. Layers compute with copies of the
/// parameters , made anew by each <see cref="FeatureMap"/>; gradients arrive at the copies, which
/// <see cref="LeafOf"/> gives.
/// </remarks>
internal sealed class MixedPrecisionBackbone : IBackbone
{
    private readonly IBackbone _whole;
    private readonly Step _body;
    private readonly Step _head;
    private readonly Tensor? _flat;
    private readonly Tensor? _flatCopy;
    private readonly Dictionary<Parameter, RoundedParameter> _rounded = new(ReferenceEqualityComparer.Instance);

    /// <summary>Rewrites a network's steps; its weights that don't require a gradient now must not change any more.</summary>
    /// <param name="whole">The network.</param>
    /// <param name="body">Images to feature map.</param>
    /// <param name="head">Feature map to logits.</param>
    /// <param name="trained">The trained parameters.</param>
    /// <param name="flat">The buffer whose views they are, so that one operator rounds them all; or null.</param>
    /// <param name="type">What the layers compute in.</param>
    internal MixedPrecisionBackbone(
        IBackbone whole, Step body, Step head, IReadOnlyList<Parameter> trained, Tensor? flat, ScalarType type)
    {
        (_whole, _flat) = (whole, flat);
        _flatCopy = flat is null ? null : zeros(flat.shape, type, flat.device).DetachFromDisposeScope();
        HashSet<Parameter> views = new(flat is null ? [] : trained, ReferenceEqualityComparer.Instance);

        using var scope = NewDisposeScope();
        _body = Rewrite(body);
        _head = Rewrite(head);

        Step Rewrite(Step step)
        {
            List<Step> steps = [.. step.Flat().Select(next => next switch
            {
                LayerStep { Module: Conv2d convolution } => new MixedConvolution(
                    convolution, Rounded(convolution.weight), Bias(convolution.bias)),
                LayerStep { Module: Linear linear } => new MixedLinear(Rounded(linear.weight), Bias(linear.bias)),
                _ => next.With(Rewrite),
            })];
            return steps is [var only] ? only : new ChainStep(steps);
        }

        RoundedParameter? Bias(Parameter? bias) => bias is null ? null : Rounded(bias);

        RoundedParameter Rounded(Parameter parameter)
        {
            var rounded = new RoundedParameter(
                parameter, type, views.Contains(parameter) ? PlaceOf(parameter) : null);
            _rounded.Add(parameter, rounded);
            return rounded;
        }

        Tensor PlaceOf(Parameter parameter) =>
            _flatCopy!.as_strided(parameter.shape, parameter.stride(), parameter.storage_offset());
    }

    /// <inheritdoc/>
    public BackboneSpec Spec => _whole.Spec;

    /// <inheritdoc/>
    public int Classes => _whole.Classes;

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Network => _whole.Network;

    /// <inheritdoc/>
    public Tensor LeafOf(Parameter parameter) => _rounded.TryGetValue(parameter, out var rounded) ? rounded.Value : parameter;

    /// <inheritdoc/>
    public Tensor FeatureMap(Tensor images)
    {
        Refresh();
        return _body.Run(images);
    }

    /// <inheritdoc/>
    public Tensor Pool(Tensor featureMap) => Steps.GlobalPool.Run(featureMap);

    /// <summary>The logits, float32, with the weights of the last <see cref="FeatureMap"/>.</summary>
    public Tensor Head(Tensor featureMap)
    {
        using var logits = _head.Run(featureMap);
        return logits.to_type(ScalarType.Float32);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Parameter Parameter)> TrainableParameters(NetworkPart part) => _whole.TrainableParameters(part);

    /// <summary>Not supported: the copies are those of the present head.</summary>
    public void ReplaceHead(int classes, long seed) =>
        throw new NotSupportedException("Replace the head before mixed precision.");

    /// <summary>The float32 network, ready for inference.</summary>
    public IInferenceNetwork ForInference() => _whole.ForInference();

    /// <summary>Frees the copies; the network stays.</summary>
    public void Dispose()
    {
        foreach (var rounded in _rounded.Values)
        {
            rounded.Dispose();
        }

        _flatCopy?.Dispose();
    }

    private void Refresh()
    {
        using var guard = no_grad();
        _flatCopy?.copy_(_flat!);
        foreach (var rounded in _rounded.Values.Where(rounded => _flatCopy is null && rounded.Value.requires_grad))
        {
            rounded.Refresh();
        }
    }
}
