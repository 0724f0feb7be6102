using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Models;
using CovidCt.Optimisation;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>One step of LAMB on ResNet101's 42.5 million parameters, whose gradients lie ready.</summary>
internal static class LambWork
{
    public static ComparedWork Create() => new(
        "lamb",
        "A LAMB step on ResNet101 with gradients that lie ready, against timm's Lamb.",
        Cases(onCuda: false));

    /// <summary>The same on a card.</summary>
    public static ComparedWork OnCuda() => new(
        "cuda-lamb",
        "A LAMB step on the card on ResNet101 with gradients that lie ready, against timm's Lamb.",
        Cases(onCuda: true))
    {
        Module = "lamb",
        OnCuda = true,
    };

    /// <summary>A network whose trained parameters all have a gradient.</summary>
    public static IBackbone WithGradients(BenchmarkedNetwork network, Device device)
    {
        var backbone = network.Create(device);
        using var scope = NewDisposeScope();
        foreach (var (_, parameter) in backbone.TrainableParameters(NetworkPart.All))
        {
            parameter.grad = randn_like(parameter).mul_(0.01).DetachFromDisposeScope();
        }

        return backbone;
    }

    public static BenchmarkedNetwork Network => BenchmarkedNetwork.Named("resnet101");

    private static WorkCase[] Cases(bool onCuda) =>
    [
        Case("timm's variant", LambOptions.Apex, onCuda) with { Goal = new(3) },
        Case("the study's variant", LambOptions.Authors, onCuda),
    ];

    private static WorkCase Case(string name, LambOptions options, bool onCuda) => new(name, _ => Ours(options, onCuda ? CUDA : CPU), _ => TrainWork.Ask(Network));

    private static Measurement Ours(LambOptions options, Device device)
    {
        var backbone = WithGradients(Network, device);
        var optimizer = new LambOptimizer(backbone.TrainableParameters(NetworkPart.All), options);
        return Measurement.OfTime(optimizer.Step, optimizer, backbone);
    }
}
