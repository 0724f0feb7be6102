using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CovidCt.Answers;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Peers;
using CovidCt.Dicom;
using CovidCt.Inference;

namespace CovidCt.Benchmarks;

/// <summary>
/// A series of 400 slices of 512×512 pixels from DICOM files to one answer, here and with pydicom, scipy, Pillow and PyTorch, in turn, each time
/// in a fresh process; the least of each figure.
/// </summary>
internal static class SeriesComparison
{
    private const string Network = "squeezenet1_1", Side = "512", Count = "400";

    private static string Script => Peer.Script("series.py");

    public static int Run(string[] arguments)
    {
        var rounds = arguments is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        using var network = ExportedNetwork.OfOurs(BenchmarkedNetwork.Named(Network));
        var folder = Directory.CreateTempSubdirectory("covidct-series-").FullName;
        try
        {
            Peer.Run(Peer.Python, Script, "make", folder, Side, Count);
            List<(Figures Of, double Seconds)> ours = [], theirs = [];
            for (var round = 0; round < rounds; round++)
            {
                var (self, first) = Peer.Self;
                ours.Add(Measure(self, [.. first, "answer-series", network.Path, folder]));
                theirs.Add(Measure(Peer.Python, [Script, "answer", network.Path, folder]));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Count} slices of {Side}×{Side} pixels from DICOM files to one answer of {Network}, the least of {rounds} fresh processes each, in turn. "
                    + $"Answers: {ours[0].Of.Score:0.00000} of {ours[0].Of.Slices} slices, and {theirs[0].Of.Score:0.00000} of {theirs[0].Of.Slices}."));
            Console.WriteLine("| | s | processor time, s | peak memory, MiB |");
            Console.WriteLine("|---|---|---|---|");
            Row("CovidCt", ours);
            Row("pydicom, scipy, Pillow, PyTorch", theirs);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| theirs over ours | {Least(theirs).Seconds / Least(ours).Seconds:0.00} | {Least(theirs).Busy / Least(ours).Busy:0.00} | {Least(theirs).Peak / Least(ours).Peak:0.00} |"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Answers once.</summary>
    public static int Answer(string network, string folder)
    {
        using var classifier = CtClassifier.Load(network);
        var series = DicomFolder.Read(folder).Series.Single();
        var answer = classifier.Classify(series);
        Console.WriteLine(JsonSerializer.Serialize(new Figures(
            answer.Score, answer.Answered.Count(), ProcessMemory.Peak, Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds)));
        return 0;
    }

    private static (double Seconds, double Busy, double Peak) Least(List<(Figures Of, double Seconds)> all) =>
        (all.Min(one => one.Seconds), all.Min(one => one.Of.Busy), all.Min(one => one.Of.Peak));

    private static void Row(string name, List<(Figures Of, double Seconds)> all) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {Least(all).Seconds:0.00} | {Least(all).Busy:0.00} | {Least(all).Peak / (1 << 20):0} |"));

    private static (Figures Of, double Seconds) Measure(string program, string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Peer.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true });
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? (JsonSerializer.Deserialize<Figures>(output)!, clock.Elapsed.TotalSeconds)
            : throw new PeerException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }

    private sealed record Figures(
        [property: System.Text.Json.Serialization.JsonPropertyName("score")] double Score,
        [property: System.Text.Json.Serialization.JsonPropertyName("slices")] int Slices,
        [property: System.Text.Json.Serialization.JsonPropertyName("peak")] double Peak,
        [property: System.Text.Json.Serialization.JsonPropertyName("busy")] double Busy);
}
