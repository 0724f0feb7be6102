using CovidCt.Models.Blocks;
using CovidCt.Models.Folding;
using CovidCt.Models.MixedPrecision;
using CovidCt.Networks;
using CovidCt.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Models;

/// <summary>An <see cref="Architecture"/> with weights.</summary>
internal sealed class Backbone : nn.Module<Tensor, Tensor>, IBackbone
{
    private readonly Architecture _architecture;
    private readonly Uses _uses;

    /// <summary>A network on the CPU in float32 with initial values drawn from a seed, or, without one, with any values.</summary>
    public Backbone(BackboneSpec spec, Architecture architecture, int classes, long? seed) : base(spec.Name)
    {
        Spec = spec;
        _architecture = architecture;
        _uses = new(this, () => base.Dispose(disposing: true));
        foreach (var (key, module) in architecture.Body.Layers.Concat(architecture.Head.Layers))
        {
            register_module(key, module);
        }

        using var scope = NewDisposeScope();
        using var random = seed is { } given ? RandomFor(given, stream: 0) : null;
        foreach (var (path, layer) in named_modules().Where(module => !IsClassifier(module.name)))
        {
            Initialise(path, layer, null, random);
        }

        MakeHead(classes, seed);
    }

    /// <inheritdoc/>
    public BackboneSpec Spec { get; }

    /// <inheritdoc/>
    public int Classes { get; private set; }

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Network => this;

    /// <summary>What leads from images to the feature map, and from there to logits.</summary>
    internal (Step Body, Step Head) Parts => (_architecture.Body, _architecture.Head);

    /// <summary>Layers with weights on the longest way from input to logits.</summary>
    internal int Depth => _architecture.Body.Depth + _architecture.Head.Depth;

    /// <inheritdoc/>
    public Tensor FeatureMap(Tensor images)
    {
        using var use = _uses.Begin();
        return _architecture.Body.Run(images);
    }

    /// <inheritdoc/>
    public Tensor Pool(Tensor featureMap) => Steps.GlobalPool.Run(featureMap);

    /// <inheritdoc/>
    public Tensor Head(Tensor featureMap)
    {
        using var use = _uses.Begin();
        return _architecture.Head.Run(featureMap);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var use = _uses.Begin();
        using var featureMap = _architecture.Body.Run(input);
        return _architecture.Head.Run(featureMap);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Parameter Parameter)> TrainableParameters(NetworkPart part)
    {
        using var use = _uses.Begin();
        return
        [
            .. named_parameters().Where(entry => part switch
            {
                NetworkPart.Head => IsUnder(_architecture.Classifier, entry.name),
                NetworkPart.All => _architecture.AuxiliaryHead is not { } auxiliary || !IsUnder(auxiliary, entry.name),
                _ => throw new ArgumentOutOfRangeException(nameof(part), part, "A part of a network is All or Head."),
            }),
        ];
    }

    /// <inheritdoc/>
    public void ReplaceHead(int classes, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        using var use = _uses.Begin();
        MakeHead(classes, seed);
    }

    /// <inheritdoc/>
    public IInferenceNetwork ForInference() => ForInference(fused: true);

    /// <inheritdoc cref="InferenceNetwork(BackboneSpec, int, Step, Step, bool)"/>
    internal InferenceNetwork ForInference(bool fused, int imagesAtOnce = 4)
    {
        using var use = _uses.Begin();
        return new(Spec, Classes, _architecture.Body, _architecture.Head, fused) { ImagesAtOnce = imagesAtOnce };
    }

    IBackbone? IBackbone.ForMixedPrecision(IReadOnlyList<Parameter> trained, Tensor? flat) => ForMixedPrecision(trained, flat);

    /// <summary>The network for training in mixed precision; see <see cref="MixedPrecisionBackbone"/>.</summary>
    /// <param name="trained">The trained parameters.</param>
    /// <param name="flat">The buffer whose views they are; null where they have none.</param>
    /// <param name="type">What the layers compute in.</param>
    internal MixedPrecisionBackbone ForMixedPrecision(
        IReadOnlyList<Parameter> trained, Tensor? flat, ScalarType type = ScalarType.BFloat16) =>
        new(this, _architecture.Body, _architecture.Head, trained, flat, type);

    private void MakeHead(int classes, long? seed)
    {
        using var scope = NewDisposeScope();
        using var random = seed is { } given ? RandomFor(given, stream: 1) : null;
        foreach (var (path, layer) in named_modules().Where(module => IsClassifier(module.name)).ToList())
        {
            Initialise(path, layer, classes, random);
        }

        Classes = classes;
    }

    /// <summary>The entries in the published order, in which a layer's buffers follow its own parameters.</summary>
    public override Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
    {
        using var use = _uses.Begin();
        destination ??= [];
        Collect(this, string.IsNullOrEmpty(prefix) ? "" : prefix + ".");
        return destination;

        void Collect(nn.Module module, string path)
        {
            foreach (var (name, parameter) in module.named_parameters(recurse: false))
            {
                destination.Add(path + name, parameter);
            }

            foreach (var (name, buffer) in module.named_buffers(recurse: false))
            {
                destination.Add(path + name, buffer);
            }

            foreach (var (name, child) in module.named_children())
            {
                Collect(child, path + name + ".");
            }
        }
    }

    /// <summary>Frees the network when no call of its is under way any more.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _uses.Dispose();
        }
        else
        {
            base.Dispose(disposing);
        }
    }

    private bool IsClassifier(string path) => path == _architecture.Classifier || path == _architecture.AuxiliaryClassifier;

    private static bool IsUnder(string path, string name) => name.StartsWith(path + ".", StringComparison.Ordinal);

    /// <summary>Gives a layer new weights, and, for a classifier, another number of outputs.</summary>
    private void Initialise(string path, nn.Module layer, int? outputs, Generator? random)
    {
        switch (layer)
        {
            case Conv2d conv:
                var (weight, bias) = Draw(path, conv.weight, conv.bias, outputs, random);
                conv.weight = weight;
                conv.bias = bias;
                break;
            case Linear linear:
                (weight, bias) = Draw(path, linear.weight, linear.bias, outputs, random);
                linear.weight = weight;
                linear.bias = bias;
                linear.out_features = weight.shape[0];
                break;
        }
    }

    private (Parameter Weight, Parameter? Bias) Draw(string path, Parameter weight, Parameter? bias, int? outputs, Generator? random)
    {
        var shape = weight.shape;
        shape[0] = outputs ?? shape[0];
        var field = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
        var fans = (shape[1] * field, shape[0] * field);
        return (
            Values(shape, _architecture.Weights(path)),
            bias is null ? null : Values([shape[0]], _architecture.Biases));

        Parameter Values(long[] size, InitialValue rule)
        {
            var values = empty(size, ScalarType.Float32, CPU);
            if (random is not null)
            {
                rule(values, fans, random);
            }

            return new Parameter(weight.is_meta ? values : values.to(weight.dtype, weight.device));
        }
    }

    /// <summary>
    /// A generator of the network's own, so that neither the global one nor other networks have a part in its values.
    /// </summary>
    /// <remarks>
    /// PyTorch's generator takes 32 bits of a seed; the finaliser of SplitMix64 makes them depend on
    /// all 64, and sets the streams of one seed apart.
    /// </remarks>
    private static Generator RandomFor(long seed, ulong stream) =>
        new(SplitMix64.Mix(unchecked((ulong)seed + ((stream + 1) * SplitMix64.Golden))));
}
