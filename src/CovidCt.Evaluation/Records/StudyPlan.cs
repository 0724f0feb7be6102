namespace CovidCt.Records;

/// <summary>The runs that a study consists of, those of retrained controls and of further seeds among them, dearest first.</summary>
/// <remarks>
/// Each is trained by itself, in any order and on any machine. Who takes them in this order, or every n-th of it, is done earliest.
/// </remarks>
/// <param name="Runs">The runs: what <c>plan.csv</c> has a line of.</param>
public sealed record StudyPlan(IReadOnlyList<PlannedRun> Runs)
{
    /// <summary>Orders runs: the dearest first, those of no known cost before all others, and equal ones as they come.</summary>
    /// <param name="runs">The runs.</param>
    public static StudyPlan Of(IEnumerable<PlannedRun> runs) =>
        new([.. runs.OrderByDescending(run => run.Cost ?? double.PositiveInfinity)]);

    /// <summary>The runs of one of several processes that share them: every <paramref name="count"/>-th.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <param name="count">How many processes, fewer or more than runs.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such process.</exception>
    public IReadOnlyList<PlannedRun> Shard(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        return [.. Runs.Where((_, line) => line % count == index)];
    }

    /// <summary>The run of a name.</summary>
    /// <param name="name">Its <see cref="PlannedRun.Name"/>.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public PlannedRun Find(string name) => Runs.FirstOrDefault(run => run.Name == name)
        ?? throw new ArgumentException($"The study has no run '{name}'. Its first is {Runs[0].Name}; {StudyLayout.PlanName} lists all.");
}
