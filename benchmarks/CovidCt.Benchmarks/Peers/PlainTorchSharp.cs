using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Models.Runtime;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Peers;

/// <summary>Plain TorchSharp in ordinary use, on the same libtorch: modules as they are, a dispose scope around each pass.</summary>
internal static class PlainTorchSharp
{
    /// <summary>The logits of a batch that lies ready.</summary>
    public static Measurement Inference(BenchmarkedNetwork network, int batch)
    {
        var (answer, owned) = Answering(network, batch);
        return Measurement.OfTime(answer, owned);
    }

    /// <summary>A training step on a batch that lies ready.</summary>
    public static Measurement Training(BenchmarkedNetwork network, int batch)
    {
        var (step, owned) = Steps(network, batch);
        return Measurement.OfTime(step, owned);
    }

    /// <summary>The peak of the process's memory, in MiB, once it has made some training steps.</summary>
    public static Measurement PeakOfTraining(BenchmarkedNetwork network, int batch, int steps)
    {
        var (step, owned) = Steps(network, batch);
        return Measurement.OfPeak(() => Enumerable.Range(0, steps).ToList().ForEach(_ => step()), owned);
    }

    /// <summary>The same once it has answered about one image.</summary>
    public static Measurement PeakOfAnswer(BenchmarkedNetwork network)
    {
        var (answer, owned) = Answering(network, batch: 1);
        return Measurement.OfPeak(answer, owned);
    }

    private static (Action Answer, IDisposable[] Owned) Answering(BenchmarkedNetwork network, int batch)
    {
        var (module, images) = Ready(network, batch);
        module.eval();
        return (Answer, [module, images]);

        void Answer()
        {
            using var guard = no_grad();
            using var scope = NewDisposeScope();
            module.call(images);
        }
    }

    private static (Action Step, IDisposable[] Owned) Steps(BenchmarkedNetwork network, int batch)
    {
        var (module, images) = Ready(network, batch);
        module.train();
        var labels = arange(batch, ScalarType.Int64).remainder(2);
        var optimizer = new PlainLamb(module.parameters());
        return (Step, [optimizer, module, images, labels]);

        void Step()
        {
            using var scope = NewDisposeScope();
            module.zero_grad();
            nn.functional.cross_entropy(module.call(images), labels).backward();
            optimizer.Step();
        }
    }

    private static (nn.Module<Tensor, Tensor> Module, Tensor Images) Ready(BenchmarkedNetwork network, int batch)
    {
        TorchRuntime.EnsureLoaded();
        return (PlainNetworks.Create(network.Name), randn(batch, 3, network.Canvas.Height, network.Canvas.Width));
    }
}
