using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>In the place of a method, from which files and columns predictions come that were made elsewhere.</summary>
internal static class GivenSection
{
    public static XElement Of(GivenPredictions given) => Element(
        "section", Attribute("id", "method"),
        Element("h2", "Where the predictions come from"),
        Element("p", GivenWords.Unknown),
        given.Files.Count == 0 ? null : HtmlTable.Of(
            "table-files", "Files of predictions, and the columns that were read",
            [new("File"), new("Rows", true), new("Columns"), new("SHA-256")],
            GivenWords.Files(given).Select(file => Element(
                "tr", RowHeading(file.File), Number(file.Rows), Text(file.Columns), Element("td", Class("path"), file.Sha256)))),
        GivenWords.Renamed(given) is { } renamed ? Element("p", renamed) : null,
        given.JudgedWith is { } program ? Element("p", Class("small"), $"Judged with {program}.") : null);
}
