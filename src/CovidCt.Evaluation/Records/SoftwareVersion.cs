namespace CovidCt.Records;

/// <summary>A part of the program, and which.</summary>
/// <param name="Name">Such as <c>TorchSharp</c>.</param>
/// <param name="Version">Its version.</param>
public sealed record SoftwareVersion(string Name, string Version);
