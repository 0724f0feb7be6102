using System.CommandLine;

namespace CovidCt.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<bool> Json() => new("--json") { Description = "One JSON document on standard output; all else on standard error." };
}
