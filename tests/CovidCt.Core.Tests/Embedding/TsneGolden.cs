using System.Text.Json;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding;

/// <summary>What scikit-learn and SciPy say of some features and points.</summary>
internal sealed record TsneGolden(
    double Perplexity, double[][] Features, double[][] Points, int[] Rows, double[][] ScikitLearn, double[][] Exact, double KlDivergence, TsneGolden.Trust[] Trustworthiness)
{
    public static TsneGolden Read() => JsonSerializer.Deserialize<TsneGolden>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Embedding", "Fixtures", "tsne-golden.json")), JsonSerializerOptions.Web)!;

    public Tensor FeatureTensor() => tensor(Features.SelectMany(row => row).ToArray(), [Features.Length, Features[0].Length]);

    public (double X, double Y)[] Embedded() => [.. Points.Select(point => (point[0], point[1]))];

    internal sealed record Trust(int Neighbours, double Value);
}
