using System.Diagnostics;
using System.Globalization;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;

namespace CovidCt.Benchmarks;

/// <summary>
/// An ensemble of folds and seeds in one file: how long it takes to load and what memory, and an answer of it beside its networks asked
/// one after the other, in turn.
/// </summary>
internal static class EnsembleComparison
{
    public const string Usage = "compare-ensemble [network=squeezenet1_1] [networks=25] [rounds=5]: an ensemble's answers, beside its networks one after the other; and its memory";

    private const int Answers = 5;

    public static int Run(string[] rest)
    {
        var options = rest.Select(option => option.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var network = options.GetValueOrDefault("network", "squeezenet1_1");
        var (count, rounds) = (Number("networks", 25), Number("rounds", 5));
        var folder = Directory.CreateTempSubdirectory("covidct-ensemble-").FullName;
        try
        {
            var file = Path.Combine(folder, "ensemble.safetensors");
            Save(network, count, file);
            ProcessMemory.ReleaseFreed();
            var before = ProcessMemory.Resident;
            var clock = Stopwatch.StartNew();
            using var ensemble = CtEnsemble.Load(file);
            var loaded = clock.Elapsed;
            var image = new GrayImage(512, 512, [.. Enumerable.Range(0, 512 * 512).Select(i => (byte)(i * 31 % 251))]);
            ensemble.Classify(image);
            var first = clock.Elapsed;
            ProcessMemory.ReleaseFreed();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{count} networks {network}: file {new FileInfo(file).Length / 1e6:0.0} MB, loaded in {loaded.TotalSeconds:0.00} s, first answer after {first.TotalSeconds:0.00} s, {(ProcessMemory.Resident - before) / 1e6:0} MB resident more"));
            Apart(ensemble, image); // Both are warm.
            List<double> ratios = [];
            for (var round = 0; round < rounds; round++)
            {
                var (together, apart) = (Time(() => ensemble.Classify(image)), Time(() => Apart(ensemble, image)));
                ratios.Add(together / apart);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"an answer {1000 * together:0.0} ms of processor, of its networks one after the other {1000 * apart:0.0} ms, ratio {ratios[^1]:0.000}"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {ratios.Order().ElementAt(ratios.Count / 2):0.000}"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        int Number(string name, int otherwise) => options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }

    private static void Save(string network, int count, string file)
    {
        var backbones = new BackboneFactory();
        using var ensemble = new CtEnsemble([.. Enumerable.Range(0, count).Select(seed =>
        {
            var backbone = backbones.Create(network, 2, seed);
            return new CtClassifier(backbone, new(network, ["non-COVID", "COVID"], 1, backbone.Spec.Canvas, CanvasFit.KeepAspect, new CanvasOptions().Fill));
        })]);
        ensemble.Save(file);
    }

    private static void Apart(CtEnsemble ensemble, GrayImage image)
    {
        foreach (var member in ensemble.Members)
        {
            member.Classify(image);
        }
    }

    /// <summary>The processor's seconds, which say the same on a machine that others use too.</summary>
    private static double Time(Action answer)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var i = 0; i < Answers; i++)
        {
            answer();
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds / Answers;
    }
}
