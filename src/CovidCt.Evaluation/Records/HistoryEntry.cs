namespace CovidCt.Records;

/// <summary>An epoch of the training of one network on one fold.</summary>
/// <param name="Network">The published name of the network.</param>
/// <param name="Fold">From 0.</param>
/// <param name="Epoch">What the epoch did.</param>
internal sealed record HistoryEntry(string Network, int Fold, EpochRecord Epoch);
