using System.Text.Json.Serialization;

namespace CovidCt.Records;

/// <summary>
/// On what a study or a run was computed: what may decide bits, and what explains its time. What an older version left no word
/// of is null. Where the data lay is not part of it: a report may be shown to anyone.
/// </summary>
public sealed record MachineFacts
{
    /// <summary>The threads of libtorch.</summary>
    public int? Threads { get; init; }

    /// <summary>The parts of the program, each with its version, with commas between: <see cref="Software"/>.</summary>
    public string? Build { get; init; }

    /// <summary>The widest instructions of the processor, such as <c>avx2</c>.</summary>
    public string? InstructionSet { get; init; }

    /// <summary>Where tensors lay: <c>cpu</c> or <c>cuda</c>.</summary>
    public string? Device { get; init; }

    /// <summary>The processors that the system showed.</summary>
    public int? Cores { get; init; }

    /// <summary>The operating system.</summary>
    public string? System { get; init; }

    /// <summary>The parts of <see cref="Build"/>.</summary>
    [JsonIgnore] // A list is written even where it can only be read.
    public IReadOnlyList<(string Name, string Version)> Software =>
        [.. (Build ?? "").Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Part)];

    private static (string Name, string Version) Part(string part) =>
        part.Split(' ', 2) is [var name, var version] ? (name, version) : ("Build", part);
}
