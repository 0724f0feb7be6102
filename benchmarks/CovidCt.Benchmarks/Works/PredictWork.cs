using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Peers;

namespace CovidCt.Benchmarks.Works;

/// <summary>
/// One prediction, from the start of a process to its end, its files in the system's cache: <c>covidct predict</c> as published
/// (or as <c>COVIDCT_CLI</c> names it), beside a short Python script and short programs (<see cref="OneAnswer"/>), published alike.
/// </summary>
internal static class PredictWork
{
    public static ComparedWork Create() => new(
        "predict",
        "One prediction from a cold start, the process included: `covidct predict`, published, against a Python script and .NET programs, published too, which decode as it does; files are in the system's cache.",
        [
            new(Network.Name, data => Ours(ExportedNetwork.OfOurs(Network), data), Ask)
            {
                Goal = new(2),
                Peers = [PeerVariant.Ordinary, PeerVariant.TorchSharp, PeerVariant.OnnxRuntime, PeerVariant.OursByOnnx],
                InDotnet = new Dictionary<PeerVariant, Func<BenchmarkData, Measurement>>
                {
                    [PeerVariant.TorchSharp] = data => Theirs(ExportedNetwork.OfTorchSharp(Network), data),
                    [PeerVariant.OnnxRuntime] = data => Theirs(ExportedNetwork.OfTorchvision(Network, batch: 1), data),
                    [PeerVariant.OursByOnnx] = data => Ours(ExportedNetwork.AsOurOnnx(Network), data),
                },
            },
        ]);

    private static BenchmarkedNetwork Network => BenchmarkedNetwork.Named("resnet18");

    private static Measurement Ours(ExportedNetwork written, BenchmarkData data)
    {
        var program = Environment.GetEnvironmentVariable("COVIDCT_CLI") is { Length: > 0 } chosen
            ? chosen
            : Repository.Published("src/CovidCt.Cli", "covidct");
        return Measurement.OfTime(() => Peer.Run(program, "predict", "--run", written.Path, data.Files().First()), written);
    }

    private static Measurement Theirs(ExportedNetwork written, BenchmarkData data)
    {
        var program = Repository.Published("benchmarks/CovidCt.Benchmarks", "CovidCt.Benchmarks");
        return Measurement.OfTime(() => Peer.Run(program, "answer", Network.Name, written.Path, data.Files().First()), written);
    }

    private static object Ask(BenchmarkData data) =>
        new { network = Network.Name, image = data.Files().First(), width = Network.Canvas.Width, height = Network.Canvas.Height };
}
