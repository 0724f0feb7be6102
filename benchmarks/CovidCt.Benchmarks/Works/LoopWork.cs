using System.Diagnostics;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>
/// How much of the training loop's time passes between the end of a step and the beginning of the next forward pass: reading
/// canvases, augmenting, and whatever else the loop does. Adding up loss and hits, after the backward pass, counts as step.
/// </summary>
internal static class LoopWork
{
    private const int Batch = 32;
    private const int Steps = 4;

    public static ComparedWork Create() => new(
        "loop",
        "Share of the training loop's wall time outside forward, backward and step: ResNet18, batch 32, augmentation on.",
        [new("resnet18", _ => Ours(), Ask: null) { Goal = new(3, AtMost: true) }])
    {
        Unit = "%",
    };

    private static Measurement Ours()
    {
        var network = BenchmarkedNetwork.Named("resnet18");
        var backbone = network.Create(CPU);
        var canvases = RandomCanvases.Store(network.Canvas, Batch);
        var training = PausedTraining.BySteps(backbone, canvases, TimedRecipe.Training(Batch, new AugmentationOptions()));
        var (outside, passes) = (TimeSpan.Zero, 0);
        var first = backbone.Network.named_modules().Select(entry => entry.module).OfType<Conv2d>().First();
        _ = first.register_forward_pre_hook((_, images) =>
        {
            outside += Stopwatch.GetElapsedTime(training.LastStep);
            passes++;
            return images;
        });
        return new(Share, training, canvases, backbone);

        double Share()
        {
            (outside, passes) = (TimeSpan.Zero, 0);
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < Steps; i++)
            {
                training.Next();
            }

            return passes == Steps
                ? 100 * outside / clock.Elapsed
                : throw new PeerException($"{passes} forward passes were seen in {Steps} steps: the trainer no longer calls the first convolution.");
        }
    }
}
