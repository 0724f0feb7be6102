using System.Diagnostics;
using System.Text.Json;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Models.Weights;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks;

/// <summary>One process, one file: the first load, as a program that loads one file has it, and the median of five more.</summary>
internal static class LoadWorker
{
    public static int Run(string mode, string file)
    {
        TorchRuntime.EnsureLoaded();
        zeros(10).add_(1).Dispose();
        ProcessMemory.ResetPeak();
        var before = ProcessMemory.Resident;
        var first = Time();
        var peak = ProcessMemory.Peak - before;
        var later = Enumerable.Range(0, 5).Select(_ => Time()).Order().ElementAt(2);
        Console.WriteLine(JsonSerializer.Serialize(new { first, later, peak }));
        return 0;

        double Time()
        {
            var clock = Stopwatch.StartNew();
            if (mode == "network")
            {
                using var network = BackboneWeights.LoadPretrained(new BackboneFactory(), "resnet101", file);
                return clock.Elapsed.TotalSeconds;
            }

            using var scope = NewDisposeScope();
            using var opened = TensorFile.Open(file);
            opened.ReadAll();
            return clock.Elapsed.TotalSeconds;
        }
    }
}
