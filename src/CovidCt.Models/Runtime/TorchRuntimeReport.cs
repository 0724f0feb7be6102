namespace CovidCt.Models.Runtime;

/// <summary>What <see cref="TorchRuntime"/> found and did.</summary>
/// <param name="LibtorchFolder">The folder that libtorch was loaded from; null where it was left to the system's search.</param>
/// <param name="NativePart">The file that TorchSharp's native part was loaded from; null where nothing was loaded.</param>
/// <param name="UsesCompatibilityCopy">Whether <paramref name="NativePart"/> is the copy for an older libstdc++.</param>
/// <param name="Failure">What went wrong and what to do about it; null where all is well.</param>
public sealed record TorchRuntimeReport(string? LibtorchFolder, string? NativePart, bool UsesCompatibilityCopy, string? Failure)
{
    internal const string CudaLibrary = "libtorch_cuda.so";

    /// <summary>Whether there is no libtorch: none beside the application, and none that was chosen.</summary>
    public bool IsLibtorchMissing { get; init; }

    /// <summary>Whether the environment variable <c>COVIDCT_LIBTORCH</c> named the folder; else it is the application's own.</summary>
    public bool IsChosen { get; init; }

    /// <summary>The version that a chosen libtorch gives as its own; null where it gives none, or is the application's own.</summary>
    public string? LibtorchVersion { get; init; }

    /// <summary>
    /// The number of symbols that TorchSharp's native part needs of libtorch; null where they were not looked up, as for the application's
    /// own libtorch, unless <see cref="TorchRuntime.ResolveSymbols"/> did.
    /// </summary>
    public int? SymbolsNeeded => Symbols?.Needed;

    /// <summary>Those of them that no library of the folder defines, as the compiler spells them; empty where the two fit.</summary>
    public IReadOnlyList<string> SymbolsMissing => Symbols?.Missing ?? [];

    /// <summary>The libraries that the loader goes through, in its order, with the number of those symbols that each defines.</summary>
    public IReadOnlyList<(string Name, int Symbols)> SymbolsByLibrary => Symbols?.Files ?? [];

    /// <summary>All three.</summary>
    internal LibtorchSymbols? Symbols { get; init; }

    /// <summary>CUDA's part of libtorch, by its full path; null where there is none in its folder.</summary>
    public string? CudaPart =>
        LibtorchFolder is { } folder && Path.Combine(folder, OperatingSystem.IsWindows() ? "torch_cuda.dll" : CudaLibrary) is var file
            && File.Exists(file)
            ? file
            : null;
}
