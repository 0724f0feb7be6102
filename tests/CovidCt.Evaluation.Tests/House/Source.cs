using System.Text.RegularExpressions;

namespace CovidCt.Evaluation.Tests.House;

/// <summary>A source file.</summary>
/// <param name="Path">From <c>src</c>, with <c>/</c>.</param>
/// <param name="Text">All of it.</param>
internal sealed partial record Source(string Path, string Text)
{
    /// <summary>The namespace; empty in a program's only statements.</summary>
    public string Namespace { get; } = NamespaceLine().Match(Text).Groups[1].Value;

    /// <summary>The folder as rooms are called: <c>Core/Studies</c>.</summary>
    public string Folder { get; } = string.Join('/', Path.Split('/')[..^1]).Replace("CovidCt.", "", StringComparison.Ordinal);

    /// <summary>The types that are declared at the outermost level, with what stands before their kind.</summary>
    public IReadOnlyList<(string Name, bool IsPublic)> Types { get; } =
        [.. TypeLine().Matches(Text).Select(match => (match.Groups["name"].Value, match.Groups["before"].Value.Contains("public", StringComparison.Ordinal)))];

    /// <summary>The namespaces that are imported, those of types imported statically too.</summary>
    public IEnumerable<string> Usings => UsingLine().Matches(Text).Select(match => match.Groups[1].Value);

    /// <summary>Names in code and in the documentation's references, without what stands in comments and after a point.</summary>
    public IEnumerable<string> Names => Name().Matches(Code).Select(match => match.Value);

    /// <summary>Pairs such as <c>Studies.CrossValidator</c> in code and in the documentation's references.</summary>
    public IEnumerable<(string Before, string After)> Pairs => Pair().Matches(Code).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    private string Code => field ??= string.Join('\n', Text.Split('\n').Select(line => line.TrimStart() switch
    {
        ['/', '/', '/', ..] => string.Join(' ', Reference().Matches(line).Select(match => match.Groups[1].Value)),
        ['/', '/', ..] => "",
        var code => StringLiteral().Replace(code, "\"\""),
    }));

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(
        @"^(?<before>(?:(?:public|internal|sealed|static|abstract|readonly|partial|ref|unsafe|file) )*)"
        + @"(?:class|record struct|record class|record|struct|interface|enum|delegate [\w<>\[\]?., ]+?) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^using (?:static )?(CovidCt[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?<![\w])([A-Z]\w*)\.([A-Z]\w*)")]
    private static partial Regex Pair();

    [GeneratedRegex("cref=\"([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("(?<!\\$)\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex StringLiteral();
}
