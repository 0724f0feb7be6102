using CovidCt.Networks;

namespace CovidCt.Weights;

/// <summary>Finds a network's ImageNet weights in a folder by name.</summary>
internal static class WeightsFolder
{
    /// <summary>
    /// The first there is of: <c>NAME.safetensors</c>, <c>NAME.pth</c>, <c>NAME.pt</c>; the file that the catalogue's default for
    /// the network is published as; the only <c>NAME*.safetensors</c>; the only <c>NAME*.pth</c> or <c>NAME*.pt</c>. Null
    /// where there is none.
    /// </summary>
    /// <exception cref="WeightsException">The folder isn't there, or several files are equally good.</exception>
    public static string? Find(string? folder, string network)
    {
        if (folder is null)
        {
            return null;
        }

        if (!Directory.Exists(folder))
        {
            throw new WeightsException(
                $"The weights folder {folder} isn't there. Give a folder with NAME*.safetensors or NAME*.pth files.");
        }

        return Named(folder, [network + ".safetensors", network + ".pth", network + ".pt"])
            ?? Named(folder, PublishedWeights.Of(network).Where(weights => weights.IsDefault).Select(weights => weights.FileName))
            ?? Only(folder, network, "*.safetensors")
            ?? Only(folder, network, "*.pth", "*.pt");
    }

    private static string? Named(string folder, IEnumerable<string> names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string? Only(string folder, string network, params IEnumerable<string> endings)
    {
        var found = endings.SelectMany(ending => Directory.GetFiles(folder, network + ending)).Order(StringComparer.Ordinal).ToList();
        return found.Count <= 1
            ? found.SingleOrDefault()
            : throw new WeightsException(
                $"{folder} holds several weights for {network}: {string.Join(", ", found.Select(Path.GetFileName))}. " +
                $"Leave one, or name the one to use {network}{Path.GetExtension(found[0])}.");
    }
}
