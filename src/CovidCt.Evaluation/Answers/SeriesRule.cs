using System.Globalization;
using CovidCt.Evaluation;

namespace CovidCt.Answers;

/// <summary>How the probabilities of a series' slices become the one number that a series is judged by.</summary>
public sealed record SeriesRule
{
    private SeriesRule()
    {
    }

    /// <summary>The mean over the slices.</summary>
    public static SeriesRule Mean { get; } = new();

    /// <summary>The mean over so many of the slices, those with the highest probabilities; null where the rule is another.</summary>
    public int? Highest { get; private init; }

    /// <summary>The share of the slices whose probability is at least this; null where the rule is another.</summary>
    public double? Threshold { get; private init; }

    /// <summary>From which number on a series is called positive, in [0, 1]. Default: one half.</summary>
    public double Cut { get; init; } = DecisionThreshold.Value;

    /// <summary>The mean over the slices with the highest probabilities.</summary>
    /// <param name="slices">How many, at least 1; of a series with fewer, all.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static SeriesRule MeanOfHighest(int slices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        return new() { Highest = slices };
    }

    /// <summary>The share of slices above a threshold.</summary>
    /// <param name="threshold">The least probability that counts, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public static SeriesRule ShareFrom(double threshold) => threshold is >= 0 and <= 1
        ? new() { Threshold = threshold }
        : throw new ArgumentOutOfRangeException(nameof(threshold));

    /// <summary>Reads a rule: <c>mean</c>, <c>top:N</c> or <c>share:P</c>, as <see cref="ToString"/> writes it.</summary>
    /// <param name="text">The rule.</param>
    /// <returns>Null where it is none.</returns>
    public static SeriesRule? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':') switch
        {
            ["mean"] => Mean,
            ["top", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var slices)
                && slices > 0 => MeanOfHighest(slices),
            ["share", var number] when double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
                && share <= 1 => ShareFrom(share),
            _ => null,
        };
    }

    /// <summary>The number of a series.</summary>
    /// <param name="probabilities">Of the positive class, one a slice, at least one.</param>
    /// <returns>In [0, 1].</returns>
    /// <exception cref="ArgumentException">There is no slice.</exception>
    public double Of(IReadOnlyCollection<double> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        return probabilities.Count == 0 ? throw new ArgumentException("A series of no slice has no answer.", nameof(probabilities))
            : Threshold is { } threshold ? (double)probabilities.Count(probability => probability >= threshold) / probabilities.Count
            : Highest is { } highest ? probabilities.OrderDescending().Take(highest).Average()
            : probabilities.Average();
    }

    /// <summary>The rule as <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        Threshold is { } threshold ? FormattableString.Invariant($"share:{threshold}")
        : Highest is { } slices ? FormattableString.Invariant($"top:{slices}")
        : "mean";
}
