using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Models;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>One step of LAMB on ResNet101's 42.5 million parameters, whose gradients lie ready.</summary>
internal static class LambWork
{
    public static ComparedWork Create() => new(
        "lamb",
        "A LAMB step on ResNet101 with gradients that lie ready, against timm's Lamb.",
        [
            Case("timm's variant", LambPresets.Apex) with { Goal = new(3) },
            Case("the study's variant", LambPresets.Authors),
        ]);

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

    private static WorkCase Case(string name, LambOptions options) => new(name, _ => Ours(options), _ => TrainWork.Ask(Network));

    private static Measurement Ours(LambOptions options)
    {
        var backbone = WithGradients(Network, CPU);
        var optimizer = new LambOptimizer(backbone.TrainableParameters(NetworkPart.All), options);
        return Measurement.OfTime(optimizer.Step, optimizer, backbone);
    }
}
