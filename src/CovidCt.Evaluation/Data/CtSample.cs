namespace CovidCt.Data;

/// <summary>One image of a data set.</summary>
/// <param name="Path">Relative to the data set's root, with <c>/</c> between folders.</param>
/// <param name="Label">The index of its class in <see cref="CtDataset.Classes"/>.</param>
/// <param name="Patient">Whose slice it is, unique over the whole data set; null where that is unknown.</param>
/// <param name="Split">The part of a published split it belongs to: <c>train</c>, <c>val</c> or <c>test</c>; null without one.</param>
public sealed record CtSample(string Path, int Label, string? Patient, string? Split)
{
    /// <summary>
    /// The picture in which an expert marked what speaks for the label: relative to the data set's root, as large as the
    /// image, marked where it is not black; null where nothing is marked.
    /// </summary>
    public string? Findings { get; init; }

    /// <summary>Where it comes from: a hospital, a scanner, a publication; null where that is unknown.</summary>
    public string? Source { get; init; }

    /// <summary>The collection that its source belongs to, such as one archive of several; null where that is unknown.</summary>
    public string? Collection { get; init; }
}
