using CovidCt.Records;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tables;

/// <summary>What the networks of all seeds come to together, beside single seeds.</summary>
internal static class SeedTable
{
    /// <summary>Five rows a network.</summary>
    /// <param name="networks">In their order.</param>
    public static TableData Rows(IEnumerable<SeedEnsemble> networks) => new(
        ["Network", "Of", .. FigureNames.Headings, "Brier score", "Calibration error"], [.. networks.SelectMany(Rows)]);

    private static IEnumerable<IReadOnlyList<string>> Rows(SeedEnsemble of)
    {
        var probabilities = of.Statistics.Probabilities;
        return
        [
            Single("the first seed", of.EachSeed[0]),
            Single($"{Numbers.Numeral(of.Seeds)} seeds, the mean", of.Mean),
            [
                of.Network, $"{Numbers.Numeral(of.Seeds)} seeds together",
                .. FigureNames.Estimates(of.Statistics.Images).Select(figure => Numbers.Estimate(figure.Value, figure.Interval)),
                Numbers.Three(probabilities.Brier), Numbers.Fraction(probabilities.CalibrationError, null),
            ],
            Gain("together less the first", of.OverFirst, of.EachSeed[0]),
            Gain("together less the mean", of.OverMean, of.Mean),
        ];

        IReadOnlyList<string> Single(string what, SeedEnsemble.OneSeed one) =>
        [
            of.Network, what, .. FigureNames.All.Select(figure => Numbers.Percent(figure.Of(one.Figures), null)),
            Numbers.Fraction(one.Brier, null), Numbers.Fraction(one.CalibrationError, null),
        ];

        IReadOnlyList<string> Gain(string what, SeedEnsemble.Gain gain, SeedEnsemble.OneSeed single) =>
        [
            of.Network, what, .. FigureNames.Estimates(gain.Figures).Select(figure => Numbers.Points(figure.Value, figure.Interval)),
            Numbers.Change(gain.Brier), Numbers.Change(new EstimatedFigure(probabilities.CalibrationError - single.CalibrationError, null)),
        ];
    }
}
