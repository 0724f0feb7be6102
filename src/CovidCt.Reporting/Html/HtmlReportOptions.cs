using System.ComponentModel.DataAnnotations;
using CovidCt.Networks;

namespace CovidCt.Reporting.Html;

/// <summary>Which networks a report knows, and what keeps it small enough to be sent and opened.</summary>
public sealed class HtmlReportOptions
{
    /// <summary>The networks that are known by a name and the facts of Table 1. Default: <see cref="BackboneSpec.All"/>.</summary>
    [Required]
    public IReadOnlyList<BackboneSpec> Networks { get; set; } = BackboneSpec.All;

    /// <summary>
    /// Misclassified images that are shown with their maps, over all networks, which share them equally; those that a
    /// network was surest of come first, and the report says how many there are in all. Default 240; 0 shows none.
    /// </summary>
    [Range(0, 10_000)]
    public int MisclassifiedPictures { get; set; } = 240;

    /// <summary>Rightly classified images that are shown with their maps, for each network. Default 8; 0 shows none.</summary>
    [Range(0, 10_000)]
    public int OtherPictures { get; set; } = 8;

    /// <summary>Pictures of images and maps are scaled down to this length of their longer side, in pixels. Default 360.</summary>
    [Range(32, 4096)]
    public int PictureSize { get; set; } = 360;
}
