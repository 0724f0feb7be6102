using System.Text.Json;
using CovidCt.Evaluation.Tests.Statistics;

namespace CovidCt.Evaluation.Tests.Calibration;

/// <summary>What scikit-learn and SciPy compute; written by <c>tests/reference/make_calibration_golden.py</c>.</summary>
internal static class GoldenCalibration
{
    public const double Tolerance = 1e-9;

    public static IEnumerable<((bool, double)[] Outcomes, JsonElement Golden)> Cases()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Calibration", "Fixtures", "calibration-golden.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (var golden in document.RootElement.EnumerateArray())
            yield return ([.. golden.Integers("actual").Select(a => a == 1).Zip(golden.Numbers("probability"))], golden.Clone());
    }
}
