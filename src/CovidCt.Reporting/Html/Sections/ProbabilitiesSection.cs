using System.Globalization;
using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>How far the probabilities can be taken at their word, and what thresholds for a wanted sensitivity come to.</summary>
internal static class ProbabilitiesSection
{
    public static XElement? Of(StudyReport study) => study.Statistics is not { Networks.Count: > 0 } statistics ? null : Element(
        "section", Attribute("id", "probabilities"),
        Element("h2", "Probabilities"),
        Element(
            "p",
            "Whether of the images that are given a probability of 80 % four fifths are positive. Temperatures and thresholds of a fold "
                + "are chosen on the other folds’ images, by the answers of networks that did not train on these; nothing is chosen on "
                + "the fold that is judged. "
            + "Reliability diagrams and decision curves are among the figures."),
        HtmlTable.Of(
            "table-calibration", "Calibration; lower is better",
            [
                new("Network"), new("Brier score", true), new("Calibration error", true), new("of the called class", true), new(
                    "Temperature",
                    true), new("Scaled: Brier score", true), new("Scaled: calibration error", true),
            ],
            statistics.Networks.Select(network => Element(
                "tr",
                RowHeading(network.Network),
                Number(Three(network.Probabilities.Brier)),
                Number(Three(network.Probabilities.CalibrationError)),
                Number(Three(network.Probabilities.TopLabelError)),
                Number(network.Temperatures.Count == 0 ? Numbers.Unknown : Range(network.Temperatures, "0.00")),
                Number(Three(network.Scaled?.Brier)),
                Number(Three(network.Scaled?.CalibrationError))))),
        Element(
            "p", Class("small"),
            "Brier score: mean squared error of the probability. Calibration error: expected difference between stated and observed rate "
                + "over fifteen bins (Naeini et al. 2015; of the called class, Guo et al. 2017). A temperature above 1 says that the "
                + "network was too sure."),
        statistics.Networks.Any(network => network.OperatingPoints.Count > 0)
            ? Points(statistics)
            : Element("p", "With one fold there are no other folds’ images to choose thresholds on."));

    private static XElement Points(StudyStatistics statistics) => HtmlTable.Of(
        "table-operating-points", "Thresholds for a wanted sensitivity, chosen on the other folds, and what they came to on all test "
            + "images, in per cent",
        [new("Network"), new("Wanted", true), new("Thresholds", true), new("Sensitivity", true), new("Specificity", true),
            new("Precision", true)],
        statistics.Networks.SelectMany(network => network.OperatingPoints.Select(point => Element(
            "tr",
            RowHeading(network.Network),
            Number(Numbers.Percent(point.Wanted)),
            Number(Range(point.Thresholds, "0.00")),
            Number(WithInterval(point.Counts.TruePositives, point.Counts.TruePositives + point.Counts.FalseNegatives)),
            Number(WithInterval(point.Counts.TrueNegatives, point.Counts.TrueNegatives + point.Counts.FalsePositives)),
            Number(WithInterval(point.Counts.TruePositives, point.Counts.TruePositives + point.Counts.FalsePositives))))));

    private static string WithInterval(int successes, int trials) => Interval.OfShare(successes, trials) is { } interval
        ? Numbers.Estimate((double)successes / trials, interval)
        : Numbers.Unknown;

    private static string Range(IReadOnlyList<double> values, string format)
    {
        var least = values.Min().ToString(format, CultureInfo.InvariantCulture);
        var most = values.Max().ToString(format, CultureInfo.InvariantCulture);
        return least == most ? least : $"{least} to {most}";
    }

    private static string Three(double? value) => Numbers.Fraction(value, null);
}
