using System.Globalization;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>Numbers in tables, figures and sentences: the same digits everywhere, whatever the culture.</summary>
internal static class Numbers
{
    public const string Unknown = "—";

    private const string TwoPlaces = "0.00;−0.00;0.00";

    private static readonly string[] Numerals =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    /// <summary>Per cent with one decimal, as Table 2 has them.</summary>
    public static string Percent(double fraction) => (100 * fraction).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>Mean ± spread in per cent.</summary>
    public static string Percent(double? mean, double? std) => (mean, std) switch
    {
        (null, _) => Unknown,
        ({ } m, null) => Percent(m),
        ({ } m, { } s) => $"{Percent(m)} ± {Percent(s)}",
    };

    /// <summary>A figure in per cent, with its interval where it has one.</summary>
    public static string Estimate(double? value, Interval? interval) => (value, interval) switch
    {
        (null, _) => Unknown,
        ({ } v, null) => Percent(v),
        ({ } v, { } i) => $"{Percent(v)} ({Range(i)})",
    };

    /// <summary>An interval in per cent.</summary>
    public static string Range(Interval interval) => $"{Percent(interval.Low)} to {Percent(interval.High)}";

    /// <summary>A difference in percentage points, with its interval where it has one.</summary>
    public static string Points(double? difference, Interval? interval) => (difference, interval) switch
    {
        (null, _) => Unknown,
        ({ } d, null) => Signed(d),
        ({ } d, { } i) => $"{Signed(d)} ({Signed(i.Low)} to {Signed(i.High)})",
    };

    public static string Hours(TimeSpan? time) => time?.TotalHours.ToString("0.00", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>Mean ± spread as fractions of three decimals, the digits of <see cref="Percent(double?, double?)"/>.</summary>
    public static string Fraction(double? mean, double? std) => (mean, std) switch
    {
        (null, _) => Unknown,
        ({ } m, null) => Three(m),
        ({ } m, { } s) => $"{Three(m)} ± {Three(s)}",
    };

    public static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number with its noun, whose plural has an s unless it is given.</summary>
    public static string Counted(long count, string noun, string? plural = null) =>
        $"{Whole(count)} {(count == 1 ? noun : plural ?? noun + "s")}";

    /// <summary>A small number as a word.</summary>
    public static string Numeral(int number) => number < Numerals.Length ? Numerals[number] : Whole(number);

    /// <summary>"is" of one, else "are".</summary>
    public static string AreOf(long count) => count == 1 ? "is" : "are";

    /// <summary>"was" of one, else "were".</summary>
    public static string WereOf(long count) => count == 1 ? "was" : "were";

    /// <summary>A share of a whole with both counts, such as <c>25.0 % (3 of 12)</c>.</summary>
    public static string Share(int part, int whole) => $"{Percent((double)part / whole)} % ({Whole(part)} of {Whole(whole)})";

    /// <summary>Two decimals, for what is no share.</summary>
    public static string Two(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>Three decimals: probabilities and distances.</summary>
    public static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A figure in three decimals, with its interval where it has one.</summary>
    public static string Three(EstimatedFigure figure) => Decimals(figure, "0.000");

    /// <summary>A figure in two decimals, with its interval where it has one.</summary>
    public static string Two(EstimatedFigure figure) => Decimals(figure, TwoPlaces);

    /// <summary>A difference in three decimals, with its sign, and with its interval where it has one.</summary>
    public static string Change(EstimatedFigure figure) => Decimals(figure, "+0.000;−0.000;0.000");

    /// <summary>The least and the largest of some numbers in two decimals, or the one that they all are.</summary>
    public static string Span(IEnumerable<double> values)
    {
        double[] all = [.. values];
        var (least, most) = (TwoDecimals(all.Min()), TwoDecimals(all.Max()));
        return least == most ? least : $"{least} to {most}";
    }

    private static string TwoDecimals(double value) => value.ToString(TwoPlaces, CultureInfo.InvariantCulture);

    /// <summary>A difference in two decimals, with its interval where it has one.</summary>
    public static string SignedTwo(EstimatedFigure figure) => Decimals(figure, "+0.00;−0.00;0.00");

    private static string Decimals(EstimatedFigure figure, string format)
    {
        return (figure.Value, figure.Interval) switch
        {
            (null, _) => Unknown,
            ({ } v, null) => Text(v),
            ({ } v, { } i) => $"{Text(v)} ({Text(i.Low)} to {Text(i.High)})",
        };

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Signed(double fraction) => (100 * fraction).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);
}
