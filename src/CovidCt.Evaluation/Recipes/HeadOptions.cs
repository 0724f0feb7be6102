using System.ComponentModel.DataAnnotations;

namespace CovidCt.Recipes;

/// <summary>How the classifier of a network is begun and trained, where it isn't the paper's way.</summary>
/// <remarks>
/// A head that begins at random first leads what lies before it astray, most where it is slow to turn: Kumar et al., "Fine-Tuning can
/// Distort Pretrained Features and Underperform Out-of-Distribution", arXiv 2202.10054.
/// </remarks>
public sealed class HeadOptions
{
    /// <summary>What it begins with. Default at random.</summary>
    [EnumDataType(typeof(HeadStart))]
    public HeadStart Start { get; set; } = HeadStart.Random;

    /// <summary>What the learning rate is multiplied by for it, above 0 and at most 1000. Default 1.</summary>
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double RateFactor { get; set; } = 1;

    /// <summary>
    /// Whether class scores may be negative: without the ReLU that SqueezeNet has between its classifier and the pooling, which lets no
    /// gradient through where a score is below 0. Other networks have none. Default false.
    /// </summary>
    public bool Linear { get; set; }

    /// <summary>A copy.</summary>
    public HeadOptions Clone() => (HeadOptions)MemberwiseClone();
}
