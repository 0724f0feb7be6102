namespace CovidCt.Records;

/// <summary>How far the runs of a prepared study are, and who has them. To ask changes nothing in the folder.</summary>
/// <param name="Layout">Where the study lies.</param>
/// <param name="Runs">Its runs, in the order of the plan.</param>
public sealed record StudyStatus(StudyLayout Layout, IReadOnlyList<StudyStatus.Run> Runs)
{
    // NFS keeps what isn't there in mind for up to a minute.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(90), Pause = TimeSpan.FromSeconds(1);

    /// <summary>Whether no run needs training any more.</summary>
    public bool IsTrained => Runs.All(run => run.State == State.Finished);

    /// <summary>The runs that aren't finished.</summary>
    public IEnumerable<Run> Open => Runs.Where(run => run.State != State.Finished);

    /// <summary>
    /// On what kinds of machine its runs were begun, as far as bits may depend on it: each by its build, instruction set and device. More
    /// than one may give other bits than a single one would.
    /// </summary>
    public IReadOnlyList<MachineFacts> Machines =>
    [
        .. Runs.Select(run => run.Machine).OfType<MachineFacts>()
            .DistinctBy(machine => (machine.Build, machine.InstructionSet, machine.Device)),
    ];

    /// <summary>Looks how far a study is.</summary>
    /// <param name="folder">The folder of a study that was prepared.</param>
    /// <exception cref="RunFolderException">There is none, or a file of it is damaged.</exception>
    /// <exception cref="InvalidDataException">The plan is damaged; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static StudyStatus Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var layout = new StudyLayout(Path.GetFullPath(folder));
        return new(layout, [.. layout.ReadPlan().Runs.Select(run => Run.Of(run, run.In(layout)))]);
    }

    /// <summary>
    /// Makes sure that all runs are finished. Those whose leases say so while their files aren't seen are waited for, up to a minute and a
    /// half: another machine has just written them.
    /// </summary>
    /// <param name="folder">The folder of a study that was prepared.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="RunFolderException">
    /// Some are not; the message names them (<see cref="FolderProblem.Unfinished"/>). Or there is no such study.
    /// </exception>
    /// <exception cref="InvalidDataException">The plan is damaged; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static void RequireTrained(string folder, CancellationToken cancellationToken = default)
    {
        var begun = DateTime.UtcNow;
        var status = Read(folder);
        while (!status.IsTrained && DateTime.UtcNow - begun < LongestWait
            && status.Open.All(run => run.Lease?.Ended == LeaseRecord.Outcome.Finished))
        {
            cancellationToken.WaitHandle.WaitOne(Pause);
            cancellationToken.ThrowIfCancellationRequested();
            status = Read(folder);
        }

        if (!status.IsTrained)
        {
            throw new RunFolderException(
                $"{status.Open.Count()} of {status.Runs.Count} runs of {status.Layout.Root} are not finished: "
                    + $"{string.Join(", ", status.Open.Select(Named))}.",
                FolderProblem.Unfinished);
        }

        static string Named(Run run) => run.State switch
        {
            State.UnderWay => $"{run.Planned} (under way)",
            State.Failed => $"{run.Planned} (failed)",
            _ => run.Planned.Name,
        };
    }

    /// <summary>How far a run is.</summary>
    /// <param name="Planned">The run.</param>
    /// <param name="State">How far it is.</param>
    /// <param name="Lease">Who has it, or had it last; null where nobody did.</param>
    /// <param name="Machine">On what it was begun; null where it wasn't.</param>
    public sealed record Run(PlannedRun Planned, State State, LeaseRecord? Lease, MachineFacts? Machine)
    {
        internal static Run Of(PlannedRun run, RunLayout layout)
        {
            var lease = LeaseRecord.Last(layout.Leases);
            var state = layout.IsFinished ? State.Finished : lease switch
            {
                null => State.Waiting,
                { Ended: LeaseRecord.Outcome.Failed } => State.Failed,
                { Ended: not null } => State.Stopped,
                { IsGone: true } => State.Stale,
                // By this machine's clock: to ask the file server's, a file would have to be written.
                _ => DateTime.UtcNow - lease.Written > TimeSpan.FromSeconds(lease.Seconds) ? State.Stale : State.UnderWay,
            };
            var isBegun = layout.Sums.Has(layout.Configuration);
            return new(run, state, lease, isBegun ? StudyConfiguration.ReadRun(layout.Configuration).Machine : null);
        }
    }

    /// <summary>How far a run is.</summary>
    public enum State
    {
        /// <summary>Nobody has begun it.</summary>
        Waiting,

        /// <summary>A process trains it.</summary>
        UnderWay,

        /// <summary>Its process has ended, or gave no sign for as long as its lease says: another may take it over.</summary>
        Stale,

        /// <summary>The process that trained it was stopped; what it did is kept.</summary>
        Stopped,

        /// <summary>The process that trained it failed.</summary>
        Failed,

        /// <summary>It needs no training any more.</summary>
        Finished,
    }
}
