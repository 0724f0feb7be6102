namespace CovidCt.Reporting.Wording;

/// <summary>Several things in a sentence.</summary>
internal static class Lists
{
    /// <summary>"a", "a and b", "a, b and c"; nothing of none.</summary>
    public static string Listed(IEnumerable<string> items)
    {
        List<string> all = [.. items];
        return all.Count > 1 ? $"{string.Join(", ", all.Take(all.Count - 1))} and {all[^1]}" : string.Concat(all);
    }

    /// <summary>What is known, with a blank between; null where nothing is.</summary>
    public static string Sentences(params IEnumerable<string?> sentences) => string.Join(" ", sentences.OfType<string>());

    /// <summary>A phrase as the beginning of a sentence.</summary>
    public static string Capital(string phrase) => phrase.Length == 0 ? phrase : char.ToUpperInvariant(phrase[0]) + phrase[1..];
}
