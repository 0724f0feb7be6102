using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>Which networks of a study can be told apart by a figure, and which can't.</summary>
internal sealed record Distinguishable
{
    private static readonly string[] Numbers =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    private Distinguishable(
        string figure, double significance, IReadOnlyList<string> networks, IReadOnlyList<NetworkPair> pairs, string sentence) =>
        (Figure, Significance, Networks, Pairs, Sentence) = (figure, significance, networks, pairs, sentence);

    /// <summary>The figure's name, for the sentence.</summary>
    public string Figure { get; }

    /// <summary>The chance, at most, that any pair is told apart that doesn't differ.</summary>
    public double Significance { get; }

    /// <summary>By name, ordinal.</summary>
    public IReadOnlyList<string> Networks { get; }

    /// <summary>What the pairs come to, in one English sentence or two.</summary>
    public string Sentence { get; }

    /// <summary>Every pair, by its adjusted p-value and then by name.</summary>
    internal IReadOnlyList<NetworkPair> Pairs { get; }

    /// <summary>
    /// Tests every pair of networks by <see cref="CorrectedResampledTTest"/> over the folds, its ratio of test to training
    /// images the mean of theirs, and corrects with <see cref="Holm"/>.
    /// </summary>
    /// <param name="networks">Networks of one study, on the same folds.</param>
    /// <param name="figure">The figure's name, such as <c>accuracy</c>.</param>
    /// <param name="of">Picks the figure.</param>
    /// <param name="significance">In (0, 1); 0.05 by default.</param>
    /// <exception cref="ArgumentException">A network is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The significance is out of its range.</exception>
    public static Distinguishable Of(
        IReadOnlyList<NetworkResult> networks, string figure, Func<FiguresOfMerit, double?> of, double significance = 0.05)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(of);
        Interval.RequireLevel(significance);
        NetworkResult[] ordered = [.. networks.OrderBy(n => n.Name, StringComparer.Ordinal)];
        if (ordered.CountBy(n => n.Name).FirstOrDefault(n => n.Value > 1) is { Key: { } twice })
        {
            throw new ArgumentException($"'{twice}' is among the networks more than once.", nameof(networks));
        }

        (string Better, string Worse, ResampledTTest? Test)[] tests =
        [
            .. ordered.SelectMany((first, i) => ordered.Skip(i + 1).Select(second => Compare(first, second, of, 1 - significance))),
        ];
        var adjusted = Holm.Adjust([.. tests.Select(test => test.Test?.PValue ?? 1)]);
        NetworkPair[] pairs =
        [
            .. tests.Zip(adjusted, (test, p) => new NetworkPair(test.Better, test.Worse, test.Test, p, p <= significance))
                .OrderBy(pair => pair.AdjustedPValue)
                .ThenBy(pair => pair.Better, StringComparer.Ordinal)
                .ThenBy(pair => pair.Worse, StringComparer.Ordinal),
        ];
        string[] names = [.. ordered.Select(n => n.Name)];
        return new(figure, significance, names, pairs, InWords(figure, names, pairs));
    }

    private static (string Better, string Worse, ResampledTTest? Test) Compare(
        NetworkResult first, NetworkResult second, Func<FiguresOfMerit, double?> of, double level)
    {
        var folds = first.Folds.Join(second.Folds, f => f.Fold, f => f.Fold, (a, b) => (First: a, Second: b))
            .Where(fold => of(fold.First.Figures) is not null && of(fold.Second.Figures) is not null)
            .ToArray();
        double[] differences = [.. folds.Select(fold => of(fold.First.Figures)!.Value - of(fold.Second.Figures)!.Value)];
        var images = first.Total.Total;
        var turn = differences.Length > 0 && differences.Average() < 0;

        // Without training images in the same study, as on an official split, there is one fold and no test.
        var test = folds.Length < 2
            ? null
            : CorrectedResampledTTest.Of(
                [.. differences.Select(d => turn ? -d : d)],
                folds.Average(fold => (double)fold.First.Matrix.Total / (images - fold.First.Matrix.Total)),
                level);
        return turn ? (second.Name, first.Name, test) : (first.Name, second.Name, test);
    }

    private static string InWords(string figure, string[] networks, NetworkPair[] pairs)
    {
        if (networks.Length < 2)
        {
            return "There are no two networks to tell apart.";
        }

        if (pairs.All(pair => pair.Test is null))
        {
            return "The networks can't be compared, which takes at least two folds.";
        }

        var apart = pairs.Count(pair => pair.ToldApart);
        if (apart == 0)
        {
            return networks.Length == 2
                ? $"On this data the two networks can't be told apart by {figure}."
                : $"On this data none of the {Number(networks.Length)} networks can be told apart from another by {figure}.";
        }

        var findings = pairs.Where(pair => pair.ToldApart)
            .GroupBy(pair => pair.Better)
            .OrderByDescending(better => better.Count())
            .ThenBy(better => better.Key, StringComparer.Ordinal)
            .Select(better => $"{better.Key} is better than {List([.. better.Select(pair => pair.Worse).Order(StringComparer.Ordinal)])}");
        var found = $"On this data, by {figure}, {string.Join("; ", findings)}.";
        var rest = pairs.Length - apart;
        return rest switch
        {
            0 when pairs.Length == 1 => found,
            0 => $"{found} All pairs can be told apart.",
            1 => $"{found} The other pair can't be told apart.",
            _ => $"{found} The other {Number(rest)} of {pairs.Length} pairs can't be told apart.",
        };
    }

    private static string Number(int number) => number < Numbers.Length ? Numbers[number] : $"{number}";

    private static string List(string[] names) =>
        names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
