namespace CovidCt.Calibration;

/// <summary>What a Brier score is made of, over bins: score = reliability - resolution + uncertainty + within bins.</summary>
/// <param name="Reliability">Mean squared gap between the bins' probabilities and observed rates; 0 is the best.</param>
/// <param name="Resolution">Variance of the bins' observed rates; the higher the better.</param>
/// <param name="Uncertainty">Variance of the outcome itself, rate · (1 - rate), whatever was predicted.</param>
/// <param name="WithinBins">
/// What the bins hide: the variance of probabilities within them, less twice their covariance with the outcomes; 0 where
/// every bin has a single probability.
/// </param>
internal sealed record BrierDecomposition(double Reliability, double Resolution, double Uncertainty, double WithinBins);
