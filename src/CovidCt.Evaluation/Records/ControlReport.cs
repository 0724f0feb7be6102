using System.Text.Json;
using System.Text.Json.Nodes;

namespace CovidCt.Records;

/// <summary>The controls of a study: what <c>controls.json</c> holds.</summary>
/// <param name="Draws">How often random labels were drawn.</param>
/// <param name="Seed">The seed of labels and folds.</param>
/// <param name="Networks">In the study's order.</param>
public sealed record ControlReport(int Draws, int Seed, IReadOnlyList<NetworkControls> Networks)
{
    /// <summary>How often folds were drawn, by the seeds from <see cref="Seed"/> on.</summary>
    public int FoldDraws { get; init; } = 1;

    /// <summary>The document as a tree.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, JsonFiles.Options)!.AsObject();

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(string path) => JsonFiles.Write(path, this);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static ControlReport Read(string path) => JsonFiles.Read<ControlReport>(path, "holds no controls of a study");
}
