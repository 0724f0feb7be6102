using System.Text;
using System.Xml.Linq;
using CovidCt.Reporting.Figures;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>All figures, each as small panels that a phone shows below and a desktop beside each other.</summary>
internal static class FiguresSection
{
    public static XElement Of(IReadOnlyList<FigureGroup> groups) => Element(
        "section", Attribute("id", "figures"),
        Element("h2", "Figures"),
        groups.Where(group => group.Panels.Count > 0).Select(Group),
        groups.Any(group => group.WhyMissing is not null)
            ? Element("div", Attribute("id", "left-out"), Element("h3", "Left out"), Element("ul", groups.Select(group => group.WhyMissing).OfType<string>().Select(why => Element("li", why))))
            : null);

    private static IEnumerable<XElement> Group(FigureGroup group)
    {
        yield return Element("h3", Attribute("id", $"figure-{group.Name}"), group.Title);
        yield return Element("p", Class("small"), group.Caption);
        yield return Element("div", Class("panels"), group.Panels.Select(Panel));
    }

    private static XElement Panel(Figure figure) => Element(
        "figure", Class("panel"),
        Element(
            "img",
            Attribute("src", "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(figure.ToSvg()))),
            Attribute("width", figure.Width), Attribute("height", figure.Height), Attribute("alt", figure.Description)));
}
