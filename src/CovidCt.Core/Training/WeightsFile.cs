using System.Security.Cryptography;
using CovidCt.Models.Weights;

namespace CovidCt.Training;

/// <summary>Finds a network's ImageNet weights in a folder by name.</summary>
internal static class WeightsFile
{
    /// <summary><c>NAME.safetensors</c>, or the only <c>NAME*.safetensors</c>; null where there is none.</summary>
    /// <exception cref="WeightsException">The folder isn't there, or several files have the name.</exception>
    public static string? Find(string? folder, string network)
    {
        if (folder is null)
        {
            return null;
        }

        if (!Directory.Exists(folder))
        {
            throw new WeightsException($"The weights folder {folder} isn't there. Give --weights a folder with NAME*.safetensors files.");
        }

        var exact = Path.Combine(folder, network + ".safetensors");
        if (File.Exists(exact))
        {
            return exact;
        }

        var found = Directory.GetFiles(folder, network + "*.safetensors").Order(StringComparer.Ordinal).ToList();
        return found.Count <= 1
            ? found.SingleOrDefault()
            : throw new WeightsException(
                $"{folder} holds several weights for {network}: {string.Join(", ", found.Select(Path.GetFileName))}. " +
                $"Leave one, or name the one to use {network}.safetensors.");
    }

    public static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
