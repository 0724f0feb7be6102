using System.ComponentModel.DataAnnotations;

namespace CovidCt.Embedding;

/// <summary>How new points find their places in a finished embedding. The defaults are openTSNE's for <c>transform</c>.</summary>
internal sealed class PlacementOptions
{
    /// <summary>The effective number of reference points that a new point attends to; at most a third of their number. Default 5.</summary>
    [Range(1.0, 10_000.0)]
    public double Perplexity { get; set; } = 5;

    /// <summary>Iterations, the reference points fixed. Default 250; 0 leaves each point at the weighted mean of its neighbours.</summary>
    [Range(0, 1_000_000)]
    public int Iterations { get; set; } = 250;

    /// <summary>By how much attraction is exaggerated. Default 1.5.</summary>
    [Range(1.0, 100.0)]
    public double Exaggeration { get; set; } = 1.5;

    /// <summary>The step size. Default 0.1.</summary>
    [Range(1e-6, 1e6)]
    public double LearningRate { get; set; } = 0.1;

    /// <summary>The momentum. Default 0.8.</summary>
    [Range(0.0, 0.999)]
    public double Momentum { get; set; } = 0.8;

    /// <summary>The greatest length of a point's gradient; a longer one is shortened to it. Default 0.25.</summary>
    [Range(1e-6, 1e6)]
    public double MaxGradientNorm { get; set; } = 0.25;

    internal PlacementOptions Clone() => (PlacementOptions)MemberwiseClone();
}
