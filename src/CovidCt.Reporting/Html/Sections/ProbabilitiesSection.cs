using System.Xml.Linq;
using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>How far the probabilities can be taken at their word, and what thresholds for a wanted sensitivity come to.</summary>
internal static class ProbabilitiesSection
{
    public static XElement? Of(StudyReport study, StudyFigures names) => study.Statistics is { Networks.Count: > 0 } statistics
        ? Section(study, statistics, isOneTest: DesignWords.IsOneTest(study.Results!), names)
        : null;

    private static XElement Section(StudyReport study, StudyStatistics statistics, bool isOneTest, StudyFigures names) => Element(
        "section", Attribute("id", "probabilities"),
        Element("h2", "Probabilities"),
        Element(
            "p",
            Lists.Sentences(
                "Whether of the images that are given a probability of 80 % four fifths are positive.",
                isOneTest ? null : study.Given is null ? ProbabilityWords.ChosenElsewhere : ForeignWords.ChosenElsewhere,
                "Reliability diagrams and decision curves are among the figures.")),
        Judged("table-calibration", ProbabilityWords.Stated(statistics.Drawn, isOneTest), statistics, network => network.Probabilities),
        statistics.Networks.Any(network => network.Calibrated is not null)
            ? Judged("table-calibrated", ProbabilityWords.CalibratedOf(study), statistics, network => network.Calibrated)
            : null,
        Element(
            "p", Class("small"),
            Lists.Sentences(
                ProbabilityWords.Meaning,
                isOneTest ? null : ProbabilityWords.FoldsTogether,
                isOneTest ? null : ProbabilityWords.Calibration)),
        Element("p", Attribute("id", "shipped-calibration"), ProbabilityWords.Shipped(study)),
        Effects(statistics) is { Length: > 0 } effects
            ? Element("p", ProbabilityWords.Effects(study, effects))
            : null,
        statistics.Networks.Any(network => network.OperatingPoints.Count > 0)
            ? Points(statistics)
            : Element("p", ProbabilityWords.NoPoints(isOneTest)),
        Sets(study, statistics, names));

    private static IEnumerable<XElement?> Sets(StudyReport study, StudyStatistics statistics, StudyFigures names)
    {
        var (positive, negative) = (study.Results!.Positive, study.Results.Classes.First(name => name != study.Results.Positive));
        var judged = statistics.Networks.Where(network => network.Sets is not null)
            .Select(network => (network.Network, Sets: network.Sets!)).ToList();
        yield return Element("h3", Attribute("id", "sets"), "Prediction sets");
        yield return Element(
            "p",
            Lists.Sentences(
                SetWords.Meaning(study.SetLevel),
                judged.Count > 0 ? SetWords.JudgedOf(study) : SetWords.NotJudgedOf(study),
                SetWords.Reach(study)));
        yield return judged.Count == 0
            ? null
            : HtmlTable.Of(
                "table-sets",
                SetWords.Caption(study.SetLevel, statistics.Drawn),
                SetTables.Of(judged, positive, negative, statistics.Drawn),
                column => column > 1);
        yield return Element("p", Attribute("id", "shipped-sets"), SetWords.Shipped(study));
        foreach (var network in study.SetGroups.GroupBy(group => group.Network))
        {
            yield return Element(
                "details",
                Element("summary", $"Prediction sets by groups, {names.DisplayName(network.Key)}"),
                HtmlTable.Of(
                    $"table-set-groups-{network.Key}", SetWords.GroupsCaption(names.DisplayName(network.Key)),
                    SetTables.Groups(network, positive, negative), column => column > 1));
        }
    }

    private static XElement Judged(
        string id, string caption, StudyStatistics statistics, Func<NetworkStatistics, ProbabilityStatistics?> pick) => HtmlTable.Of(
        id,
        caption,
        [
            new("Network"), new("Temperature", true), new("Intercept", true), new("Brier score", true), new("Slope", true),
            new("In the large", true),
            new("Observed / expected", true), new("Calibration error", true), new("less chance", true), new("of the called class", true),
            new("less chance", true),
        ],
        from network in statistics.Networks
        let of = pick(network)
        where of is not null
        select Element(
            "tr",
            RowHeading(network.Network),
            Number(Fitted(network, of, calibration => calibration.Temperature)),
            Number(Fitted(network, of, calibration => calibration.Intercept)),
            Estimate(Numbers.Three(of.Brier), of.Brier),
            Estimate(Numbers.Two(of.Slope), of.Slope),
            Estimate(Numbers.Two(of.Intercept), of.Intercept),
            Estimate(Numbers.Two(of.ObservedToExpected), of.ObservedToExpected),
            Number(Numbers.Fraction(of.CalibrationError, null)),
            Estimate(Numbers.Three(of.UnbiasedError), of.UnbiasedError),
            Number(Numbers.Fraction(of.TopLabelError, null)),
            Estimate(Numbers.Three(of.UnbiasedTopLabelError), of.UnbiasedTopLabelError)));

    private static string Effects(StudyStatistics statistics) =>
        string.Join("; ", statistics.Networks.Select(network => ProbabilityWords.Effect(network.Network, network)).OfType<string>());

    private static IEnumerable<XElement> Points(StudyStatistics statistics)
    {
        yield return HtmlTable.Of(
            "table-operating-points", ProbabilityWords.Points,
            [new("Network"), new("Wanted", true), new("Thresholds", true), new("Sensitivity", true), new("Specificity", true),
                new("Precision", true), new("Specificity, chosen anew", true)],
            statistics.Networks.SelectMany(network => network.OperatingPoints.Select(point => Element(
                "tr",
                RowHeading(network.Network),
                Number(Numbers.Percent(point.Wanted)),
                Number(Numbers.Span(point.Thresholds)),
                PerCent(point.Sensitivity),
                PerCent(point.Specificity),
                PerCent(point.Precision),
                PerCent(point.SpecificityAnew)))));
        yield return Element("p", Class("small"), ProbabilityWords.PointsMeaning(statistics.Drawn));
    }

    private static XElement PerCent(EstimatedFigure figure) => Estimate(Numbers.Estimate(figure.Value, figure.Interval), figure);

    private static XElement Estimate(string text, EstimatedFigure figure) => Number(text, Exact("x", figure.Value).Value);

    private static string Fitted(NetworkStatistics network, ProbabilityStatistics of, Func<NetworkCalibration, double> pick) =>
        of == network.Probabilities || network.Calibrations.Values.All(calibration => calibration is null)
            ? Numbers.Unknown
            : Numbers.Span(network.Calibrations.Values.OfType<NetworkCalibration>().Select(pick));
}
