using System.Globalization;
using System.Xml.Linq;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>Other studies beside this one.</summary>
internal static class ComparisonSection
{
    public static XElement? Of(IReadOnlyList<ComparedNetwork> compared) => compared.Count == 0 ? null : Element(
        "section", Attribute("id", "comparison"),
        Element("h2", "Beside other studies"),
        HtmlTable.Of(
            "table-compared", "Figures in per cent, with 95 % intervals",
            [
                new("Study"), new("Network"), new("Folds by"), new("Input"), new("Trained"), new("Began with"),
                .. OfSeveralSeeds(compared) ? [new Column("Seeds", true)] : Array.Empty<Column>(), new("Hours", true),
                new("Test images", true), .. FigureNames.All.Select(figure => new Column(figure.Heading, true)),
            ],
            compared.Select(network => Element(
                "tr",
                RowHeading(network.Study),
                Text(network.Network),
                Text(DesignWords.Unit(network.GroupBy)),
                Text(network.Input),
                Text(network.Trained),
                Text(network.Initialization),
                OfSeveralSeeds(compared) ? Number(Numbers.Whole(network.Seeds)) : null,
                Number(Numbers.Hours(network.Training)),
                Number(Numbers.Whole(network.Images)),
                TrustSection.Cells(network.Figures)))),
        compared.Any(network => network.Difference is not null) ? Differences(compared) : null,
        compared.Where(network => network.Relabelled > 0).Select(network => Element(
            "p", Class("small"), PairWords.Relabelled(network.Study, network.Network, network.Relabelled))),
        OfSeveralSeeds(compared) ? Element("p", Class("small"), SeedWords.Compared) : null);

    private static bool OfSeveralSeeds(IReadOnlyList<ComparedNetwork> compared) => compared.Any(network => network.Seeds > 1);

    private static XElement Differences(IReadOnlyList<ComparedNetwork> compared) => HtmlTable.Of(
        "table-differences",
        $"The first study ({compared[0].Study}) less the others, on the same images, in percentage points with 95 % intervals; a "
            + "difference whose interval holds 0 may be chance",
        [new("Less"), new("Network"), new("Images", true), .. FigureNames.All.Select(figure => new Column(figure.Heading, true))],
        compared.Where(network => network.Difference is not null).Select(network => Element(
            "tr",
            RowHeading(network.Study),
            Text(network.Network),
            Number(Numbers.Whole(network.Paired)),
            FigureNames.Estimates(network.Difference!)
                .Select(figure => Number(
                    Numbers.Points(figure.Value, figure.Interval),
                    figure.Value?.ToString("R", CultureInfo.InvariantCulture))))));
}
