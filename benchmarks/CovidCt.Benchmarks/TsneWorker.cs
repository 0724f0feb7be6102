using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CovidCt.Embedding;
using CovidCt.Models.Runtime;

namespace CovidCt.Benchmarks;

/// <summary>One process, one embedding: the first, as a program that makes one has it, and a second where that is asked for.</summary>
internal static class TsneWorker
{
    public static int Run(string features, string rows, string columns, string seed, string iterations, string method, string repeat, string points)
    {
        TorchRuntime.EnsureLoaded();
        using var data = TsneFeatures.Read(features, Number(rows), Number(columns));
        var tsne = new Tsne(new()
        {
            Initialization = TsneInitialization.Random,
            Seed = Number(seed),
            EarlyIterations = 250,
            Iterations = Number(iterations) - 250,
            Method = Enum.Parse<TsneMethod>(method),
        });
        TsneEmbedding? embedding = null;
        var times = new List<Stages>();
        for (var i = 0; i < Number(repeat); i++)
        {
            var clock = new Clock();
            embedding = tsne.Embed(data, clock);
            times.Add(clock.End());
        }

        File.WriteAllBytes(points, MemoryMarshal.AsBytes(embedding!.Points.SelectMany(point => new[] { (float)point.X, (float)point.Y }).ToArray().AsSpan()).ToArray());
        Console.WriteLine(JsonSerializer.Serialize(new Figures(times[0].Whole, times[^1].Whole, times[^1].Affinities, times[^1].Descent, times[^1].Quality, embedding.Quality)));
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    internal sealed record Figures(double First, double Later, double Affinities, double Descent, double Quality, EmbeddingQuality Measured);

    private sealed record Stages(double Whole, double Affinities, double Descent, double Quality);

    private sealed class Clock : IProgress<TsneProgress>
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private double _descent;
        private double _quality;

        public void Report(TsneProgress value)
        {
            if (value is { Stage: TsneStage.Descent, Iteration: 1 })
            {
                _descent = _watch.Elapsed.TotalSeconds;
            }
            else if (value.Stage == TsneStage.Quality)
            {
                _quality = _watch.Elapsed.TotalSeconds;
            }
        }

        public Stages End()
        {
            var whole = _watch.Elapsed.TotalSeconds;
            return new(whole, _descent, _quality - _descent, whole - _quality);
        }
    }
}
