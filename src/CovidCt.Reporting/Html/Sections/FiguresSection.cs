using System.Text;
using System.Xml.Linq;
using CovidCt.Reporting.Figures;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>All figures, each as small panels that a phone shows below and a desktop beside each other.</summary>
internal static class FiguresSection
{
    private const int MostSvgBytes = 100_000;

    public static XElement Of(IReadOnlyList<FigureGroup> groups) => Element(
        "section", Attribute("id", "figures"),
        Element("h2", "Figures"),
        groups.Where(group => group.Panels.Count > 0).Select(Group),
        groups.Any(group => group.WhyMissing is not null)
            ? Element(
                "div",
                Attribute("id", "left-out"),
                Element("h3", "Left out"),
                Element("ul", groups.Select(group => group.WhyMissing).OfType<string>().Select(why => Element("li", why))))
            : null);

    private static IEnumerable<XElement> Group(FigureGroup group)
    {
        yield return Element("h3", Attribute("id", $"figure-{group.Name}"), group.Title);
        yield return Element("p", Class("small"), group.Caption);
        yield return Element("div", Class("panels"), group.Panels.Select(Panel));
    }

    /// <summary>A figure on a white ground, with its note.</summary>
    public static XElement Panel(Figure figure) => Element(
        "figure", Class("panel"),
        Element(
            "img",
            Attribute("src", Source(figure)),
            Attribute("width", figure.Width),
            Attribute("height", figure.Height),
            Attribute("alt", figure.Description)),
        figure.Note is null ? null : Element("figcaption", figure.Note));

    /// <summary>The drawing; of thousands of points a picture is smaller.</summary>
    private static string Source(Figure figure)
    {
        var svg = Encoding.UTF8.GetBytes(figure.ToSvg());
        return svg.Length <= MostSvgBytes
            ? "data:image/svg+xml;base64," + Convert.ToBase64String(svg)
            : "data:image/webp;base64," + Convert.ToBase64String(figure.ToWebp());
    }
}
