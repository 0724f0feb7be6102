using System.Xml.Linq;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Reporting.Tables;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>Table 1: the networks of the study.</summary>
internal static class NetworksSection
{
    public static XElement Of(StudyReport study, IReadOnlyList<BackboneSpec> networks) => Element(
        "section", Attribute("id", "networks"),
        Element("h2", "Networks"),
        HtmlTable.Of(
            "table-1", "Table 1. The networks of the study",
            Table1.Rows(networks.Where(spec => study.Networks.Contains(spec.Name))),
            column => column >= 4),
        Element(
            "p", Class("small"),
            "Canvas and Square: the paper’s input and the published one, width × height in pixels. Parameters: at 1,000 classes, "
                + "InceptionV3 without its auxiliary head. "
            + "Layers: those with weights on the longest way from input to logits. Size: 4 bytes × parameters / 2²⁰. Features: channels "
            + "of the last feature map."));
}
