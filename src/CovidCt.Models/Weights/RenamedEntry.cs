namespace CovidCt.Models.Weights;

/// <summary>An entry under the file's name and the network's.</summary>
/// <param name="From">The name in the file.</param>
/// <param name="To">The name in the network's state_dict.</param>
public sealed record RenamedEntry(string From, string To);
