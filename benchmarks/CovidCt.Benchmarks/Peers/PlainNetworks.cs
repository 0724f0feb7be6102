using CovidCt.Benchmarks.Kit;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CovidCt.Benchmarks.Peers;

/// <summary>
/// The study's networks as users of TorchSharp have them: those of its TorchVision where that has them, else the layers of torchvision,
/// and of timm's legacy_xception, in TorchSharp's modules. Weights are random.
/// </summary>
internal static class PlainNetworks
{
    /// <summary>A network for two classes.</summary>
    /// <param name="name">Its published name.</param>
    /// <exception cref="PeerException">It is not the network of that name, going by the number of its parameters.</exception>
    public static Module<Tensor, Tensor> Create(string name)
    {
        const int classes = 2;
        Module<Tensor, Tensor> network = name switch
        {
            "resnet18" => torchvision.models.resnet18(classes),
            "resnet50" => torchvision.models.resnet50(classes),
            "resnet101" => torchvision.models.resnet101(classes),
            "resnext50_32x4d" => torchvision.models.resnext50_32x4d(classes),
            "resnext101_32x8d" => ResNeXt(classes, 8, 3, 4, 23, 3), // TorchVision's has half the parameters.
            "inception_v3" => torchvision.models.inception_v3(classes, transform_input: false),
            "squeezenet1_1" => SqueezeNet(classes),
            "shufflenet_v2_x1_0" => ShuffleNet(classes),
            "densenet121" => DenseNet(classes, 6, 12, 24, 16),
            "densenet169" => DenseNet(classes, 6, 12, 32, 32),
            "densenet201" => DenseNet(classes, 6, 12, 48, 32),
            "xception" => Xception(classes),
            _ => throw new PeerException($"TorchSharp has no {name}."),
        };
        var (expected, actual) = (BenchmarkedNetwork.Named(name).Parameters(classes), Parameters(network));
        return actual == expected
            ? network
            : throw new PeerException($"TorchSharp's {name} has {actual} parameters, and {expected} belong to it.");
    }

    // TorchVision's InceptionV3 has an auxiliary head that it doesn't run in either mode.
    private static long Parameters(Module network) => network.named_parameters()
        .Where(entry => !entry.name.StartsWith("AuxLogits", StringComparison.Ordinal))
        .Sum(entry => entry.parameter.numel());

