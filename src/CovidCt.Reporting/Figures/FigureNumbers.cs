using System.Globalization;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Figures;

/// <summary>Numbers in tables, figures and sentences: the same digits everywhere, whatever the culture.</summary>
internal static class FigureNumbers
{
    public const string Unknown = "—";

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

    public static string Hours(TimeSpan time) => time.TotalHours.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Mean ± spread as fractions of three decimals, the digits of <see cref="Percent(double?, double?)"/>.</summary>
    public static string Fraction(double? mean, double? std) => (mean, std) switch
    {
        (null, _) => Unknown,
        ({ } m, null) => Three(m),
        ({ } m, { } s) => $"{Three(m)} ± {Three(s)}",
    };

    public static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Counted(long count, string noun, string? plural = null) => $"{Whole(count)} {(count == 1 ? noun : plural ?? noun + "s")}";

    private static string Signed(double fraction) => (100 * fraction).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
