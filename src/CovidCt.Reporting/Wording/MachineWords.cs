using System.Globalization;
using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>Versions and machines in words; of several, each value once.</summary>
internal static class MachineWords
{
    private const string NotRecorded = "not recorded";

    private static readonly (string Name, Func<MachineFacts, string?> Of)[] Known =
    [
        ("Device", machine => machine.Device),
        ("Cores", machine => machine.Cores?.ToString(CultureInfo.InvariantCulture)),
        ("Threads", machine => machine.Threads?.ToString(CultureInfo.InvariantCulture)),
        ("Instruction set", machine => machine.InstructionSet),
        ("System", machine => machine.System),
    ];

    /// <summary>The parts of the program and what they ran on, each with its name.</summary>
    public static IEnumerable<(string Name, string Value)> All(IReadOnlyList<MachineFacts> machines) =>
    [
        .. Software(machines).Select(part => (part.Name, part.Version)),
        .. Hardware(machines).Select(fact => (fact.Name, fact.Value ?? NotRecorded)),
    ];

    /// <summary>"CovidCt 0.1.0, TorchSharp 0.107.0": what the figures were made with.</summary>
    public static string Versions(IReadOnlyList<MachineFacts> machines) =>
        string.Join(", ", Software(machines).Select(part => $"{part.Name} {part.Version}"));

    /// <summary>"device cpu, cores 2": what of the machines is known.</summary>
    public static string Machine(IReadOnlyList<MachineFacts> machines) =>
        string.Join(", ", Hardware(machines).Where(fact => fact.Value is not null)
            .Select(fact => $"{fact.Name.ToLowerInvariant()} {fact.Value}"));

    private static IEnumerable<(string Name, string Version)> Software(IReadOnlyList<MachineFacts> machines) =>
        machines.SelectMany(machine => machine.Software).Distinct();

    private static IEnumerable<(string Name, string? Value)> Hardware(IReadOnlyList<MachineFacts> machines) => Known.Select(fact =>
    {
        List<string> values = [.. machines.Select(fact.Of).OfType<string>().Distinct()];
        return (fact.Name, values.Count == 0 ? null : string.Join("; ", values));
    });
}
