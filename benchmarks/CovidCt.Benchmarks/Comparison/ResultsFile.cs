using System.Text.RegularExpressions;

namespace CovidCt.Benchmarks.Comparison;

/// <summary><c>benchmarks/RESULTS.md</c>: the last table of each work, each with the command that made it.</summary>
internal static partial class ResultsFile
{
    public static string FullPath => Path.Combine(Repository.Root, "benchmarks", "RESULTS.md");

    /// <summary>Puts a section in the place of an older one of the same work; the others stay, in the order of the works.</summary>
    public static void Put(string work, string section, IReadOnlyList<string> order)
    {
        var sections = File.Exists(FullPath) ? Read(File.ReadAllText(FullPath)) : [];
        sections[work] = section;
        var known = sections.OrderBy(entry => order.ToList().IndexOf(entry.Key)).Select(entry => $"## {entry.Key}\n\n{entry.Value.Trim()}\n");
        File.WriteAllText(FullPath, $"{Preface}\n{string.Join('\n', known)}");
    }

    private const string Preface =
        """
        # Beside PyTorch

        Each section is the last table that its command wrote with `--save`. The sides run in turn as processes that stay
        alive over the rounds, each with the same number of threads and with three unmeasured rounds before, except where a
        section says that processes are fresh; while one side is measured the others sleep.

        The peers in Python are in `peers/compared/`: torchvision's networks in their ordinary use, and Pillow. Two parts stand in
        for timm, which is not needed to run them: `timm_lamb.py` computes what timm's `Lamb` does with its defaults, parameter by
        parameter in ordinary operations, and `xception.py` has the layers and keys of its `legacy_xception`. InceptionV3 has
        no auxiliary head on either side. Weights are random. All sides train with that variant of LAMB.

        Those in .NET are in `CovidCt.Benchmarks/Peers/`. *TorchSharp* is its ordinary use on the libtorch that ours runs on: its
        TorchVision's networks, or, where that has none, the same layers in its modules; `eval`, `no_grad` and a dispose scope.
        *ONNX Runtime* runs what `torch.onnx.export` writes of torchvision's networks by its defaults, for the batch's shape, with an
        ordinary session; *ours by ONNX* runs what `covidct export` writes, for any shape, with CovidCt.Onnx's session. Both
        are workers of the benchmarks, whose memory holds libtorch too: see docs/onnx.md for that of an application without it.

        Absolute figures are one machine's; ratios taken while other programs run say less, and the load is given.

        """;

    private static Dictionary<string, string> Read(string text) => Heading().Split(text).Skip(1).Chunk(2)
        .Where(pair => pair.Length == 2)
        .ToDictionary(pair => pair[0], pair => pair[1]);

    [GeneratedRegex("^## (.+)\n", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
