namespace CovidCt.Cli.Tests;

/// <summary>A copy of the built program that has no libtorch beside it, as an application has it that references none.</summary>
public sealed class ProgramWithoutLibtorch : IDisposable
{
    private readonly Workplace _place = new();

    public ProgramWithoutLibtorch() => Folder = CopyTo(_place.PathOf("program"));

    /// <summary>The folder that the program lies in.</summary>
    public string Folder { get; }

    /// <summary>Makes the copy and gives its folder.</summary>
    public static string CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Workplace.Program, "*", SearchOption.AllDirectories).Where(file => !IsLibtorch(Path.GetFileName(file))))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Workplace.Program, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder;
    }

    public void Dispose() => _place.Dispose();

    private static bool IsLibtorch(string name) =>
        name.StartsWith("libtorch", StringComparison.Ordinal) || name.StartsWith("libc10", StringComparison.Ordinal) || name.StartsWith("torch", StringComparison.Ordinal);
}
