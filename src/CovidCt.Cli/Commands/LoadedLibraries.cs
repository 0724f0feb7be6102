namespace CovidCt.Cli.Commands;

/// <summary>The native libraries that are in this process, by what Linux says of its memory.</summary>
internal static class LoadedLibraries
{
    private static readonly string[] Kinds = ["libtorch_cpu.so", "libLibTorchSharp", "libgomp", "libomp", "libiomp"];

    /// <summary>Those of which there must not be two: libtorch, TorchSharp's native part, and OpenMP; null where it isn't known.</summary>
    public static IReadOnlyList<string>? ThatMustBeSingle()
    {
        const string maps = "/proc/self/maps";
        return OperatingSystem.IsLinux() && File.Exists(maps)
            ? [.. File.ReadLines(maps).Select(PathOf).Where(IsOfKind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : null;
    }

    /// <summary>Which of them do the same work twice.</summary>
    public static IEnumerable<string> Doubles(IReadOnlyList<string> libraries)
    {
        var torch = libraries.Where(library => Path.GetFileName(library).StartsWith(Kinds[0], StringComparison.Ordinal)).ToList();
        var native = libraries.Where(library => Path.GetFileName(library).StartsWith(Kinds[1], StringComparison.Ordinal)).ToList();
        var openMp = libraries.Except(torch).Except(native).ToList();
        return new[] { torch, native, openMp }.Where(group => group.Count > 1).SelectMany(group => group);
    }

    private static string PathOf(string line) => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var start ? line[start..] : "";

    private static bool IsOfKind(string path) =>
        Array.Exists(Kinds, kind => Path.GetFileName(path).StartsWith(kind, StringComparison.Ordinal));
}
