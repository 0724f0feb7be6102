using System.Text.RegularExpressions;
using CovidCt.Networks;

namespace CovidCt.Models.Weights;

/// <summary>Finds the network's name for each entry of a file, whichever way the file spells it.</summary>
/// <remarks>
/// Known spellings: any prefix that all have, such as <c>module.</c> of DataParallel; DenseNet's <c>norm.1</c> of files from
/// before PyTorch 0.4; <c>last_linear</c>, as Cadene's pretrained-models.pytorch calls the classifier.
/// </remarks>
internal static partial class Spelling
{
    /// <summary>The file's entries under the network's names, and those that it has no name for.</summary>
    /// <param name="entries">The file's entries.</param>
    /// <param name="names">The network's names; the first is of its first layer, which every spelling has in common.</param>
    /// <param name="classifier">The network's name for its classifier.</param>
    /// <exception cref="WeightsException">Two entries of the file are spellings of the same name.</exception>
    public static (IReadOnlyDictionary<string, TensorFile.Entry> ByName, IReadOnlyList<string> Unexpected) Match(
        IReadOnlyList<TensorFile.Entry> entries, IReadOnlyCollection<string> names, string classifier)
    {
        var prefix = Prefix(entries, names.First());
        var byName = new Dictionary<string, TensorFile.Entry>(StringComparer.Ordinal);
        var unexpected = new List<string>();
        foreach (var entry in entries)
        {
            var name = entry.Name.StartsWith(prefix, StringComparison.Ordinal) ? entry.Name[prefix.Length..] : null;
            var known = name is null ? null : Variants(name, classifier).FirstOrDefault(names.Contains);
            if (known is null)
            {
                unexpected.Add(entry.Name);
            }
            else if (!byName.TryAdd(known, entry))
            {
                throw new WeightsException($"'{entry.Name}' and '{byName[known].Name}' are both spellings of '{known}'.");
            }
        }

        return (byName, unexpected);
    }

    private static string Prefix(IReadOnlyList<TensorFile.Entry> entries, string first)
    {
        var spelled = entries.Where(entry => entry.Name == first || entry.Name.EndsWith("." + first, StringComparison.Ordinal)).ToList();
        return spelled.Count == 1 ? spelled[0].Name[..^first.Length] : "";
    }

    private static IEnumerable<string> Variants(string name, string classifier) =>
        [name, OldDenseLayer().Replace(name, "$1$2"), LastLinear().Replace(name, classifier + ".")];

    [GeneratedRegex(@"(denselayer\d+\.(?:norm|conv))\.(\d)(?=\.)")]
    private static partial Regex OldDenseLayer();

    [GeneratedRegex(@"^last_linear\.")]
    private static partial Regex LastLinear();
}
