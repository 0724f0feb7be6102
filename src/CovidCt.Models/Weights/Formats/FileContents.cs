namespace CovidCt.Models.Weights.Formats;

/// <summary>What a file says that it holds, checked against its length.</summary>
/// <param name="Entries">The tensors in the file's order.</param>
/// <param name="Metadata">Free text beside them.</param>
/// <param name="Container">Where in a checkpoint the state_dict was, such as <c>model</c>; null where it is all there is.</param>
internal sealed record FileContents(
    IReadOnlyList<TensorFile.Entry> Entries,
    IReadOnlyDictionary<string, string> Metadata,
    string? Container = null)
{
    /// <summary>The most tensors of a file: many times those of the largest networks, and little memory.</summary>
    public const int MostEntries = 100_000;

    /// <summary>The most dimensions of a tensor, as libtorch's operators have it.</summary>
    public const int MostDimensions = 64;
}
