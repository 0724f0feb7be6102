namespace CovidCt.Models.Weights;

/// <summary>How the entries of a file go with those of a network: what was mapped, skipped and newly made.</summary>
/// <param name="Network">The network's published name.</param>
/// <param name="Path">The file.</param>
/// <param name="FileClasses">The number of classes that the file's head was made for.</param>
/// <param name="Classes">The number of classes of the network.</param>
public sealed record WeightsMatch(string Network, string Path, int FileClasses, int Classes)
{
    /// <summary>Where in a PyTorch checkpoint the state_dict was, such as <c>model</c>; null where it is all there is.</summary>
    public string? Container { get; init; }

    /// <summary>How many of the network's entries get their values from the file.</summary>
    public int Loaded { get; init; }

    /// <summary>Entries that the file spells or shapes otherwise than torchvision and timm do today.</summary>
    public IReadOnlyList<(string From, string To)> Renamed { get; init; } = [];

    /// <summary>The file's entries that the network has no use for: those of a head for another number of classes.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>
    /// The network's entries that the file has no values for: a new head; InceptionV3's auxiliary head where the file has
    /// none; the batch counters that files from before PyTorch 0.4.1 lack, which then are 0.
    /// </summary>
    public IReadOnlyList<string> Fresh { get; init; } = [];

    /// <summary>The same in a sentence or two.</summary>
    public override string ToString()
    {
        var sentences = new List<string>
        {
            $"{Network}: {Loaded} entries from {Path}{(Container is null ? "" : $", its '{Container}'")}.",
        };
        Add("renamed", [.. Renamed.Select(entry => $"{entry.From} to {entry.To}")]);
        Add("skipped", Skipped);
        Add("not in the file and new", Fresh);
        return string.Join(" ", sentences);

        void Add(string what, IReadOnlyList<string> entries)
        {
            if (entries.Count > 0)
            {
                sentences.Add($"{entries.Count} {what}, such as {entries[0]}.");
            }
        }
    }
}
