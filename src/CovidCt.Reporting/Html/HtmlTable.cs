using System.Xml.Linq;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html;

/// <summary>A column's heading, and how its cells are compared when a reader sorts by it.</summary>
/// <param name="Heading">What it holds.</param>
/// <param name="IsNumber">Whether its cells are numbers, which stand to the right.</param>
internal readonly record struct Column(string Heading, bool IsNumber = false);

/// <summary>Tables that a reader can sort.</summary>
internal static class HtmlTable
{
    private const int MostUnbroken = 20;
    private const int MostShortRows = 20; // Such a table is not cut in print.

    /// <summary>A table under its caption, in a box of its own that can be scrolled where it is wider than the page.</summary>
    public static XElement Of(string id, string caption, IReadOnlyList<Column> columns, IEnumerable<XElement> rows)
    {
        var body = Element("tbody", rows);
        return Element(
            "div", Class(body.Elements().Count() <= MostShortRows ? "table short" : "table"),
            // A caption within the table would be scrolled away with it.
            Element("p", Attribute("id", $"{id}-caption"), Class("caption"), caption),
            Element(
                "div",
                Class("scroll"),
                Attribute("tabindex", 0),
                Attribute("role", "region"),
                Attribute("aria-labelledby", $"{id}-caption"),
                Element(
                    "table", Attribute("id", id), Class("sortable"), Attribute("aria-labelledby", $"{id}-caption"),
                    Element("thead", Element("tr", columns.Select(column => Element(
                        "th",
                        Attribute("scope", "col"),
                        column.IsNumber ? Class("number") : null,
                        Attribute("data-sort", column.IsNumber ? "number" : "text"),
                        column.Heading)))),
                    body)));
    }

    /// <summary>A table of texts, whose first column heads its rows.</summary>
    public static XElement Of(string id, string caption, TableData data, Func<int, bool> isNumber) => Of(
        id,
        caption,
        [.. data.Headers.Select((heading, i) => new Column(heading, isNumber(i)))],
        data.Rows.Select(row => Element(
            "tr",
            row.Select((cell, i) => i == 0 ? RowHeading(cell) : isNumber(i) ? Number(cell) : Text(cell)))));

    /// <summary>The first cell of a row; a long name or path may be broken after each of its parts.</summary>
    public static XElement RowHeading(string text) => Element("th", Attribute("scope", "row"), Breakable(text));

    /// <summary>A cell of text, which is not broken where it is short.</summary>
    public static XElement Text(string text) => Element("td", text.Length <= MostUnbroken ? Class("unbroken") : null, text);

    public static XElement Number(string text, string? sortBy = null) =>
        Element("td", Class("number"), sortBy is null ? null : Attribute("data-sort-value", sortBy), text);

    /// <summary>A figure of <c>results.json</c> in per cent, with its exact value beside it.</summary>
    public static XElement Figure(string network, string name, double? mean, double? std = null, int? fold = null) => Element(
        "td",
        Class("number"),
        Attribute("data-network", network),
        fold is { } f ? Attribute("data-fold", f) : null,
        Attribute("data-figure", name),
        Exact("data-value", mean),
        fold is null ? Exact("data-std", std) : null,
        Numbers.Percent(mean, std));

    /// <summary>A count of <c>results.json</c>.</summary>
    public static XElement Count(string network, string name, int count, int? fold = null) => Element(
        "td",
        Class("number"),
        Attribute("data-network", network),
        fold is { } f ? Attribute("data-fold", f) : null,
        Attribute("data-figure", name),
        Attribute("data-value", count),
        Numbers.Whole(count));

    private static IEnumerable<object> Breakable(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length - 1; i++)
        {
            if (text[i] is '_' or '/')
            {
                yield return text[start..(i + 1)];
                yield return Element("wbr");
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    /// <summary>The attribute of an exact value, whose digits round-trip; empty where it is undefined.</summary>
    public static XAttribute Exact(string name, double? value) =>
        Attribute(name, value?.ToString("R", System.Globalization.CultureInfo.InvariantCulture) ?? "");
}
