using System.Diagnostics;
using System.Text.Json;
using CovidCt.Benchmarks.Kit;
using CovidCt.ImageSharp;
using CovidCt.Imaging;

namespace CovidCt.Benchmarks;

/// <summary>One process, one decoder: all images of a data set one after the other on one thread, twice, of which the second counts.</summary>
internal static class DecoderWorker
{
    public static int Run(string name, string folder)
    {
        using var data = new BenchmarkData(folder);
        IImageDecoder decoder = name == "imagesharp" ? new ImageSharpDecoder() : new SkiaImageDecoder();
        byte[][] files = [.. data.Files().Select(File.ReadAllBytes)];
        ProcessMemory.ReleaseFreed();
        ProcessMemory.ResetPeak();
        var before = ProcessMemory.Resident;
        DecodeAll();
        using var process = Process.GetCurrentProcess();
        var (clock, busy) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        DecodeAll();
        clock.Stop();
        process.Refresh();
        Console.WriteLine(JsonSerializer.Serialize(new DecoderFigures(
            clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - busy).TotalSeconds, ProcessMemory.Peak - before)));
        return 0;

        void DecodeAll()
        {
            foreach (var file in files)
            {
                _ = decoder.Decode(file);
            }
        }
    }
}

/// <summary>What a decoder took.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="ProcessorSeconds">Of all threads together.</param>
/// <param name="Peak">Most bytes resident at once beyond the files' contents and the process as it began.</param>
internal sealed record DecoderFigures(double Seconds, double ProcessorSeconds, long Peak);
