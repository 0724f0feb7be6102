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

    /// <summary>What else is compared than all peers with our libtorch.</summary>
    public IReadOnlyList<Comparison> Further { get; init; } = [];

    /// <summary>The same work beside another build of this library in place of Python.</summary>
    public ComparedWork Against(string build) => this with
    {
        Cases = [.. Cases.Select(row => row.Against(build))],
        OursOverPeer = false,
        MeanGoal = null,
        Further = [],
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

    /// <summary>Those of the peers that are .NET, which are set up as our side is, each in a process of its own.</summary>
    public IReadOnlyDictionary<PeerVariant, Func<BenchmarkData, Measurement>> InDotnet { get; init; } =
        new Dictionary<PeerVariant, Func<BenchmarkData, Measurement>>();

    /// <summary>Sets our side up, or one of <see cref="InDotnet"/> by its name.</summary>
    public Measurement SetUp(string? peer, BenchmarkData data) =>
        peer is null ? Ours(data) : InDotnet.Single(entry => entry.Key.Name == peer).Value(data);

    /// <summary>The same row beside another build of this library.</summary>
    public WorkCase Against(string build) => this with
    {
        Ask = Ask ?? (_ => new object()),
        Goal = null,
        Peers = [PeerVariant.OtherBuild(build)],
    };
}

/// <summary>The figures of two peers, or of one and ours, beside each other.</summary>
/// <param name="Peer">Whose figures.</param>
/// <param name="Ours">Beside whose; null for our libtorch's.</param>
/// <param name="MeanGoal">What the geometric mean of the ratios is to reach.</param>
/// <param name="LeastGoal">What the ratio of each row is to reach; null where nothing is asked.</param>
internal sealed record Comparison(PeerVariant Peer, PeerVariant? Ours, double MeanGoal, double? LeastGoal = null);

/// <summary>A bound that a figure is to keep.</summary>
internal sealed record Goal(double Bound, bool AtMost = false)
{
    public bool IsMet(double value) => AtMost ? value <= Bound : value >= Bound;
}
