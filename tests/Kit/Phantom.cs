using System.Collections.Concurrent;
using CovidCt.Phantoms;

namespace CovidCt.Tests;

/// <summary>Phantom data sets for tests, each drawn once: equal options give equal bytes, which PhantomDatasetTests holds.</summary>
internal static class Phantom
{
    private static readonly ConcurrentDictionary<(int Patients, int Seed), Lazy<IReadOnlyList<(string Path, byte[] Content)>>> Drawn = new();

    /// <summary>Writes what <see cref="PhantomDataset.Write"/> does.</summary>
    public static void Write(string folder, int patients, int seed = 0)
    {
        foreach (var (path, content) in Drawn.GetOrAdd((patients, seed), key => new(() => Draw(key.Patients, key.Seed))).Value)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }
    }

    private static List<(string Path, byte[] Content)> Draw(int patients, int seed)
    {
        using var folder = new TemporaryFolder();
        PhantomDataset.Write(folder.Path, new PhantomOptions { Patients = patients, Seed = seed });
        return
        [
            .. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
                .Select(file => (Path.GetRelativePath(folder.Path, file), File.ReadAllBytes(file))),
        ];
    }
}
