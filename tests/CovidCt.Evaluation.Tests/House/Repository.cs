using System.Runtime.CompilerServices;

namespace CovidCt.Evaluation.Tests.House;

/// <summary>The sources that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder above <c>src</c> and <c>tests</c>.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    /// <summary>Every source file below <c>src</c>, by its path from there with <c>/</c>.</summary>
    public static IReadOnlyList<Source> Sources { get; } = [.. Files("*.cs").Select(file => new Source(Below(file), File.ReadAllText(file)))];

    /// <summary>Files below <c>src</c> that belong to the repository.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), pattern, SearchOption.AllDirectories)
            .Where(file => !Below(file).Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    /// <summary>The path of a file from <c>src</c>.</summary>
    public static string Below(string file) => Path.GetRelativePath(Path.Combine(Root, "src"), file).Replace('\\', '/');

    /// <summary>What a list of exceptions and the sources say differently; a list that names what is mended is wrong too.</summary>
    public static void AssertOnly(IEnumerable<string> exceptions, IEnumerable<string> found)
    {
        var (allowed, present) = (exceptions.ToHashSet(StringComparer.Ordinal), found.ToHashSet(StringComparer.Ordinal));
        var (news, mended) = (present.Except(allowed).Order(StringComparer.Ordinal).ToList(), allowed.Except(present).Order(StringComparer.Ordinal).ToList());
        Assert.True(news.Count == 0, $"Found, and not in the list:\n{string.Join('\n', news)}");
        Assert.True(mended.Count == 0, $"Mended; take out of the list:\n{string.Join('\n', mended)}");
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
