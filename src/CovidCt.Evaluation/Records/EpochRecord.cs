namespace CovidCt.Records;

/// <summary>What one epoch of training did: a row of <c>history.csv</c>.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="LearningRate">The rate of the epoch's steps.</param>
/// <param name="Loss">Mean cross-entropy (nats) over the epoch's augmented training images.</param>
/// <param name="Accuracy">Fraction in [0, 1] of the augmented training images that were classified rightly.</param>
/// <param name="Seconds">Wall-clock time.</param>
public sealed record EpochRecord(int Epoch, double LearningRate, double Loss, double Accuracy, double Seconds);
