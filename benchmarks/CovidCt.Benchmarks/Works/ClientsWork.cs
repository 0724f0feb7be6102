using System.Diagnostics;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Imaging;
using CovidCt.Inference;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>How long eight clients of one classifier wait for explanations: half of them, and the unluckiest one of a hundred.</summary>
internal static class ClientsWork
{
    private const int Clients = 8;
    private const int Each = 50;

    /// <summary>How much longer the unlucky wait than the others.</summary>
    public static ComparedWork Fairness() => new(
        "clients",
        "Eight clients ask one classifier for explanations, 50 each: the 99th percentile of the time that one takes, over the median.",
        [Case("squeezenet1_1", Spread), Case("resnet18", Spread)])
    {
        Unit = "p99 / p50",
    };

    /// <summary>The same in seconds.</summary>
    public static ComparedWork Seconds() => new(
        "clients-seconds",
        "Eight clients ask one classifier, SqueezeNet 1.1, for explanations, 50 each: the time that one takes, and that all take, divided by their number.",
        [
            new("p50", data => Ours(data, "squeezenet1_1", run => run.At(0.5)), Ask: null),
            new("p99", data => Ours(data, "squeezenet1_1", run => run.At(0.99)), Ask: null),
            new("worst", data => Ours(data, "squeezenet1_1", run => run.At(1)), Ask: null),
            new("all", data => Ours(data, "squeezenet1_1", run => run.Whole / run.Times.Count), Ask: null),
        ]);

    private static WorkCase Case(string network, Func<Run, double> figure) =>
        new(network, data => Ours(data, network, figure), Ask: null) { Goal = new(4, AtMost: true) };

    private static double Spread(Run run) => run.At(0.99) / run.At(0.5);

    private static Measurement Ours(BenchmarkData data, string name, Func<Run, double> figure)
    {
        var network = BenchmarkedNetwork.Named(name);
        var classifier = new CtClassifier(
            network.Create(CPU), new(name, ["COVID", "non-COVID"], 0, network.Canvas, CanvasFit.KeepAspect, RandomCanvases.Fill));
        var images = data.Files().Take(Clients).Select(new SkiaImageDecoder().DecodeFile).ToList();
        classifier.Explain(images[0]);
        return new(() => figure(Explain(classifier, images)), classifier);
    }

    private static Run Explain(CtClassifier classifier, List<GrayImage> images)
    {
        var times = new double[Clients * Each];
        using var together = new Barrier(Clients + 1);
        var clients = Enumerable.Range(0, Clients).Select(client => new Thread(() =>
        {
            together.SignalAndWait();
            for (var i = 0; i < Each; i++)
            {
                var begin = Stopwatch.GetTimestamp();
                _ = classifier.Explain(images[(client + i) % images.Count]);
                times[(client * Each) + i] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            }
        })).ToList();
        clients.ForEach(client => client.Start());
        together.SignalAndWait();
        var clock = Stopwatch.StartNew();
        clients.ForEach(client => client.Join());
        return new([.. times.Order()], clock.Elapsed.TotalSeconds);
    }

    /// <summary>The seconds of each explanation, in ascending order, and of all together.</summary>
    private sealed record Run(IReadOnlyList<double> Times, double Whole)
    {
        /// <summary>The time that a share of them took at most.</summary>
        public double At(double share) => Times[Math.Clamp((int)Math.Ceiling(share * Times.Count) - 1, 0, Times.Count - 1)];
    }
}
