using System.Globalization;
using System.Text.Json;

namespace CovidCt.Benchmarks;

/// <summary>Loads ResNet101 here and in PyTorch in turn, each time in a fresh process, and prints the ratios.</summary>
internal static class LoadComparison
{
    private static readonly string[] Names = ["resnet101.pth", "resnet101-legacy.pth", "resnet101.safetensors"];

    private static string Script => Peer.Script("load.py");

    public static int Run(string[] arguments)
    {
        var rounds = arguments is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        var folder = Directory.CreateTempSubdirectory("covidct-load-").FullName;
        try
        {
            if (Peer.TryRun(Peer.Python, Script, "make", folder) is null)
            {
                Console.Error.WriteLine($"{Peer.Python} can't make the files: it needs torch and torchvision. COVIDCT_PYTHON names another interpreter.");
                return 2;
            }

            var hasSafetensors = Peer.TryRun(Peer.Python, Script, "has-safetensors") is not null;
            Console.WriteLine($"ResNet101, medians of {rounds} fresh processes each, in turn. Ratios are ours over PyTorch's.");
            Console.WriteLine("| file | into | first load, ours s | PyTorch s | ratio | later loads, ours s | PyTorch s | ratio | peak, ours MiB | PyTorch MiB | ratio |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
            foreach (var name in Names)
            {
                // Where the package is missing, the same tensors from the .pth stand in for its files.
                var theirs = name.EndsWith(".safetensors", StringComparison.Ordinal) && !hasSafetensors ? Names[0] : name;
                foreach (var mode in (string[])["tensors", "network"])
                {
                    Compare(name == theirs ? name : $"{name} (PyTorch: {theirs})", mode, Path.Combine(folder, name), Path.Combine(folder, theirs), rounds);
                }
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(string label, string mode, string file, string peerFile, int rounds)
    {
        var ours = new List<Figures>();
        var theirs = new List<Figures>();
        for (var i = 0; i < rounds; i++)
        {
            ours.Add(Measure(Environment.ProcessPath!, "load", mode, file));
            theirs.Add(Measure(Peer.Python, Script, mode, peerFile));
        }

        string[] cells =
        [
            .. Cells(figures => figures.First, 1, "0.000"),
            .. Cells(figures => figures.Later, 1, "0.000"),
            .. Cells(figures => figures.Peak, 1 << 20, "0"),
        ];
        Console.WriteLine($"| {label} | {mode} | {string.Join(" | ", cells)} |");

        string[] Cells(Func<Figures, double> figure, double unit, string format)
        {
            var (here, there) = (Median(ours, figure), Median(theirs, figure));
            return [.. new[] { (here / unit, format), (there / unit, format), (here / there, "0.00") }
                .Select(cell => cell.Item1.ToString(cell.Item2, CultureInfo.InvariantCulture))];
        }
    }

    private static double Median(List<Figures> all, Func<Figures, double> figure) => all.Select(figure).Order().ElementAt(all.Count / 2);

    private static Figures Measure(string program, params string[] arguments) =>
        JsonSerializer.Deserialize<Figures>(Peer.Run(program, arguments))!;

    private sealed record Figures(
        [property: System.Text.Json.Serialization.JsonPropertyName("first")] double First,
        [property: System.Text.Json.Serialization.JsonPropertyName("later")] double Later,
        [property: System.Text.Json.Serialization.JsonPropertyName("peak")] double Peak);
}
