using System.Globalization;
using CovidCt.Networks;

namespace CovidCt.Reporting.Tables;

/// <summary>The paper's Table 1: the networks.</summary>
internal static class Table1
{
    /// <summary>A row for each network, in the order given.</summary>
    /// <param name="specs">The networks.</param>
    public static TableData Rows(IEnumerable<BackboneSpec> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        return new(
            ["Network", "Name", "Canvas", "Square", "Parameters (M)", "Layers", "Size (MB)", "Features"],
            [.. specs.Select(Row)]);
    }

    private static string[] Row(BackboneSpec spec) =>
    [
        spec.DisplayName,
        spec.Name,
        spec.Canvas.ToString(),
        spec.Square.ToString(),
        (spec.Parameters / 1e6).ToString("0.00", CultureInfo.InvariantCulture),
        spec.Layers.ToString(CultureInfo.InvariantCulture),
        spec.Megabytes.ToString("0.0", CultureInfo.InvariantCulture),
        spec.FeatureWidth.ToString(CultureInfo.InvariantCulture),
    ];
}
