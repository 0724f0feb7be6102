using static TorchSharp.torch;

namespace CovidCt.Models.Weights;

/// <summary>Weights from safetensors files and back, strictly: a file fits a network entry for entry, or not at all.</summary>
public static class BackboneWeights
{
    private const int MostNamed = 10;

    /// <summary>Loads a file whose entries are the network's own, the number of classes included.</summary>
    /// <remarks>
    /// Floating types are converted to the network's, and whole numbers to int64. Everything is checked and read before
    /// the network is touched.
    /// </remarks>
    /// <exception cref="WeightsException">
    /// The file can't be read, or doesn't fit: every missing, unexpected and misshapen entry is in the exception.
    /// </exception>
    public static void Load(IBackbone backbone, string path)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        using var file = SafetensorsFile.Open(path);
        Load(backbone, file);
    }

    /// <summary>Makes a network with the weights of a file, whatever number of classes the file was made for.</summary>
    /// <param name="factory">Makes the network.</param>
    /// <param name="name">Its published name.</param>
    /// <param name="path">The safetensors file.</param>
    /// <param name="classes">The number of classes wanted; where the file has another, its head is replaced. Null keeps the file's own.</param>
    /// <param name="seed">The seed of a new head's initial values.</param>
    /// <exception cref="ArgumentException">No network has that name.</exception>
    /// <exception cref="WeightsException">The file can't be read, or holds another network's weights.</exception>
    public static IBackbone LoadPretrained(IBackboneFactory factory, string name, string path, int? classes = null, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(factory);
        using var file = SafetensorsFile.Open(path);
        var backbone = factory.Create(name, classes ?? 1, seed);
        try
        {
            var own = ClassesOf(file, backbone);
            if (own != backbone.Classes)
            {
                backbone.ReplaceHead(own, seed);
            }

            Load(backbone, file);
            if (classes is { } wanted && wanted != own)
            {
                backbone.ReplaceHead(wanted, seed);
            }

            return backbone;
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Saves a network's state_dict under its published keys, whole or not at all.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="metadata">Free text to keep with the weights.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Save(IBackbone backbone, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        SafetensorsFile.Write(path, backbone.Network.state_dict().Select(entry => (entry.Key, entry.Value)), metadata);
    }

    private static void Load(IBackbone backbone, SafetensorsFile file)
    {
        var state = backbone.Network.state_dict();
        Check(backbone, state, file);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var values = state.Keys.ToDictionary(key => key, file.Read);
        foreach (var (key, target) in state)
        {
            target.copy_(values[key]);
        }
    }

    private static void Check(IBackbone backbone, Dictionary<string, Tensor> state, SafetensorsFile file)
    {
        var missing = state.Keys.Where(key => file.Find(key) is null).ToList();
        var unexpected = file.Entries.Select(entry => entry.Name).Where(name => !state.ContainsKey(name)).ToList();
        var misshapen = state
            .Select(entry => (entry.Key, Target: entry.Value, Source: file.Find(entry.Key)))
            .Where(pair => pair.Source is { } source && !Fits(source, pair.Target))
            .Select(pair => $"{pair.Key} (file: {Form(pair.Source!.Type, pair.Source.Shape)}, network: {Form(pair.Target.dtype, pair.Target.shape)})")
            .ToList();
        if (missing.Count + unexpected.Count + misshapen.Count > 0)
        {
            var lists = string.Concat(List("missing", missing), List("unexpected", unexpected), List("of another shape", misshapen));
            throw new WeightsException($"{file.Path}: these are not weights of {backbone.Spec.Name} with {backbone.Classes} classes.{lists}")
            {
                Missing = missing,
                Unexpected = unexpected,
                Misshapen = misshapen,
            };
        }
    }

    private static bool Fits(SafetensorsEntry source, Tensor target) =>
        source.Shape.SequenceEqual(target.shape) && SafetensorsHeader.IsFloating(source.Type) == SafetensorsHeader.IsFloating(target.dtype);

    private static string Form(ScalarType type, IEnumerable<long> shape) =>
        $"{SafetensorsHeader.NameOf(type) ?? type.ToString()} [{string.Join(", ", shape)}]";

    private static string List(string what, List<string> entries)
    {
        if (entries.Count == 0)
        {
            return "";
        }

        var more = entries.Count > MostNamed ? $", and {entries.Count - MostNamed} more" : "";
        return $" {entries.Count} {what}: {string.Join(", ", entries.Take(MostNamed))}{more}.";
    }

    /// <summary>The number of classes that a file's head was made for; the network's own where the file has no such head.</summary>
    private static int ClassesOf(SafetensorsFile file, IBackbone backbone)
    {
        var (name, weight) = backbone.TrainableParameters(NetworkPart.Head)[0];
        return file.Find(name) is { } entry && entry.Shape.Count == weight.ndim && entry.Shape[0] is >= 1 and <= int.MaxValue
            ? (int)entry.Shape[0]
            : backbone.Classes;
    }
}
