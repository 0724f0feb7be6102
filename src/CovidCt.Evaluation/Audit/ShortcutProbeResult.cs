using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>How well the classes can be told apart by what is not anatomy.</summary>
/// <param name="GroupBy">What the folds keep together.</param>
/// <param name="Folds">Their number; fewer than asked for where a class is small.</param>
/// <param name="Chance">The accuracy of always saying the largest class.</param>
/// <param name="BalancedChance">The balanced accuracy of any guess: one over the number of classes.</param>
/// <param name="All">All features together.</param>
/// <param name="Groups">Each group of features alone, in the order <c>file</c>, <c>geometry</c>, <c>gray</c>.</param>
/// <param name="Features">Each feature alone, the one that gives most away first; none where they weren't asked.</param>
public sealed record ShortcutProbeResult(
    GroupBy GroupBy,
    int Folds,
    double Chance,
    double BalancedChance,
    ProbeScore All,
    IReadOnlyList<ProbeScore> Groups,
    IReadOnlyList<ProbeScore> Features);
