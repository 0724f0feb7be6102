using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Cli.Output;

/// <summary>Says which images were left out: each, and of many for one reason how many.</summary>
internal static class RejectedOutput
{
    private const int Each = 5;

    /// <summary>The lines: what was left out, and why.</summary>
    public static IEnumerable<string> Of(IEnumerable<Rejection> rejected)
    {
        foreach (var reason in rejected.GroupBy(rejection => rejection.Reason))
        {
            List<string> paths = [.. reason.Select(rejection => rejection.Path)];
            if (paths.Count > Each)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{paths.Count} images, the first {paths[0]}: {reason.Key}");
                continue;
            }

            foreach (var path in paths)
            {
                yield return $"{path}: {reason.Key}";
            }
        }
    }
}
