namespace CovidCt.Data;

/// <summary>An image that is to be answered about.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Patient">Whose image it is; null where that is unknown.</param>
/// <param name="Label">The name of its class; null where that is unknown.</param>
public sealed record ListedImage(string Path, string? Patient, string? Label);
