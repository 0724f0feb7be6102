using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>Which networks can be told apart, in sentences.</summary>
internal static class PairWords
{
    /// <summary>
    /// Which pairs differ on other sources, patients or images, and which when trained anew; null where there are no two networks.
    /// </summary>
    /// <param name="compared">By one figure.</param>
    /// <param name="drawn">What is drawn as a whole.</param>
    public static string? Sentences(Distinguishable compared, ClusterUnit drawn) => compared.Pairs.Count == 0
        ? null
        : Lists.Sentences(
            Sentence(
                compared,
                $"These trained networks on other {ResultWords.Units(drawn)} (paired bootstrap with Holm’s correction, at "
                    + $"{Numbers.Two(compared.Significance)})",
                pair => pair.ToldApart),
            compared.Pairs.All(pair => pair.ResampledPValue is null)
                ? "How they would compare if they were trained anew can’t be tested, which takes figures of at least two folds."
                : Sentence(
                    compared,
                    "Trained anew on other images (corrected resampled t-test over the folds, with the same correction)",
                    pair => pair.ToldApartByFolds));

    /// <summary>Whether networks are compared over folds too, as if they were trained anew.</summary>
    /// <param name="compared">The comparisons.</param>
    public static bool IsOfFolds(Distinguishable compared) => compared.Pairs.Any(pair => pair.ResampledPValue is not null);

    /// <summary>How the table of pairs came about.</summary>
    /// <param name="figure">The name of the figure.</param>
    public static string Caption(string figure) =>
        $"Pairs of networks by {figure}, in percentage points with 95 % intervals on the images that both were tested on, with p-values "
        + "corrected for the number of pairs (Holm)";

    /// <summary>What a difference to another study's network leaves out.</summary>
    /// <param name="study">The name of the other study.</param>
    /// <param name="network">Its network.</param>
    /// <param name="images">How many images both have under different labels.</param>
    public static string Relabelled(string study, string network, int images) =>
        $"The difference to {network} of {study} leaves out {Numbers.Counted(images, "image")}, whose labels differ between the two.";

    /// <summary>A p-value.</summary>
    public static string PValue(double? p) => p switch
    {
        null => Numbers.Unknown,
        < 0.001 => "< 0.001",
        { } value => Numbers.Three(value),
    };

    private static string Sentence(Distinguishable compared, string what, Func<NetworkPair, bool> isToldApart)
    {
        var apart = compared.Pairs.Where(isToldApart).ToList();
        if (apart.Count == 0)
        {
            return compared.Networks.Count == 2
                ? $"{what}: the two networks can’t be told apart by {compared.Figure}."
                : $"{what}: none of the {Numbers.Numeral(compared.Networks.Count)} networks can be told apart from another "
                    + $"by {compared.Figure}.";
        }

        var findings = apart.GroupBy(pair => pair.Better)
            .OrderByDescending(better => better.Count())
            .ThenBy(better => better.Key, StringComparer.Ordinal)
            .Select(better =>
                $"{better.Key} is better than {Lists.Listed([.. better.Select(pair => pair.Worse).Order(StringComparer.Ordinal)])}");
        return $"{what}, by {compared.Figure}: {string.Join("; ", findings)}.{Rest(compared.Pairs.Count, apart.Count)}";
    }

    private static string Rest(int pairs, int apart) => (pairs - apart) switch
    {
        0 when pairs == 1 => "",
        0 => " All pairs can be told apart.",
        1 => " The other pair can’t be told apart.",
        var rest => $" The other {Numbers.Numeral(rest)} of {pairs} pairs can’t be told apart.",
    };
}
