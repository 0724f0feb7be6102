using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CovidCt.Embedding;
using CovidCt.Models.Runtime;
using TorchSharp;

namespace CovidCt.Benchmarks;

/// <summary>Embeds the same features here and in scikit-learn in turn, each time in a fresh process and with another seed, and prints the ratios.</summary>
internal static class TsneComparison
{
    private const int DenseLimit = 5000;

    /// <param name="which"><c>covid19-ct</c>, <c>ROWSxCOLUMNS</c> of the wide mixture, or <c>mixture-ROWSxCOLUMNS</c>.</param>
    /// <param name="seeds">How many seeds.</param>
    /// <param name="iterations">Of each, the first 250 with early exaggeration.</param>
    /// <param name="method">Ours: Auto, Exact or Interpolation.</param>
    /// <param name="withPeer">Whether scikit-learn runs too.</param>
    public static int Run(string which, int seeds, int iterations, string method, bool withPeer)
    {
        TorchRuntime.EnsureLoaded();
        var folder = Directory.CreateTempSubdirectory("covidct-tsne-").FullName;
        try
        {
            using var features = Make(which);
            var (rows, columns) = ((int)features.shape[0], (int)features.shape[1]);
            var (file, points) = (Path.Combine(folder, "features"), Path.Combine(folder, "points"));
            TsneFeatures.Write(features, file);
            Console.WriteLine($"{which}: {rows} x {columns}, {iterations} iterations from random positions. Ratios are ours over scikit-learn's.");
            Console.WriteLine("| seed | ours s, first | ours s, later | affinities | descent | quality | scikit-learn s | ratio, first | ratio, later | KL, ours | scikit-learn | trustworthiness, ours | scikit-learn | recall, ours | scikit-learn |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
            List<double[]> all = [];
            for (var seed = 0; seed < seeds; seed++)
            {
                var repeat = rows > DenseLimit ? "1" : "2";
                var ours = JsonSerializer.Deserialize<TsneWorker.Figures>(Peer.Run(
                    Environment.ProcessPath!, "tsne", file, Text(rows), Text(columns), Text(seed), Text(iterations), method, repeat, points))!;
                var mine = Measure(features, points, ours.Measured);
                var (seconds, theirs) = (double.NaN, (Kl: double.NaN, Trust: double.NaN, Recall: double.NaN));
                if (withPeer)
                {
                    using var answer = JsonDocument.Parse(Peer.Run(Peer.Python, Peer.Script("tsne.py"), file, Text(rows), Text(columns), Text(seed), Text(iterations), points));
                    seconds = answer.RootElement.GetProperty("seconds").GetDouble();
                    theirs = Measure(features, points, null);
                }

                all.Add([ours.First, ours.Later, ours.Affinities, ours.Descent, ours.Quality, seconds, ours.First / seconds, ours.Later / seconds,
                    mine.Kl, theirs.Kl, mine.Trust, theirs.Trust, mine.Recall, theirs.Recall]);
                Print(Text(seed), all[^1]);
            }

            Print("mean", [.. Enumerable.Range(0, all[0].Length).Select(column => all.Average(row => row[column]))]);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static torch.Tensor Make(string which)
    {
        if (which == "covid19-ct")
        {
            return TsneFeatures.Covid19Ct();
        }

        var size = which[(which.IndexOf('-', StringComparison.Ordinal) + 1)..].Split('x').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return which.StartsWith("mixture-", StringComparison.Ordinal) ? TsneFeatures.Mixture(size[0], size[1]) : TsneFeatures.Wide(size[0], size[1]);
    }

    /// <summary>One function for both: the exact divergence with dense affinities where that goes, trustworthiness and recall.</summary>
    private static (double Kl, double Trust, double Recall) Measure(torch.Tensor features, string file, EmbeddingQuality? measured)
    {
        var values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file));
        var points = new (double X, double Y)[values.Length / 2];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = (values[2 * i], values[(2 * i) + 1]);
        }

        return (points.Length > DenseLimit ? measured?.KlDivergence ?? double.NaN : EmbeddingMeasures.KlDivergence(features, points, 30),
            EmbeddingMeasures.Trustworthiness(features, points, 10), EmbeddingMeasures.NeighbourRecall(features, points, 10));
    }

    private static void Print(string seed, double[] row) =>
        Console.WriteLine($"| {seed} | {string.Join(" | ", row.Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture)))} |");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
