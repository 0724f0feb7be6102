namespace CovidCt.Embedding;

/// <summary>Where the points begin.</summary>
public enum TsneInitialization
{
    /// <summary>
    /// The first two principal components, scaled so that the first has a standard deviation of 1e-4, and a hundredth of that
    /// as jitter, which parts equal points (Kobak and Linderman, Nature Biotechnology 2021, 39, 156-157).
    /// </summary>
    Pca,

    /// <summary>Normally distributed with standard deviation 1e-4.</summary>
    Random,
}
