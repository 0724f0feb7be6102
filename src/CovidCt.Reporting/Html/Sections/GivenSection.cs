using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>In the place of a method, where the answers come from: from which files and columns, or from which network.</summary>
internal static class GivenSection
{
    public static XElement Of(GivenPredictions given, StudyFigures names) => Element(
        "section", Attribute("id", "method"),
        Element("h2", GivenWords.Of(given).Heading),
        given.Tested is { } tested ? Model(tested, names) : null,
        Element("p", GivenWords.Of(given).Unknown),
        given.Files.Count == 0 ? null : HtmlTable.Of(
            "table-files", "Files of predictions, and the columns that were read",
            [new("File"), new("Rows", true), new("Columns"), new("SHA-256")],
            ForeignWords.Files(given).Select(file => Element(
                "tr", RowHeading(file.File), Number(file.Rows), Text(file.Columns), Element("td", Class("path"), file.Sha256)))),
        ForeignWords.Renamed(given) is { } renamed ? Element("p", renamed) : null,
        given.JudgedWith is { } program ? Element("p", Class("small"), $"Judged with {program}.") : null);

    private static XElement? Model(TestedModel tested, StudyFigures names) => tested.Files.Count == 0 ? null : HtmlTable.Of(
        "table-model", $"The files of {names.DisplayName(tested.Network)}",
        [new("File"), new("SHA-256")],
        tested.Files.Select(file => Element("tr", RowHeading(file.Name), Element("td", Class("path"), file.Sha256))));
}
