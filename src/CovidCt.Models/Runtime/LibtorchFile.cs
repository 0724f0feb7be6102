namespace CovidCt.Models.Runtime;

/// <summary>A library of libtorch.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Symbols">How many symbols of TorchSharp's native part it defines.</param>
public sealed record LibtorchFile(string Name, int Symbols);
