using System.Text;
using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Html.Sections;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html;

/// <summary>
/// Writes a study as one HTML file without outside references: styles, script and pictures are inside. It is made from
/// what lies in the study's folder alone; equal folders give equal files. Safe for many threads.
/// </summary>
public sealed class HtmlReport
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly StudyFigures _figures;
    private readonly HtmlReportOptions _options;

    /// <summary>Reports with these options.</summary>
    /// <param name="options">Which networks are known, and what keeps reports small; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public HtmlReport(HtmlReportOptions? options = null)
    {
        _options = options ?? new();
        OptionsValidation.ThrowIfInvalid(_options);
        _figures = new(_options.Networks);
    }

    /// <summary>Writes the report; the file is whole or not there.</summary>
    /// <param name="path">The file, such as <c>report.html</c>.</param>
    /// <param name="study">What lies in the study's folder.</param>
    /// <param name="others">Studies to put beside it; null where there are none.</param>
    /// <exception cref="IOException">The file can't be written, or a picture of a map can't be read.</exception>
    public void Write(string path, StudyReport study, IReadOnlyList<StudyReport>? others = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(study);
        Write(path, study, others is { Count: > 0 } ? ComparedNetwork.Of([study, .. others]) : []);
    }

    /// <summary>Writes the report of a study whose networks are compared already.</summary>
    internal void Write(string path, StudyReport study, IReadOnlyList<ComparedNetwork> compared)
    {
        var page = Page(study, compared);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, Utf8, leaveOpen: true);
            Markup.Write(writer, page);
        });
    }

    private XElement Page(StudyReport study, IReadOnlyList<ComparedNetwork> compared)
    {
        var title = study.Given is { } judged
            ? $"{GivenWords.Of(judged).Title}: {study.Dataset}"
            : $"COVID-19 on chest CT: {study.Dataset}{(study.IsPhantom ? ", generated drawings" : "")}";
        IReadOnlyList<XElement?> sections =
        [
            SummarySection.Of(study, _figures),
            ResultsSection.Of(study),
            ComparisonSection.Of(compared),
            TrustSection.Of(study, _figures),
            ClinicSection.Of(study, _figures),
            ProbabilitiesSection.Of(study, _figures),
            FiguresSection.Of(_figures.Of(study)),
            PatientsSection.Of(study, _figures),
            ErrorsSection.Of(study, _figures, _options),
            MapAuditSection.Of(study, _figures),
            DataSection.Of(study),
            study.Given is { } given ? GivenSection.Of(given, _figures) : MethodSection.Of(study),
            study.Given is null ? NetworksSection.Of(study, _options.Networks) : null,
            CardsSection.Of(study),
        ];
        var shown = sections.OfType<XElement>().ToList();
        return Element(
            "html", Attribute("lang", "en"),
            Element(
                "head",
                Element("meta", Attribute("charset", "utf-8")),
                Element("meta", Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")),
                // The browser itself refuses to fetch anything.
                Element(
                    "meta", Attribute("http-equiv", "Content-Security-Policy"),
                    Attribute(
                        "content",
                        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
                            + "form-action 'none'")),
                Element("meta", Attribute("name", "color-scheme"), Attribute("content", "light dark")),
                Element("link", Attribute("rel", "icon"), Attribute("href", "data:,")),
                Element("title", title),
                Verbatim("style", Resource("report.css"))),
            Element(
                "body",
                Element("a", Class("skip"), Attribute("href", "#summary"), "To the report"),
                Element(
                    "header",
                    Element("p", Class("kind"), KindOf(study)),
                    Element("h1", title),
                    Element(
                        "p", Class("warning"),
                        Element("strong", "Not a medical device."),
                        " This is the outcome of a research tool; nothing in it is a diagnosis, and its figures say nothing about other "
                            + "hospitals, scanners or patients.")),
                Element("nav", Attribute("aria-label", "Contents"), Element("ul", shown.Select(section => Element(
                    "li", Element("a", Attribute("href", "#" + section.Attribute("id")!.Value), section.Element("h2")!.Value))))),
                Element("main", shown),
                Element("footer", Element("p", Origin(study))),
                Verbatim("script", Resource("report.js"))));
    }

    private static string KindOf(StudyReport study) => study switch
    {
        { Given: { } given } => GivenWords.Of(given).Kind,
        { IsComplete: true } => "Report of a study",
        _ => "Report of a study that is not finished",
    };

    private static object[] Origin(StudyReport study) => study.Given is { } given
        ? [$"Made by CovidCt from {GivenWords.Of(given).MadeFrom}."]
        :
        [
            "Made by CovidCt from the study's folder ",
            Element("code", Path.GetFileName(study.Folder)),
            ". The method follows Alshazly, Linse, Barth and Martinetz, “Explainable COVID-19 Detection Using Chest CT Scans "
                + "and Deep Learning”, Sensors 2021, 21(2), 455.",
        ];

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream($"CovidCt.Reporting.Html.{name}")
            ?? throw new InvalidOperationException($"{name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
