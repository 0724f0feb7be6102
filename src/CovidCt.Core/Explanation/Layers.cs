using CovidCt.Models;
using static TorchSharp.torch;

namespace CovidCt.Explanation;

/// <summary>The layers of a network by their paths.</summary>
internal static class Layers
{
    private const int Suggested = 6;

    /// <summary>A layer.</summary>
    /// <exception cref="ArgumentException">There is none of that path; the message lists those with similar ones.</exception>
    public static nn.Module<Tensor, Tensor> Find(IBackbone backbone, string path)
    {
        var layers = backbone.Network.named_modules().Where(entry => entry.name.Length > 0 && entry.module is nn.Module<Tensor, Tensor>)
            .ToList();
        if (layers.FirstOrDefault(entry => entry.name == path).module is nn.Module<Tensor, Tensor> layer)
        {
            return layer;
        }

        var likely = layers.Select(entry => entry.name).OrderBy(name => Distance(name, path)).ThenBy(name => name, StringComparer.Ordinal)
            .Take(Suggested);
        throw new ArgumentException(
            $"{backbone.Spec.Name} has no layer '{path}'. Similar are: {string.Join(", ", likely)}. "
            + "Without a name, the feature map that global pooling receives is taken.");
    }

    /// <summary>The edit distance (Levenshtein 1966), regardless of case.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (diagonal, letter) = (row[0], char.ToLowerInvariant(one[i - 1]));
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (letter == char.ToLowerInvariant(other[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
