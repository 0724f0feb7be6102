// A network of an application's own: two convolutions and a linear layer. It uses nothing that the packages don't show.
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Recipes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Consumer;

/// <summary>The network, whose layers' names are the keys of its state_dict.</summary>
internal sealed class TinyNetwork : nn.Module<Tensor, Tensor>, IBackbone
{
    private readonly Conv2d _first = nn.Conv2d(3, 8, 5, stride: 4L, padding: 2L, bias: false);
    private readonly BatchNorm2d _norm = nn.BatchNorm2d(8);
    private readonly Conv2d _second = nn.Conv2d(8, 16, 3, stride: 2L, padding: 1L);
    private readonly Linear _head;

    public TinyNetwork(int classes, long seed) : base(Description.Name)
    {
        _head = nn.Linear(16, classes);
        foreach (var (name, layer) in new (string, nn.Module)[] { ("first", _first), ("norm", _norm), ("second", _second), ("head", _head) })
        {
            register_module(name, layer);
        }

        Classes = classes;
        using var random = new Generator((ulong)seed);
        Draw(_first.weight, random);
        Draw(_second.weight, random);
        Draw(_head.weight, random);
    }

    public static BackboneSpec Description { get; } =
        new("tinynet", "TinyNet", new(96, 72), new(96, 96), FeatureWidth: 16, Parameters: 18_784, Layers: 3, ChannelNormalisation.ImageNet);

    public BackboneSpec Spec => Description;

    public int Classes { get; private set; }

    public nn.Module<Tensor, Tensor> Network => this;

    public Tensor FeatureMap(Tensor images)
    {
        using var scope = NewDisposeScope();
        return F.relu(_second.call(F.relu(_norm.call(_first.call(images))))).MoveToOuterDisposeScope();
    }

    public Tensor Pool(Tensor featureMap) => featureMap.mean([2, 3]);

    public Tensor Head(Tensor featureMap)
    {
        using var pooled = Pool(featureMap);
        return _head.call(pooled);
    }

    public override Tensor forward(Tensor input)
    {
        using var map = FeatureMap(input);
        return Head(map);
    }

    public IReadOnlyList<(string Name, Parameter Parameter)> TrainableParameters(NetworkPart part) =>
        [.. named_parameters().Where(entry => part == NetworkPart.All || entry.name.StartsWith("head.", StringComparison.Ordinal))];

    public void ReplaceHead(int classes, long seed)
    {
        using var random = new Generator((ulong)seed);
        var device = _head.weight.device;
        _head.weight = new Parameter(zeros(classes, 16, device: device));
        _head.bias = new Parameter(zeros(classes, device: device));
        Draw(_head.weight, random);
        Classes = classes;
    }

    public IInferenceNetwork ForInference()
    {
        var copy = new TinyNetwork(Classes, seed: 0);
        copy.load_state_dict(state_dict());
        copy.to(_head.weight.device);
        copy.eval();
        return new Answering(copy);
    }

    public IBackbone ForMixedPrecision(IReadOnlyList<Parameter> trained, Tensor? flat) => new Rounded(this);

    private static void Draw(Parameter weight, Generator random)
    {
        using var guard = no_grad();
        using var values = randn(weight.shape, generator: random);
        weight.copy_(values.mul_(Math.Sqrt(2.0 / weight.shape.Skip(1).Aggregate(1L, (product, size) => product * size))));
    }

    /// <summary>A copy that only answers.</summary>
    private sealed class Answering(TinyNetwork network) : IInferenceNetwork
    {
        public BackboneSpec Spec => Description;

        public int Classes => network.Classes;

        public Device Device => network._head.weight.device;

        public Tensor FeatureMap(Tensor images) => Quietly(network.FeatureMap, images);

        public Tensor Pool(Tensor featureMap) => Quietly(network.Pool, featureMap);

        public Tensor Head(Tensor featureMap) => Quietly(network.Head, featureMap);

        public Tensor Logits(Tensor images) => Quietly(network.forward, images);

        public void Dispose() => network.Dispose();

        private static Tensor Quietly(Func<Tensor, Tensor> function, Tensor x)
        {
            using var guard = no_grad();
            return function(x);
        }
    }

    /// <summary>
    /// The network in training in bfloat16: layers compute with rounded copies of their weights, made anew by each forward pass, at which
    /// gradients arrive; the parameters stay float32, and so do the logits.
    /// </summary>
    private sealed class Rounded : IBackbone
    {
        private readonly TinyNetwork _whole;
        private readonly Dictionary<Parameter, Tensor> _copies = [];

        public Rounded(TinyNetwork whole)
        {
            _whole = whole;
            foreach (var weight in new[] { whole._first.weight, whole._second.weight, whole._second.bias!, whole._head.weight, whole._head.bias! })
            {
                var copy = weight.detach().to(ScalarType.BFloat16).DetachFromDisposeScope();
                copy.requires_grad = weight.requires_grad;
                _copies.Add(weight, copy);
            }
        }

        public BackboneSpec Spec => Description;

        public int Classes => _whole.Classes;

        public nn.Module<Tensor, Tensor> Network => _whole;

        public Tensor LeafOf(Parameter parameter) => _copies.GetValueOrDefault(parameter, parameter);

        public Tensor FeatureMap(Tensor images)
        {
            Refresh();
            using var scope = NewDisposeScope();
            var x = F.conv2d(images.to_type(ScalarType.BFloat16), LeafOf(_whole._first.weight), strides: [4, 4], padding: [2, 2]);
            x = F.relu(_whole._norm.call(x));
            return F.relu(F.conv2d(x, LeafOf(_whole._second.weight), LeafOf(_whole._second.bias!), strides: [2, 2], padding: [1, 1]))
                .MoveToOuterDisposeScope();
        }

        public Tensor Pool(Tensor featureMap) => _whole.Pool(featureMap);

        public Tensor Head(Tensor featureMap)
        {
            using var scope = NewDisposeScope();
            return F.linear(Pool(featureMap), LeafOf(_whole._head.weight), LeafOf(_whole._head.bias!)).to_type(ScalarType.Float32)
                .MoveToOuterDisposeScope();
        }

        public IReadOnlyList<(string Name, Parameter Parameter)> TrainableParameters(NetworkPart part) => _whole.TrainableParameters(part);

        public void ReplaceHead(int classes, long seed) => throw new NotSupportedException("Replace the head before mixed precision.");

        public IInferenceNetwork ForInference() => _whole.ForInference();

        public void Dispose()
        {
            foreach (var copy in _copies.Values)
            {
                copy.Dispose();
            }
        }

        private void Refresh()
        {
            using var guard = no_grad();
            foreach (var (weight, copy) in _copies)
            {
                copy.copy_(weight);
            }
        }
    }
}

/// <summary>Makes it beside the library's networks.</summary>
internal sealed class TinyNetworks : IBackboneFactory
{
    private readonly BackboneFactory _library = new();

    public IReadOnlyList<BackboneSpec> Specs => [.. _library.Specs, TinyNetwork.Description];

    public BackboneSpec Spec(string name) => name == TinyNetwork.Description.Name ? TinyNetwork.Description : _library.Spec(name);

    public IBackbone Create(string name, int classes, long seed = 0) =>
        name == TinyNetwork.Description.Name ? new TinyNetwork(classes, seed) : _library.Create(name, classes, seed);
}
