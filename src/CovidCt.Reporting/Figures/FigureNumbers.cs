using System.Globalization;

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

    /// <summary>Mean ± spread as fractions of three decimals, the digits of <see cref="Percent(double?, double?)"/>.</summary>
    public static string Fraction(double? mean, double? std) => (mean, std) switch
    {
        (null, _) => Unknown,
        ({ } m, null) => Three(m),
        ({ } m, { } s) => $"{Three(m)} ± {Three(s)}",
    };

    public static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Counted(long count, string noun, string? plural = null) => $"{Whole(count)} {(count == 1 ? noun : plural ?? noun + "s")}";

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
