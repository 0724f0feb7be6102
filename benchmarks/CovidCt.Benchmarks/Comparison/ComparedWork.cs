using CovidCt.Benchmarks.Kit;

namespace CovidCt.Benchmarks.Comparison;

/// <summary>Work that this library and the peer both do.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">What is done, and what is counted.</param>
/// <param name="Cases">The rows of its table.</param>
internal sealed record ComparedWork(string Name, string Title, IReadOnlyList<WorkCase> Cases)
{
    /// <summary>The peer's module in peers/compared. Default: the name.</summary>
    public string Module { get; init; } = Name;

    /// <summary>What is measured: seconds, unless said otherwise.</summary>
    public string Unit { get; init; } = "s";

    /// <summary>Whether each measurement takes processes of its own, and has no measurement before it to warm up.</summary>
    public bool IsFresh { get; init; }

    /// <summary>Whether ratios are ours over the peer's; otherwise they are the peer's over ours.</summary>
    public bool OursOverPeer { get; init; }

    /// <summary>Whether it is done on a CUDA card, by both sides.</summary>
    public bool OnCuda { get; init; }

    /// <summary>What the geometric mean of the ratios is to reach.</summary>
    public double? MeanGoal { get; init; }

    /// <summary>The same work beside another build of this library in place of Python.</summary>
    public ComparedWork Against(string build) => this with
    {
        Cases = [.. Cases.Select(row => row.Against(build))],
        OursOverPeer = false,
        MeanGoal = null,
    };
}

/// <summary>One row.</summary>
/// <param name="Name">Its name in the table and on the command line.</param>
/// <param name="Ours">Sets our side up, in a process of its own.</param>
/// <param name="Ask">What the peer is asked to set up, as an object whose properties become JSON; null where there is no peer.</param>
internal sealed record WorkCase(string Name, Func<BenchmarkData, Measurement> Ours, Func<BenchmarkData, object>? Ask)
{
    /// <summary>What is to be reached: of the ratio, or of our own figure where there is no peer.</summary>
    public Goal? Goal { get; init; }

    /// <summary>The ways in which the peer does it; the first one is the one that goals are about.</summary>
    public IReadOnlyList<PeerVariant> Peers { get; init; } = [PeerVariant.Ordinary];

    /// <summary>The same row beside another build of this library.</summary>
    public WorkCase Against(string build) => this with
    {
        Ask = Ask ?? (_ => new object()),
        Goal = null,
        Peers = [PeerVariant.OtherBuild(build)],
    };
}

/// <summary>A bound that a figure is to keep.</summary>
internal sealed record Goal(double Bound, bool AtMost = false)
{
    public bool IsMet(double value) => AtMost ? value <= Bound : value >= Bound;
}
