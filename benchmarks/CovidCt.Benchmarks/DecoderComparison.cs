using System.Globalization;
using System.Text.Json;
using CovidCt.Benchmarks.Kit;

namespace CovidCt.Benchmarks;

/// <summary>Decodes a data set by SkiaSharp and by ImageSharp in turn, each time in a fresh process, and prints the least of each figure.</summary>
internal static class DecoderComparison
{
    private static readonly string[] Names = ["skia", "imagesharp"];

    public static int Run(string[] arguments)
    {
        var rounds = arguments is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        using var data = BenchmarkData.Open();
        var all = Names.ToDictionary(name => name, _ => new List<DecoderFigures>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var name in Names)
            {
                all[name].Add(JsonSerializer.Deserialize<DecoderFigures>(Peer.Run(Environment.ProcessPath!, "decode-all", name, data.Folder))!);
            }
        }

        Console.WriteLine($"{data.Dataset.Name}, {data.Dataset.Samples.Count} images on one thread, the least of {rounds} fresh processes each, in turn.");
        Console.WriteLine("| decoder | processor time, s | time, s | peak memory, MiB |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var name in Names)
        {
            var of = all[name];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {of.Min(one => one.ProcessorSeconds):0.00} | {of.Min(one => one.Seconds):0.00} | {of.Min(one => one.Peak) / (double)(1 << 20):0} |"));
        }

        return 0;
    }
}
