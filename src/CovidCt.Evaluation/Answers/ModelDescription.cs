using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Networks;

namespace CovidCt.Answers;

/// <summary>What a trained network needs to be told about its input and answers, kept in its weights file's metadata.</summary>
/// <param name="Network">The published name of the network.</param>
/// <param name="Classes">The names of the classes, in the order of the logits.</param>
/// <param name="Positive">The index of the class whose probability is reported.</param>
/// <param name="Input">The size of the network's input in pixels.</param>
/// <param name="Fit">How an image was brought to that size.</param>
/// <param name="Fill">The colour of the padding.</param>
public sealed partial record ModelDescription(
    string Network, IReadOnlyList<string> Classes, int Positive, ImageSize Input, CanvasFit Fit, (byte R, byte G, byte B) Fill)
{
    /// <summary>
    /// How many bits were significant of the 16-bit samples of its training images, 8 to 16, where their files didn't say it; null where no
    /// image was such.
    /// </summary>
    public int? SampleBits { get; init; }

    /// <summary>Of an ensemble of a study's networks, how many folds there are of each seed; null of others.</summary>
    public int? Folds { get; init; }

    /// <summary>Of an ensemble of a study's networks, from how many seeds each fold's were trained; null of others.</summary>
    public int? Seeds { get; init; }

    private const string SafetensorsMetadata = "__metadata__";
    private const string SampleBitsName = "sampleBits", FoldsName = "folds", SeedsName = "seeds";
    private const int LongestHeader = 100_000_000;

    /// <summary>Whether two networks expect and answer the same, whatever their weights and however many they are.</summary>
    /// <param name="other">The other's description.</param>
    public bool IsLike(ModelDescription other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Classes.SequenceEqual(other.Classes)
            && this with { Classes = other.Classes, Folds = other.Folds, Seeds = other.Seeds } == other;
    }

    /// <summary>The index of the class that a probability stands for, of two: from one half on, the positive one.</summary>
    /// <param name="probability">Of the positive class, in [0, 1].</param>
    public int ClassOf(double probability) => DecisionThreshold.IsPositive(probability) ? Positive : 1 - Positive;

    /// <summary>The description as the metadata of a file.</summary>
    /// <param name="format">What the file says that it is.</param>
    public IReadOnlyDictionary<string, string> ToMetadata(string format)
    {
        var metadata = Metadata(format);
        foreach (var (name, number) in ((string, int?)[])[(SampleBitsName, SampleBits), (FoldsName, Folds), (SeedsName, Seeds)])
        {
            if (number is { } known)
            {
                metadata[name] = known.ToString(CultureInfo.InvariantCulture);
            }
        }

        return metadata;
    }

    private Dictionary<string, string> Metadata(string format) => new()
    {
        ["format"] = format,
        ["network"] = Network,
        ["classes"] = JsonSerializer.Serialize(Classes, Json.Default.IReadOnlyListString),
        ["positive"] = Positive.ToString(CultureInfo.InvariantCulture),
        ["input"] = JsonSerializer.Serialize([Input.Width, Input.Height], Json.Default.Int32Array),
        ["fit"] = Fit.ToString(),
        ["fill"] = JsonSerializer.Serialize([Fill.R, Fill.G, Fill.B], Json.Default.Int32Array),
    };

    /// <summary>Reads a description from a file's metadata.</summary>
    /// <param name="metadata">As <see cref="ToMetadata"/> has it.</param>
    /// <exception cref="FormatException">It isn't there, or makes no sense.</exception>
    public static ModelDescription FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        try
        {
            var classes = List("classes", Json.Default.StringArray, least: 1);
            var positive = int.Parse(metadata["positive"], CultureInfo.InvariantCulture);
            var input = List("input", Json.Default.Int32Array, least: 2);
            var fill = Array.ConvertAll(List("fill", Json.Default.Int32Array, least: 3), level => checked((byte)level));
            var fit = Enum.Parse<CanvasFit>(metadata["fit"]);
            if (positive < 0 || positive >= classes.Length || input[0] < 1 || input[1] < 1 || !Enum.IsDefined(fit))
            {
                throw new FormatException(
                    $"Its positive class is {positive} of {classes.Length}, its input {input[0]}×{input[1]}, its fit {fit}.");
            }

            return new(
                metadata["network"], classes, positive, new(input[0], input[1]), fit,
                (fill[0], fill[1], fill[2]))
            {
                SampleBits = Number(SampleBitsName) is null or (>= 8 and <= 16)
                    ? Number(SampleBitsName)
                    : throw new FormatException($"Its samples have {metadata[SampleBitsName]} significant bits."),
                Folds = Counted(FoldsName),
                Seeds = Counted(SeedsName),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or ArgumentException or OverflowException)
        {
            throw new FormatException(e.Message, e);
        }

        int? Number(string name) =>
            metadata.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;

        int? Counted(string name) =>
            Number(name) is null or > 0 ? Number(name) : throw new FormatException($"Its {name} are {metadata[name]}.");

        T[] List<T>(string name, JsonTypeInfo<T[]> type, int least) => JsonSerializer.Deserialize(metadata[name], type) is { } list
            && list.Length >= least && !list.Any(item => item is null)
            ? list
            : throw new FormatException($"Its {name} are {metadata[name]}.");
    }

    /// <summary>Reads the description of a trained network from its safetensors file, without a tensor of it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">The file is missing, broken, or says nothing of the kind.</exception>
    public static ModelDescription Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            file.ReadExactly(prefix);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (length > LongestHeader)
            {
                throw new FormatException($"Its header takes {length} bytes, and {LongestHeader} is the limit.");
            }

            var header = new byte[length];
            file.ReadExactly(header);
            using var json = JsonDocument.Parse(header);
            return FromMetadata(json.RootElement.GetProperty(SafetensorsMetadata).Deserialize(Json.Default.DictionaryStringString)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException
            or KeyNotFoundException or InvalidOperationException)
        {
            throw new WeightsException($"{path} can't be read as a trained network: {e.Message}", e);
        }
    }

    [JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
    [JsonSerializable(typeof(Dictionary<string, string>))]
    [JsonSerializable(typeof(IReadOnlyList<string>))]
    [JsonSerializable(typeof(int[]))]
    [JsonSerializable(typeof(string[]))]
    private sealed partial class Json : JsonSerializerContext;
}
