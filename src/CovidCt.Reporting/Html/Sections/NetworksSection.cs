using System.Xml.Linq;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>Table 1: the networks of the study.</summary>
internal static class NetworksSection
{
    public static XElement Of(StudyReport study, IReadOnlyList<BackboneSpec> networks)
    {
        List<BackboneSpec> shown = [.. networks.Where(spec => study.Networks.Contains(spec.Name))];
        return Element(
            "section", Attribute("id", "networks"),
            Element("h2", "Networks"),
            HtmlTable.Of("table-1", "Table 1. The networks of the study", Table1.Rows(shown), column => column >= 4),
            Element("p", Class("small"), NetworkWords.Caption(shown)));
    }
}
