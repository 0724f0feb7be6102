using System.ComponentModel.DataAnnotations;

namespace CovidCt.Explanation;

/// <summary>How maps are audited.</summary>
internal sealed class CamAuditOptions : IValidatableObject
{
    /// <summary>What is looked at. Default: everything.</summary>
    public CamAuditParts Parts { get; set; } = CamAuditParts.All;

    /// <summary>Steps of the deletion and insertion curves. Default 10.</summary>
    [Range(1, 1000)]
    public int Steps { get; set; } = 10;

    /// <summary>Patches along a row of the image that are hidden one at a time. Default 7.</summary>
    [Range(2, 100)]
    public int PatchColumns { get; set; } = 7;

    /// <summary>Rows of patches. Default 5.</summary>
    [Range(2, 100)]
    public int PatchRows { get; set; } = 5;

    /// <summary>
    /// Standard deviation, in pixels of the canvas, of the blur that stands for an image without its content. Default 11.
    /// </summary>
    [Range(1.0, 100.0)]
    public double BlurDeviation { get; set; } = 11;

    /// <summary>The shares of pixels that ROAD removes, rising, each within (0, 1). Default: 0.1, 0.3, 0.5, 0.7, 0.9.</summary>
    [Required]
    [MinLength(1)]
    public IReadOnlyList<double> RoadShares { get; set; } = [0.1, 0.3, 0.5, 0.7, 0.9];

    /// <summary>Standard deviation of ROAD's noise, in units of the normalised input. Default 0.01.</summary>
    [Range(0.0, 1.0)]
    public double RoadNoise { get; set; } = 0.01;

    /// <summary>How far from a finding, in pixels of the original, the pointing game still hits. Default 15, its authors'.</summary>
    [Range(0, 1000)]
    public int PointingTolerance { get; set; } = 15;

    /// <summary>Images that the network sees at a time. Default 40: all changes that are asked of a map at once.</summary>
    [Range(1, 4096)]
    public int BatchSize { get; set; } = 40;

    /// <summary>The seed of randomised layers, of random maps, of ROAD's noise and of the order among equal values. Default 0.</summary>
    public long Seed { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < RoadShares?.Count; i++)
        {
            if (RoadShares[i] is not (> 0 and < 1) || (i > 0 && RoadShares[i] <= RoadShares[i - 1]))
            {
                yield return new($"{nameof(RoadShares)} has {RoadShares[i]}; shares rise, and lie between 0 and 1.", [nameof(RoadShares)]);
            }
        }
    }
}
