using System.Text.Json;

namespace CovidCt.Evaluation.Tests.Statistics;

/// <summary>What SciPy and NumPy compute; written by <c>tests/reference/make_statistics_golden.py</c>.</summary>
internal static class GoldenStatistics
{
    public const double Tolerance = 1e-9;

    private static readonly JsonElement Root = Read();

    public static IEnumerable<JsonElement> Cases(string name) => Root.GetProperty(name).EnumerateArray();

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static double[] Numbers(this JsonElement element, string name) => element.GetProperty(name).Numbers();

    public static double[] Numbers(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetDouble())];

    public static int[] Integers(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];

    private static JsonElement Read()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Statistics", "Fixtures", "statistics-golden.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }
}
