using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>All that is needed to do it again: recipe, seed, versions, machine.</summary>
internal static class MethodSection
{
    public static XElement Of(StudyReport study) => Element(
        "section", Attribute("id", "method"),
        Element("h2", "How it was done"),
        Element("p", RecipeWords.Schedule(study.Options.Training.Epochs)),
        HtmlTable.Of(
            "table-settings", "Settings",
            [new("Part"), new("Setting"), new("Value")],
            SettingsWords.All(study.Configuration).Select(setting => Element(
                "tr",
                RowHeading(setting.Part),
                Text(setting.Name),
                Text(setting.Value)))),
        HtmlTable.Of(
            "table-machine", study.Machines.Count == 1
                ? "Versions and machine"
                : "Versions and machines: runs were made under several, and their bits may differ from an unbroken study’s",
            [new("What"), new("Value")],
            MachineWords.All(study.Machines).Select(fact => Element("tr", RowHeading(fact.Name), Text(fact.Value)))),
        Time(study));

    private static XElement? Time(StudyReport study)
    {
        var rows = study.Networks
            .Select(network => (network, History: study.RunsOf(network).SelectMany(run => run.History).ToList()))
            .Where(entry => entry.History.Count > 0).ToList();
        return rows.Count == 0 ? null : HtmlTable.Of(
            "table-time", "Time of training, over the finished runs",
            [new("Network"), new("Epochs", true), new("Seconds an epoch", true), new("Minutes in all", true)],
            rows.Select(entry => Element(
                "tr",
                RowHeading(entry.network),
                Number(Numbers.Whole(entry.History.Count)),
                Number(FormattableString.Invariant($"{entry.History.Average(epoch => epoch.Seconds):0.00}")),
                Number(FormattableString.Invariant($"{entry.History.Sum(epoch => epoch.Seconds) / 60:0.0}")))));
    }
}
