namespace CovidCt.Data;

/// <summary>One fold of a cross-validation.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Train">The rows to train on, ascending.</param>
/// <param name="Test">
/// The rows to test on, ascending; every row is in the test part of one fold, but for the official split's training rows.
/// </param>
public sealed record Fold(int Index, IReadOnlyList<int> Train, IReadOnlyList<int> Test);
