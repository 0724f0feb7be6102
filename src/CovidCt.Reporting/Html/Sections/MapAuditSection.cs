using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>How far the maps can be trusted: what the audits found.</summary>
internal static class MapAuditSection
{
    private const int FewCells = 20;

    private sealed record Audited(string Network, string Name, int Fold, RunMapAudit Audit);

    public static XElement? Of(StudyReport study, StudyFigures names)
    {
        var audits = (study.Results?.Networks ?? []).SelectMany(network => study.RunsOf(network.Name))
            .Where(run => run.MapAudit is not null).Select(run => new Audited(
                run.Network,
                names.DisplayName(run.Network),
                run.Fold,
                run.MapAudit!)).ToList();
        if (audits.Count == 0)
        {
            return null;
        }

        return Element(
            "section", Attribute("id", "map-audit"),
            Element("h2", "What the maps are worth"),
            Element(
                "p",
                "A heatmap always looks convincing. These figures ask whether a map marks what its network needs (evidence, deletion, "
                    + "insertion, ROAD), whether it depends on what the network learned (randomisation), "
                + "whether networks trained on other folds point at the same places (agreement), and whether it looks at the image rather "
                + "than at the padding around it."),
            Overview(audits),
            audits.Exists(entry => entry.Audit.Grid.Width * entry.Audit.Grid.Height < FewCells)
                ? Element(
                    "p",
                    Element("strong", "Maps of so few cells can hardly say where."),
                    " The input is small for these networks; maps of earlier layers are finer.")
                : null,
            Element(
                "dl", Class("small"),
                Term(
                    "Evidence",
                    "in logits: what the patches that the map marks hold more than the others, by hiding one patch after the other. Near "
                        + "0 for a map of the wrong places, and for a network that looks at nothing in particular."),
                Term(
                    "Deletion, insertion",
                    "the mean probability of the class while the marked pixels are removed (lower is better), or put back into a blurred "
                        + "image (higher is better)."),
                Term(
                    "ROAD",
                    "what removing the least relevant pixels first leaves of the probability beyond removing the most relevant first. "
                        + "About 0 for a map without regard to the network."),
                Term("In padding", "the share of the map’s energy outside the image; in brackets the padding’s share of the canvas."),
                Term(
                    "Randomised",
                    "the rank correlation of the map with that of the network whose layers have all lost what they learned. A map that "
                        + "still agrees explains the image and not the network."),
                Term("Agreement", "the mean rank correlation between the maps of the folds’ networks on the same images.")),
            Findings(audits),
            audits.Select(Levels));
    }

    private static XElement Overview(List<Audited> audits) => HtmlTable.Of(
        "table-map-audit", "Audit of the maps: means over test images of one fold, each map of the class that was answered",
        [
            new("Network"), new("Fold", true), new("Map, cells"), new("Images", true), new("Evidence", true), new("Deletion", true), new(
                "Insertion",
                true), new("ROAD", true),
            new("In padding", true), new("Randomised", true), new("Agreement", true),
        ],
        audits.Select(entry => Element(
            "tr",
            RowHeading(entry.Network),
            Number(Numbers.Whole(entry.Fold)),
            Element("td", $"{entry.Audit.MethodName}{(entry.Audit.Layer is { } layer ? $" of {layer}" : "")}, {entry.Audit.Grid}"),
            Number(Numbers.Whole(entry.Audit.Images)),
            Number(Numbers.Two(entry.Audit.Evidence)),
            Number(Numbers.Two(entry.Audit.Deletion.Area)),
            Number(Numbers.Two(entry.Audit.Insertion.Area)),
            Number(Numbers.Two(entry.Audit.Road.Score)),
            Number($"{Numbers.Percent(entry.Audit.EnergyOutside, null)} ({Numbers.Percent(entry.Audit.PaddingShare)}) %"),
            Number(Numbers.Two(entry.Audit.Randomisation.Count == 0 ? null : entry.Audit.Randomisation[^1].RankCorrelation)),
            Number(entry.Audit.Networks > 1
                ? $"{Numbers.Two(entry.Audit.Agreement)} ({Numbers.Counted(entry.Audit.Networks, "fold")})"
                : Numbers.Unknown))));

    private static IEnumerable<XElement> Findings(List<Audited> audits)
    {
        var marked = audits.Where(entry => entry.Audit.Findings is not null).ToList();
        if (marked.Count == 0)
        {
            yield return Element(
                "p",
                Class("small"),
                "No findings are marked in this data set, so whether the maps lie on them can’t be said. A manifest’s column ",
                Element("code", "findings"),
                " marks them.");
            yield break;
        }

        yield return HtmlTable.Of(
            "table-findings", "Maps and marked findings: images whose right class was answered, in per cent; in brackets what a map "
                + "without regard to the findings would have",
            [new("Network"), new("Images", true), new("Pointing game", true), new("Energy on findings", true)],
            marked.Select(entry => Element(
                "tr",
                RowHeading(entry.Network),
                Number(Numbers.Whole(entry.Audit.Findings!.Images)),
                Number($"{Numbers.Percent(entry.Audit.Findings.PointingGame, null)} "
                    + $"({Numbers.Percent(entry.Audit.Findings.PointingChance, null)})"),
                Number($"{Numbers.Percent(entry.Audit.Findings.EnergyInMask, null)} "
                    + $"({Numbers.Percent(entry.Audit.Findings.MaskShare, null)})"))));
    }

    private static XElement Levels(Audited entry) => Element(
        "details",
        Element("summary", $"{entry.Name}: the maps while layers are randomised, from the head down"),
        HtmlTable.Of(
            $"table-randomisation-{entry.Network}-{Numbers.Whole(entry.Fold)}",
            $"Cascading randomisation of {entry.Name} (Adebayo et al., 2018)",
            [new("Randomised down to"), new("Rank correlation", true), new("Structural similarity", true)],
            entry.Audit.Randomisation.Select(level => Element(
                "tr",
                RowHeading(level.Layer),
                Number(Numbers.Two(level.RankCorrelation)),
                Number(Numbers.Two(level.Ssim))))));

    private static IEnumerable<XElement> Term(string term, string meaning) => [Element("dt", term), Element("dd", meaning)];
}
