using System.Text.Json.Serialization;
using CovidCt.Evaluation;
using CovidCt.Maps;

namespace CovidCt.Records;

/// <summary>An image that was explained, as <c>maps.json</c> lists it; its pictures lie beside that file.</summary>
public sealed record MapEntry
{
    /// <summary>The image, relative to the data set's root.</summary>
    public required string Path { get; init; }

    /// <summary>The name of its actual class.</summary>
    public required string Label { get; init; }

    /// <summary>The name of the class that the network gave.</summary>
    public required string Predicted { get; init; }

    /// <summary>Of the positive class, as in <see cref="Prediction"/>; in [0, 1].</summary>
    public required double Probability { get; init; }

    /// <summary>The name of the class that the map is of.</summary>
    public required string ExplainedClass { get; init; }

    /// <summary>How the map was made.</summary>
    public required CamMethod Method { get; init; }

    /// <summary>The explained layer; null for the feature map that global pooling receives.</summary>
    public string? Layer { get; init; }

    /// <summary>The name of a PNG file of the image.</summary>
    public required string Original { get; init; }

    /// <summary>The name of a PNG file of the image under its map.</summary>
    public required string Overlay { get; init; }

    /// <summary>
    /// The full path of the folder that the pictures lie in, where a <see cref="StudyReport"/> found them there; else empty.
    /// </summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>The path of <see cref="Original"/>.</summary>
    public string OriginalFile => System.IO.Path.Combine(Folder, Original);

    /// <summary>The path of <see cref="Overlay"/>.</summary>
    public string OverlayFile => System.IO.Path.Combine(Folder, Overlay);

    /// <summary>The method as papers write it, such as <c>Grad-CAM</c>.</summary>
    public string MethodName => Method.InPapers();

    /// <summary>Whether the network gave another class than the actual one.</summary>
    public bool IsMisclassified => Predicted != Label;

    /// <summary>How sure the network was, as <see cref="Prediction.Sureness"/> has it.</summary>
    public double Sureness => DecisionThreshold.Sureness(Probability);

    /// <summary>Reads <c>maps.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static IReadOnlyList<MapEntry> Read(string path)
    {
        var entries = JsonFiles.Read(path, RecordsJson.Files.IReadOnlyListMapEntry, "is no list of maps");
        return entries.Contains(null)
            ? throw new InvalidDataException($"{path} is no list of maps: an entry is null")
            : [.. entries.OfType<MapEntry>()];
    }

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entries">The images, in the order of the pictures.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Write(string path, IReadOnlyList<MapEntry> entries) =>
        JsonFiles.Write(path, entries, RecordsJson.Files.IReadOnlyListMapEntry);
}