    private static Sequential SqueezeNet(int classes) => Sequential(
        Conv2d(3, 64, 3, stride: 2), ReLU(inplace: true), Halved(),
        Fire(64, 16, 64), Fire(128, 16, 64), Halved(),
        Fire(128, 32, 128), Fire(256, 32, 128), Halved(),
        Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256),
        Dropout(0.5), Conv2d(512, classes, 1), ReLU(inplace: true), AdaptiveAvgPool2d(1), Flatten());

    private static MaxPool2d Halved() => MaxPool2d(3, stride: 2, ceil_mode: true);

    private static Composed Fire(int inputs, int squeezed, int expanded)
    {
        var squeeze = Sequential(Conv2d(inputs, squeezed, 1), ReLU(inplace: true));
        var one = Sequential(Conv2d(squeezed, expanded, 1), ReLU(inplace: true));
        var three = Sequential(Conv2d(squeezed, expanded, 3, padding: 1), ReLU(inplace: true));
        return new(x =>
        {
            x = squeeze.call(x);
            return cat([one.call(x), three.call(x)], 1);
        }, squeeze, one, three);
    }

    private static Sequential ShuffleNet(int classes)
    {
        (int Units, int Width)[] stages = [(4, 116), (8, 232), (4, 464)];
        List<Module<Tensor, Tensor>> layers = [.. Normed(3, 24, 3, 2), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1)];
        var width = 24;
        foreach (var stage in stages)
        {
            layers.Add(Shrinking(width, stage.Width));
            layers.AddRange(Enumerable.Range(1, stage.Units - 1).Select(_ => Shuffled(stage.Width)));
            width = stage.Width;
        }

        return Sequential([.. layers, .. Normed(width, 1024, 1), ReLU(inplace: true), AdaptiveAvgPool2d(1), Flatten(), Linear(1024, classes)]);
    }

    private static Composed Shrinking(int inputs, int outputs)
    {
        var half = outputs / 2;
        var one = Sequential([.. Normed(inputs, inputs, 3, 2, groups: inputs), .. Normed(inputs, half, 1), ReLU(inplace: true)]);
        var other = Branch(inputs, half, stride: 2);
        return new(x => ByTurns(cat([one.call(x), other.call(x)], 1)), one, other);
    }

    private static Composed Shuffled(int width)
    {
        var branch = Branch(width / 2, width / 2, stride: 1);
        return new(x =>
        {
            var halves = x.chunk(2, 1);
            return ByTurns(cat([halves[0], branch.call(halves[1])], 1));
        }, branch);
    }

    private static Sequential Branch(int inputs, int width, int stride) => Sequential([
        .. Normed(inputs, width, 1), ReLU(inplace: true),
        .. Normed(width, width, 3, stride, groups: width),
        .. Normed(width, width, 1), ReLU(inplace: true)]);

    private static Tensor ByTurns(Tensor x) =>
        x.view(x.shape[0], 2, x.shape[1] / 2, x.shape[2], x.shape[3]).transpose(1, 2).contiguous().view(x.shape);

    private static Sequential DenseNet(int classes, params int[] blocks)
    {
        const int growth = 32;
        var width = 64;
        List<Module<Tensor, Tensor>> layers = [.. Normed(3, width, 7, 2), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1)];
        foreach (var (block, count) in blocks.Index())
        {
            layers.Add(Dense(width, growth, count));
            width += count * growth;
            layers.AddRange([BatchNorm2d(width), ReLU(inplace: true)]);
            if (block < blocks.Length - 1)
            {
                layers.AddRange([Conv2d(width, width / 2, 1, bias: false), AvgPool2d(2, stride: 2)]);
                width /= 2;
            }
        }

        return Sequential([.. layers, AdaptiveAvgPool2d(1), Flatten(), Linear(width, classes)]);
    }

    private static Composed Dense(int width, int growth, int count)
    {
        Sequential[] layers =
        [
            .. Enumerable.Range(0, count).Select(i => Sequential([
                BatchNorm2d(width + (i * growth)), ReLU(inplace: true), .. Normed(width + (i * growth), 4 * growth, 1),
                ReLU(inplace: true), Conv2d(4 * growth, growth, 3, padding: 1, bias: false)])),
        ];
        return new(x =>
        {
            List<Tensor> features = [x];
            foreach (var layer in layers)
            {
                features.Add(layer.call(cat(features, 1)));
            }

            return cat(features, 1);
        }, layers);
    }

    private static Sequential ResNeXt(int classes, int groupWidth, params int[] stages)
    {
        var (inputs, planes) = (64, 64);
        List<Module<Tensor, Tensor>> layers = [.. Normed(3, inputs, 7, 2), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1)];
        foreach (var (stage, count) in stages.Index())
        {
            for (var i = 0; i < count; i++)
            {
                layers.Add(Bottleneck(inputs, planes, groupWidth, stride: i == 0 && stage > 0 ? 2 : 1));
                inputs = 4 * planes;
            }

            planes *= 2;
        }

        return Sequential([.. layers, AdaptiveAvgPool2d(1), Flatten(), Linear(inputs, classes)]);
    }

    private static Composed Bottleneck(int inputs, int planes, int groupWidth, int stride)
    {
        const int groups = 32;
        var (width, outputs) = (planes * groupWidth / 64 * groups, 4 * planes);
        var way = Sequential([
            .. Normed(inputs, width, 1), ReLU(inplace: true), .. Normed(width, width, 3, stride, groups), ReLU(inplace: true),
            .. Normed(width, outputs, 1)]);
        var skip = inputs == outputs && stride == 1 ? Sequential() : Sequential(Normed(inputs, outputs, 1, stride));
        return new(x => way.call(x).add_(skip.call(x)).relu_(), way, skip);
    }

    private static Sequential Xception(int classes) => Sequential([
        .. Normed(3, 32, 3, 2, padding: 0), ReLU(inplace: true), .. Normed(32, 64, 3, padding: 0), ReLU(inplace: true),
        Entry(reluFirst: false, 64, 128, 128), Entry(reluFirst: true, 128, 256, 256), Entry(reluFirst: true, 256, 728, 728),
        .. Enumerable.Range(0, 8).Select(_ => Middle(728)),
        Entry(reluFirst: true, 728, 728, 1024),
        .. Separable(1024, 1536), ReLU(inplace: true), .. Separable(1536, 2048), ReLU(inplace: true),
        AdaptiveAvgPool2d(1), Flatten(), Linear(2048, classes)]);

    private static Composed Entry(bool reluFirst, int inputs, int between, int outputs)
    {
        Module<Tensor, Tensor>[] first = reluFirst ? [ReLU()] : [];
        var way = Sequential([
            .. first, .. Separable(inputs, between), ReLU(inplace: true), .. Separable(between, outputs), MaxPool2d(3, stride: 2, padding: 1)]);
        var skip = Sequential(Normed(inputs, outputs, 1, 2));
        return new(x => way.call(x).add_(skip.call(x)), way, skip);
    }

    private static Composed Middle(int width)
    {
        var way = Sequential([
            ReLU(), .. Separable(width, width), ReLU(inplace: true), .. Separable(width, width), ReLU(inplace: true), .. Separable(width, width)]);
        return new(x => way.call(x).add_(x), way);
    }

    private static Module<Tensor, Tensor>[] Separable(int inputs, int outputs) =>
        [Conv2d(inputs, inputs, 3, padding: 1, groups: inputs, bias: false), .. Normed(inputs, outputs, 1)];

    private static Module<Tensor, Tensor>[] Normed(int inputs, int outputs, int size, int stride = 1, int groups = 1, int? padding = null) =>
        [Conv2d(inputs, outputs, size, stride: stride, padding: padding ?? size / 2, groups: groups, bias: false), BatchNorm2d(outputs)];

    /// <summary>A module whose forward pass is a function of its parts.</summary>
    private sealed class Composed : Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> _forward;

        public Composed(Func<Tensor, Tensor> forward, params Module[] parts) : base(nameof(Composed))
        {
            _forward = forward;
            foreach (var (i, part) in parts.Index())
            {
                register_module($"part{i}", part);
            }
        }

        public override Tensor forward(Tensor input) => _forward(input);
    }
}
