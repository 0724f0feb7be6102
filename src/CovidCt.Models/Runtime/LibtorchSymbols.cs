namespace CovidCt.Models.Runtime;

/// <summary>How the symbols that TorchSharp's native part leaves to libtorch are defined by a libtorch.</summary>
/// <param name="Needed">The number of symbols that have to be there.</param>
/// <param name="Missing">Those that no library of the folder defines, as the compiler spells them; empty where the two fit.</param>
/// <param name="Files">The libraries that the loader goes through, in its order, with the number of symbols that each defines.</param>
internal sealed record LibtorchSymbols(int Needed, IReadOnlyList<string> Missing, IReadOnlyList<(string Name, int Symbols)> Files)
{
    /// <summary>Resolves them from the files, without loading anything.</summary>
    /// <remarks>
    /// The loader looks through what the native part needs, then through what those need in turn; here too, as far as it lies
    /// in the folder. Symbols with a version (GLIBC, GLIBCXX, GCC, ...) belong to the system's libraries, and weak ones may be
    /// missing.
    /// </remarks>
    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="InvalidDataException">A file is no library, is for another processor, is cut short or damaged.</exception>
    public static LibtorchSymbols Resolve(string nativePart, string folder)
    {
        using var native = ElfFile.Open(nativePart);
        var libraries = new List<(string Name, ElfFile File)>();
        try
        {
            var names = new Queue<string>(native.Needed);
            var known = new HashSet<string>(StringComparer.Ordinal);
            while (names.TryDequeue(out var name))
            {
                var path = Path.Combine(folder, name);
                if (!known.Add(name) || name.Contains('/', StringComparison.Ordinal) || !File.Exists(path))
                {
                    continue;
                }

                var library = ElfFile.Open(path);
                libraries.Add((name, library));
                Check(native, library, path);
                foreach (var next in library.Needed)
                {
                    names.Enqueue(next);
                }
            }

            return Resolve(native, libraries);
        }
        finally
        {
            libraries.ForEach(library => library.File.Dispose());
        }
    }

    private static LibtorchSymbols Resolve(ElfFile native, List<(string Name, ElfFile File)> libraries)
    {
        var needed = native.UndefinedSymbols().Where(symbol => symbol is { IsWeak: false, HasVersion: false }).Select(symbol => symbol.Name)
            .ToList();
        var missing = new List<string>();
        var defined = new int[libraries.Count];
        foreach (var symbol in needed)
        {
            if (libraries.FindIndex(library => library.File.Defines(symbol)) is >= 0 and var index)
            {
                defined[index]++;
            }
            else
            {
                missing.Add(symbol);
            }
        }

        return new(needed.Count, missing, [.. libraries.Select((library, i) => (library.Name, defined[i]))]);
    }

    private static void Check(ElfFile native, ElfFile library, string path)
    {
        if (library.Processor != native.Processor)
        {
            throw new InvalidDataException(
                $"{path} is for another processor (ELF machine {library.Processor}) than TorchSharp's native part (ELF machine "
                    + $"{native.Processor}).");
        }
    }
}
