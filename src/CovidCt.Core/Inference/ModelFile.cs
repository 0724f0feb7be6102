using System.Globalization;
using System.Text.Json;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Models.Weights;

namespace CovidCt.Inference;

/// <summary>What a trained network needs to be told about its input and answers, kept in its weights file's metadata.</summary>
/// <param name="Network">The published name of the network.</param>
/// <param name="Classes">The names of the classes, in the order of the logits.</param>
/// <param name="Positive">The index of the class whose probability is reported.</param>
/// <param name="Input">The size of the network's input in pixels.</param>
/// <param name="Fit">How an image was brought to that size.</param>
/// <param name="Fill">The colour of the padding.</param>
public sealed record ModelDescription(
    string Network, IReadOnlyList<string> Classes, int Positive, ImageSize Input, CanvasFit Fit, (byte R, byte G, byte B) Fill)
{
    /// <summary>Whether two networks expect and answer the same, whatever their weights.</summary>
    internal bool IsLike(ModelDescription other) => Classes.SequenceEqual(other.Classes) && this with { Classes = other.Classes } == other;
}

/// <summary>Trained networks as safetensors files that say what they are.</summary>
public static class ModelFile
{
    /// <summary>The name of the file in a run folder.</summary>
    public const string Name = "network.safetensors";

    internal const string Format = "covidct-model-1";

    /// <summary>Writes the network and its description, whole or not at all.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Save(string path, IBackbone backbone, ModelDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        BackboneWeights.Save(backbone, path, Metadata(description, Format));
    }

    /// <summary>A description as the metadata of a file in a format.</summary>
    internal static Dictionary<string, string> Metadata(ModelDescription description, string format) => new()
    {
        ["format"] = format,
        ["network"] = description.Network,
        ["classes"] = JsonSerializer.Serialize(description.Classes),
        ["positive"] = description.Positive.ToString(CultureInfo.InvariantCulture),
        ["input"] = JsonSerializer.Serialize<int[]>([description.Input.Width, description.Input.Height]),
        ["fit"] = description.Fit.ToString(),
        ["fill"] = JsonSerializer.Serialize<int[]>([description.Fill.R, description.Fill.G, description.Fill.B]),
    };

    /// <summary>Reads a description and makes its network, with the file's weights, on the CPU.</summary>
    /// <exception cref="WeightsException">The file is missing, broken, or not one that <see cref="Save"/> wrote.</exception>
    public static (ModelDescription Description, IBackbone Backbone) Load(string path, IBackboneFactory backbones)
    {
        ArgumentNullException.ThrowIfNull(backbones);
        var description = Describe(path, backbones);
        var backbone = backbones.CreateForLoading(description.Network, description.Classes.Count);
        try
        {
            BackboneWeights.Load(backbone, path);
            return (description, backbone);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Reads a description alone.</summary>
    internal static ModelDescription Describe(string path, IBackboneFactory backbones)
    {
        using var file = TensorFile.Open(path);
        try
        {
            return file.Metadata.GetValueOrDefault("format") switch
            {
                Format => Describe(file.Metadata, backbones),
                EnsembleFile.Format => throw new WeightsException($"{path} holds several networks as one. Load it with {nameof(CtEnsemble)}.{nameof(CtEnsemble.Load)}."),
                _ => throw new FormatException("Its metadata doesn't say that it is."),
            };
        }
        catch (FormatException e)
        {
            throw new WeightsException(
                $"{path} is not a trained network of this library. " +
                $"Give a run's {Name}, or plain weights together with the network's name. What is wrong: {e.Message}", e);
        }
    }

    /// <summary>Reads a description from a file's metadata.</summary>
    /// <exception cref="FormatException">It isn't there, or makes no sense.</exception>
    internal static ModelDescription Describe(IReadOnlyDictionary<string, string> metadata, IBackboneFactory backbones)
    {
        try
        {
            var classes = List<string>("classes", least: 1);
            var positive = int.Parse(metadata["positive"], CultureInfo.InvariantCulture);
            var input = List<int>("input", least: 2);
            var fill = Array.ConvertAll(List<int>("fill", least: 3), level => checked((byte)level));
            if (positive < 0 || positive >= classes.Length || input[0] < 1 || input[1] < 1)
            {
                throw new FormatException($"Its positive class is {positive} of {classes.Length}, its input {input[0]}×{input[1]}.");
            }

            return new(
                backbones.Spec(metadata["network"]).Name,
                classes,
                positive,
                new(input[0], input[1]),
                Enum.Parse<CanvasFit>(metadata["fit"]),
                (fill[0], fill[1], fill[2]));
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or ArgumentException or OverflowException)
        {
            throw new FormatException(e.Message, e);
        }

        T[] List<T>(string name, int least) => JsonSerializer.Deserialize<T[]>(metadata[name]) is { } list && list.Length >= least && !list.Any(item => item is null)
            ? list
            : throw new FormatException($"Its {name} are {metadata[name]}.");
    }
}
