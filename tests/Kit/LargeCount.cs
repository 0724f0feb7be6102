using System.Globalization;

namespace CovidCt.Tests;

/// <summary>How many times a long test tries what it tries: a sample, or as often as a variable says.</summary>
internal static class LargeCount
{
    /// <summary>The number in an environment variable, or the sample's where it has none.</summary>
    public static int Of(string variable, int sample) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var all) ? all : sample;
}
