using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>
/// One prediction, from the start of a process to its end, its files in the system's cache: <c>covidct predict</c> as published
/// (or as <c>COVIDCT_CLI</c> names it), beside a short Python script.
/// </summary>
internal static class PredictWork
{
    public static ComparedWork Create() => new(
        "predict",
        "One prediction from a cold start, the process included: `covidct predict`, published, against a Python script; files are in the system's cache.",
        [new(Network.Name, Ours, Ask) { Goal = new(2) }]);

    private static BenchmarkedNetwork Network => BenchmarkedNetwork.Named("resnet18");

    private static Measurement Ours(BenchmarkData data)
    {
        var program = Published();
        var folder = Directory.CreateTempSubdirectory("covidct-predict-");
        var file = Path.Combine(folder.FullName, RunLayout.NetworkName);
        using (var backbone = Network.Create(CPU))
        {
            ModelFile.Save(file, backbone, new(Network.Name, ["COVID", "non-COVID"], 0, Network.Canvas, CanvasFit.KeepAspect, RandomCanvases.Fill));
        }

        return Measurement.OfTime(() => Peer.Run(program, "predict", "--run", file, data.Files().First()), new Removal(folder));
    }

    private static string Published()
    {
        if (Environment.GetEnvironmentVariable("COVIDCT_CLI") is { Length: > 0 } chosen)
        {
            return chosen;
        }

        var folder = Path.Combine(Repository.Root, "artifacts", "published", "covidct");
        Peer.Run("dotnet", "publish", Path.Combine(Repository.Root, "src", "CovidCt.Cli"), "-c", "Release", "--use-current-runtime", "--self-contained", "false", "-o", folder, "-v", "q", "-nologo");
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "covidct.exe" : "covidct");
    }

    private static object Ask(BenchmarkData data) =>
        new { network = Network.Name, image = data.Files().First(), width = Network.Canvas.Width, height = Network.Canvas.Height };

    private sealed class Removal(DirectoryInfo folder) : IDisposable
    {
        public void Dispose() => folder.Delete(recursive: true);
    }
}
