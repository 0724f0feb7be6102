using System.Xml;
using System.Xml.Linq;

namespace CovidCt.Reporting.Html;

/// <summary>
/// Elements of a page, and their text in the form that both an HTML and an XML parser read alike: every element is
/// closed, only those that HTML calls void by <c>/></c>, and whatever comes from outside is escaped.
/// </summary>
internal static class Markup
{
    private static readonly HashSet<string> Void = ["br", "col", "hr", "img", "link", "meta", "wbr"];

    /// <summary>An element; strings in its content become text, pairs become attributes, null is nothing.</summary>
    public static XElement Element(string name, params object?[] content) => new(name, content);

    /// <summary>An attribute.</summary>
    public static XAttribute Attribute(string name, object value) => new(name, value);

    /// <summary>A class.</summary>
    public static XAttribute Class(string name) => new("class", name);

    /// <summary>A style sheet or a script, which an HTML parser takes as it is and an XML parser through the marks in comments.</summary>
    public static XElement Verbatim(string name, string content) => new(name, new XCData(content));

    /// <summary>Writes the page.</summary>
    public static void Write(TextWriter writer, XElement root)
    {
        writer.Write("<!DOCTYPE html>\n");
        WriteElement(writer, root);
        writer.Write('\n');
    }

    private static void WriteElement(TextWriter writer, XElement element)
    {
        var name = element.Name.LocalName;
        writer.Write('<');
        writer.Write(name);
        foreach (var attribute in element.Attributes())
        {
            writer.Write(' ');
            writer.Write(attribute.Name.LocalName);
            writer.Write("=\"");
            WriteText(writer, attribute.Value);
            writer.Write('"');
        }

        if (Void.Contains(name))
        {
            writer.Write(" />");
            return;
        }

        writer.Write('>');
        foreach (var node in element.Nodes())
        {
            switch (node)
            {
                case XElement child:
                    WriteElement(writer, child);
                    break;
                case XCData verbatim:
                    writer.Write($"/*<![CDATA[*/\n{verbatim.Value}/*]]>*/");
                    break;
                case XText text:
                    WriteText(writer, text.Value);
                    break;
            }
        }

        writer.Write($"</{name}>");
        if (IsBlock(name))
        {
            writer.Write('\n');
        }
    }

    private static bool IsBlock(string name) =>
        name is "section" or "table" or "tr" or "p" or "figure" or "h1" or "h2" or "h3" or "div" or "li"
            or "head" or "style" or "script" or "title";

    private static void WriteText(TextWriter writer, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '&':
                    writer.Write("&amp;");
                    break;
                case '<':
                    writer.Write("&lt;");
                    break;
                case '>':
                    writer.Write("&gt;");
                    break;
                case '"':
                    writer.Write("&quot;");
                    break;
                case '\r':
                    writer.Write("&#13;");
                    break;
                case var _ when char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]):
                    writer.Write(c);
                    writer.Write(text[++i]);
                    break;
                default:
                    writer.Write(XmlConvert.IsXmlChar(c) ? c : '\uFFFD'); // A control character would break the page for an XML parser.
                    break;
            }
        }
    }
}
