using CovidCt.Answers;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Records;

namespace CovidCt.Inference;

/// <summary>Trained networks as safetensors files that say what they are.</summary>
internal static class ModelFile
{
    internal const string Format = "covidct-model-1";

    /// <summary>Writes the network and its description, whole or not at all.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Save(string path, IBackbone backbone, ModelDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        BackboneWeights.Save(backbone, path, description.ToMetadata(Format));
    }

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

    /// <summary>Reads a description from a file's metadata, of a network that can be made.</summary>
    /// <exception cref="FormatException">It isn't there, or makes no sense.</exception>
    internal static ModelDescription Describe(IReadOnlyDictionary<string, string> metadata, IBackboneFactory backbones)
    {
        var description = ModelDescription.FromMetadata(metadata);
        try
        {
            return description with { Network = backbones.Spec(description.Network).Name };
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static ModelDescription Describe(string path, IBackboneFactory backbones)
    {
        using var file = TensorFile.Open(path);
        try
        {
            return file.Metadata.GetValueOrDefault("format") switch
            {
                Format => Describe(file.Metadata, backbones),
                EnsembleFile.Format => throw new WeightsException(
                    $"{path} holds several networks as one. Load it with {nameof(CtEnsemble)}.{nameof(CtEnsemble.Load)}."),
                _ => throw new FormatException("Its metadata doesn't say that it is."),
            };
        }
        catch (FormatException e)
        {
            throw new WeightsException(
                $"{path} is not a trained network of this library. " +
                $"Give a run's {RunLayout.NetworkName}, or plain weights together with the network's name. What is wrong: {e.Message}", e);
        }
    }
}
