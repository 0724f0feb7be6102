using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>How a network's folds become one figure.</summary>
public enum FoldSummary
{
    /// <summary>The mean of the folds where the figure is defined, as <see cref="NetworkResult.Mean"/> and the paper have it.</summary>
    Mean,

    /// <summary>The figure of all folds' images together.</summary>
    Pooled,
}
