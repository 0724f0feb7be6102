namespace CovidCt.Models.Runtime;

/// <summary>What <see cref="TorchRuntime"/> found and did.</summary>
/// <param name="LibtorchFolder">The folder that libtorch was loaded from; null where it was left to the system's search.</param>
/// <param name="NativePart">The file that TorchSharp's native part was loaded from; null where nothing was loaded.</param>
/// <param name="UsesCompatibilityCopy">Whether <paramref name="NativePart"/> is the copy for an older libstdc++.</param>
/// <param name="Failure">What went wrong and what to do about it; null where all is well.</param>
public sealed record TorchRuntimeReport(string? LibtorchFolder, string? NativePart, bool UsesCompatibilityCopy, string? Failure)
{
    internal const string CudaLibrary = "libtorch_cuda.so";

    /// <summary>Whether the environment variable <c>COVIDCT_LIBTORCH</c> named the folder; else it is the application's own.</summary>
    public bool IsChosen { get; init; }

    /// <summary>The version that a chosen libtorch gives as its own; null where it gives none, or is the application's own.</summary>
    public string? LibtorchVersion { get; init; }

    /// <summary>
    /// Where a chosen libtorch defines what TorchSharp's native part needs; null for the application's own, which isn't asked.
    /// </summary>
    public LibtorchSymbols? Symbols { get; init; }

    /// <summary>CUDA's part of libtorch, by its full path; null where there is none in its folder.</summary>
    public string? CudaPart =>
        LibtorchFolder is { } folder && Path.Combine(folder, OperatingSystem.IsWindows() ? "torch_cuda.dll" : CudaLibrary) is var file
            && File.Exists(file)
            ? file
            : null;
}
