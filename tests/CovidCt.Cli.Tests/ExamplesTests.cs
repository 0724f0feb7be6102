using System.CommandLine;
using System.CommandLine.Parsing;
using CovidCt.Cli.Commands;
using CovidCt.Cli.Output;

namespace CovidCt.Cli.Tests;

public sealed class ExamplesTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    public static TheoryData<string> Paths => [.. All(Root(), "")];

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_help_of_a_command_ends_with_an_example_that_it_takes(string path)
    {
        var example = Examples.Of(path);
        var parsed = Root().Parse([.. CommandLineParser.SplitCommandLine(example).Skip(1)], CommandLine.Parsing);
        var help = _place.Run([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Exits(0);

        Assert.Empty(parsed.Errors);
        Assert.StartsWith($"{path} ".TrimStart(), CommandLine.PathOf(parsed.CommandResult), StringComparison.Ordinal);
        Assert.Equal(["Example:", $"  {example}"], help.Output.TrimEnd().Split(Environment.NewLine)[^2..]);
    }

    private static RootCommand Root() => CommandLine.Root(new ConsoleOutput(TextWriter.Null, TextWriter.Null, isTerminal: false, json: false), default);

    private static IEnumerable<string> All(Command command, string path) =>
        [path, .. command.Subcommands.SelectMany(sub => All(sub, $"{path} {sub.Name}".TrimStart()))];
}
