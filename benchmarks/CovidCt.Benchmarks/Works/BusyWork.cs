using System.Diagnostics;
using System.Globalization;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using TorchSharp;

namespace CovidCt.Benchmarks.Works;

/// <summary>The share of time in which the card has something to do, as the driver samples it, in epochs after the first.</summary>
internal static class BusyWork
{
    private const int Epochs = 3;

    // Of the twelve, those from ResNet50's size on.
    private static readonly string[] Networks =
        ["resnet50", "resnet101", "resnext50_32x4d", "resnext101_32x8d", "inception_v3", "xception", "densenet121", "densenet169", "densenet201"];

    public static ComparedWork Create() => new(
        "cuda-busy",
        "Share of time that the card works, sampled by nvidia-smi ten times a second over three epochs after the first: COVID19-CT (a phantom of its size where COVIDCT_DATA is not set), augmented, batch 32.",
        [.. Networks.Select(name => new WorkCase(name, data => Ours(data, BenchmarkedNetwork.Named(name)), Ask: null) { Goal = new(90) })])
    {
        Unit = "%",
        OnCuda = true,
    };

    private static Measurement Ours(BenchmarkData data, BenchmarkedNetwork network)
    {
        var (training, owned) = EpochWork.Start(data, torch.CUDA, network);
        return new(Share, owned);

        double Share()
        {
            using var sampler = Peer.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "--loop-ms=100", "--id=0"])
            {
                RedirectStandardOutput = true,
            });
            var samples = Task.Run(() => Samples(sampler.StandardOutput));
            for (var i = 0; i < Epochs; i++)
            {
                training.Next();
            }

            sampler.Kill();
            return samples.Result is { Count: > 0 } taken ? taken.Average() : throw new PeerException("nvidia-smi gave no sample.");
        }
    }

    private static List<double> Samples(StreamReader lines)
    {
        List<double> samples = [];
        while (lines.ReadLine() is { } line)
        {
            if (double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var share))
            {
                samples.Add(share);
            }
        }

        return samples;
    }
}
