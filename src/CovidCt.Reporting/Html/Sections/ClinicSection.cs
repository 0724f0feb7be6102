using System.Xml.Linq;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>What an answer is worth where the disease is rarer, and how figures differ between groups of people.</summary>
internal static class ClinicSection
{
    public static XElement? Of(StudyReport study, StudyFigures names) =>
        study is { Results: { } results, PredictiveValues: { Count: > 0 } values }
            ? Element(
                "section", Attribute("id", "clinic"),
                Element("h2", "What a clinic asks"),
                Predictive(values, Shown(study, results), results.Positive, names),
                Groups(study, results, Shown(study, results), names))
            : null;

    /// <summary>The network that is shown first: that of the highest accuracy, as in the summary.</summary>
    private static string Shown(StudyReport study, CrossValidationReport results) =>
        Ranking.ByAccuracy(results).Select(network => network.Name)
            .FirstOrDefault(name => study.PredictiveValues.Any(of => of.Network == name)) ?? study.PredictiveValues[0].Network;

    private static IEnumerable<XElement?> Predictive(
        IReadOnlyList<PredictiveValues> values, string shown, string positive, StudyFigures names)
    {
        var first = values.First(of => of.Network == shown);
        yield return Element("p", ClinicWords.Meaning(first, positive), first.OfPatients ? null : $" {ClinicWords.OfImages}");
        yield return HtmlTable.Of(
            "table-likelihood-ratios",
            ClinicWords.RatiosCaption(first.OfPatients, positive),
            ClinicTables.Ratios(values),
            column => column > 1);
        yield return ClinicWords.NoRatio(values) is { } why ? Element("p", Class("small"), why) : null;
        yield return Values("table-predictive-values", names.DisplayName(shown), [first]);
        yield return values.Count == 1
            ? null
            : Element(
                "details",
                Element("summary", "Predictive values of every network"),
                Values("table-predictive-values-all", "Every network", values));
    }

    private static XElement Values(string id, string name, IReadOnlyList<PredictiveValues> values) => HtmlTable.Of(
        id, ClinicWords.ValuesCaption(name, values[0].OfPatients), ClinicTables.Values(values), column => column > 0);

    private static IEnumerable<object?> Groups(StudyReport study, CrossValidationReport results, string shown, StudyFigures names)
    {
        yield return Element("h3", "Groups of people and images");
        var columns = study.Subgroups;
        var negative = results.Classes.First(name => name != results.Positive);
        yield return Element(
            "p",
            GroupWords.Told(columns) is null
                ? study.IsPhantom ? DataWords.NoGroups : GroupWords.LeftOut(columns) ?? DataWords.GroupsUnknownOf(study)
                : Lists.Sentences(
                    GroupWords.Meaning(study.Statistics!.Drawn, DesignWords.IsOneTest(results), study.Given is not null),
                    GroupWords.OneClass(columns, results.Positive, negative),
                    GroupWords.Graded(columns),
                    GroupWords.LeftOut(columns)));
        if (GroupWords.Told(columns) is null)
        {
            yield break;
        }

        yield return Table("table-groups", shown);
        var others = columns.SelectMany(column => column.Groups).SelectMany(group => group.Networks).Select(of => of.Network)
            .Where(network => network != shown).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var network in others)
        {
            yield return Element(
                "details", Element("summary", $"Groups by {names.DisplayName(network)}"), Table($"table-groups-{network}", network));
        }

        XElement Table(string id, string network) => HtmlTable.Of(
            id,
            GroupWords.Caption(names.DisplayName(network)),
            ClinicTables.Groups(columns, network, results.Positive, negative),
            column => column > 1);
    }
}
