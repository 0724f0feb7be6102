using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;
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
                    + "insertion, ROAD), whether it depends on what the network learned (randomisation) and on what it was trained on "
                    + "(agreement), and whether it looks at the image rather than at the padding around it. Beside them stand the "
                    + "same figures of maps that know nothing of the network, on the same images."),
            Overview(audits),
            audits.Select(entry => MapWords.AgainstBaselines(entry.Audit) is { } said ? Element("p", $"{entry.Name}. {said}") : null),
            Baselines(audits),
            audits.Exists(entry => entry.Audit.Grid.Width * entry.Audit.Grid.Height < FewCells)
                ? Element(
                    "p",
                    Element("strong", "Maps of so few cells can hardly say where."),
                    " The input is small for these networks; maps of earlier layers are finer.")
                : null,
            Terms(audits),
            Findings(audits),
            Lungs(audits),
            audits.Select(Levels));
    }

    private static XElement Overview(List<Audited> audits) => HtmlTable.Of(
        "table-map-audit", $"Audit of the maps: {MapWords.Sampling([.. audits.Select(entry => entry.Audit)])}",
        [
            new("Network"), new("Fold", true), new("Map, cells"), new("Images", true), new("Evidence", true), new("Deletion", true),
            new("Insertion", true), new("ROAD", true), new("In padding, %", true), new("Padding, %", true), new("Randomised", true),
            new("Agreement", true),
        ],
        audits.Select(entry => Element(
            "tr",
            RowHeading(entry.Network),
            Number(Numbers.Whole(entry.Fold)),
            Element("td", $"{entry.Audit.MethodName}{(entry.Audit.Layer is { } layer ? $" of {layer}" : "")}, {entry.Audit.Grid}"),
            Number(MapWords.Images(entry.Audit)),
            Number(Numbers.Two(entry.Audit.Figures.Evidence)),
            Number(Numbers.Two(entry.Audit.Figures.Deletion)),
            Number(Numbers.Two(entry.Audit.Figures.Insertion)),
            Number(Numbers.Two(entry.Audit.Figures.Road)),
            Number(Percent(entry.Audit.Figures.EnergyOutside)),
            Number(Numbers.Percent(entry.Audit.PaddingShare)),
            Number(MapWords.Randomised(entry.Audit)),
            Number(MapWords.Agreement(entry.Audit)))));

    private static XElement? Baselines(List<Audited> audits)
    {
        var compared = audits.Where(entry => entry.Audit.Baselines.Count > 0).ToList();
        return compared.Count == 0 ? null : Element(
            "details",
            Element("summary", "The figures of maps that know nothing of the network"),
            HtmlTable.Of(
                "table-map-baselines", "Maps that know nothing of the network, on the same images, and what the network’s maps have more "
                    + "than they: means of the differences image by image, in brackets 95 % intervals, each by itself",
                [
                    new("Network"), new("Maps"), new("Evidence", true), new("Deletion", true), new("Insertion", true), new("ROAD", true),
                    new("Pointing game", true), new("Energy on findings", true),
                ],
                compared.SelectMany(entry => entry.Audit.Baselines.SelectMany(baseline => (XElement[])
                [
                    Row(entry, MapWords.Name(baseline.Map), baseline.Figures, Numbers.Two),
                    Row(entry, $"{entry.Audit.MethodName} less {MapWords.Name(baseline.Map)}", baseline.Difference, Numbers.SignedTwo),
                ]))));
    }

    private static XElement Row(Audited entry, string maps, MapFigures figures, Func<EstimatedFigure, string> shown) => Element(
        "tr",
        RowHeading(entry.Network),
        Element("td", maps),
        ((EstimatedFigure[])
        [
            figures.Evidence, figures.Deletion, figures.Insertion, figures.Road, figures.PointingGame, figures.EnergyInMask,
        ]).Select(figure => Number(shown(figure))));

    private static XElement Terms(List<Audited> audits) => Element(
        "dl", Class("small"),
        Term(
            "Evidence",
            "in nats of the class’s log-odds, which of two classes is the difference of the logits: what the patches that the map marks "
                + "hold more than the others, found by hiding one patch after the other. Near 0 for a map of the wrong places, and for a "
                + "network that looks at nothing in particular."),
        Term(
            "Deletion, insertion",
            "the mean probability of the class while the marked pixels are removed (lower is better), or put back into a blurred image "
                + "(higher is better)."),
        Term(
            "ROAD",
            "what removing the least relevant pixels first leaves of the probability beyond removing the most relevant first; for chance, "
                + "see the random maps."),
        Term("Intervals", ResultWords.IntervalsMeaning(MapWords.Drawn([.. audits.Select(entry => entry.Audit)]))),
        Term("In padding", "the share of the map’s energy outside the image, beside the padding’s share of the canvas."),
        Term(
            "Better, worse",
            "the 95 % interval of the mean difference leaves 0 out, however small the difference. Each interval stands by itself: of "
                + "twenty differences that are nothing but chance, about one is told as better or worse."),
        Term(
            "Random maps, a spot in the middle, maps of edges",
            "a random value a cell, as coarse as the network’s map; a normal spot in the image’s middle; the strength of the image’s "
                + "edges, pixel by pixel, which is finer than the network’s map. A map that is not better than these has not been shown "
                + "to tell more of the network than they do."),
        Term(
            "Randomised",
            "the rank correlation of the map with that of the network whose layers have all lost what they learned. A map that still "
                + "agrees explains the image and not the network."),
        Term(
            "Agreement",
            "the mean rank correlation between the maps of each two networks, on the same images. "
                + MapWords.AgreementMeaning([.. audits.Select(entry => entry.Audit)])));

    private static XElement Findings(List<Audited> audits)
    {
        var marked = audits.Where(entry => entry.Audit.Findings is not null).ToList();
        return marked.Count == 0
            ? Element(
                "p",
                Class("small"),
                "No findings are marked in the audited images, so whether the maps lie on them can’t be said. A manifest’s column ",
                Element("code", "findings"),
                " marks them.")
            : HtmlTable.Of(
                "table-findings", "Maps and marked findings: images whose right class was answered, in per cent; beside it what a map "
                    + "without regard to the findings would have",
                [
                    new("Network"), new("Images", true), new("Pointing game", true), new("Chance", true), new("Energy on findings", true),
                    new("Findings’ area", true),
                ],
                marked.Select(entry => Element(
                    "tr",
                    RowHeading(entry.Network),
                    Number(Numbers.Whole(entry.Audit.Findings!.Images)),
                    Number(Percent(entry.Audit.Figures.PointingGame)),
                    Number(Numbers.Percent(entry.Audit.Findings.PointingChance, null)),
                    Number(Percent(entry.Audit.Figures.EnergyInMask)),
                    Number(Numbers.Percent(entry.Audit.Findings.MaskShare, null)))));
    }

    private static IEnumerable<XElement> Lungs(List<Audited> audits)
    {
        var known = audits.Where(entry => entry.Audit.Lungs is not null).ToList();
        if (known.Count > 0)
        {
            yield return HtmlTable.Of(
                "table-lungs", "Maps and lungs, in per cent; beside it what a map without regard to the lungs would have",
                [new("Network"), new("Images", true), new("Energy in the lungs", true), new("Lungs’ area", true)],
                known.Select(entry => Element(
                    "tr",
                    RowHeading(entry.Network),
                    Number(Numbers.Whole(entry.Audit.Lungs!.Images)),
                    Number(Percent(entry.Audit.Lungs.EnergyInLungs)),
                    Number(Numbers.Percent(entry.Audit.Lungs.LungShare, null)))));
        }
    }

    private static XElement Levels(Audited entry) => Element(
        "details",
        Element("summary", $"{entry.Name}: the maps while layers are randomised, from the head down"),
        HtmlTable.Of(
            $"table-randomisation-{entry.Network}-{Numbers.Whole(entry.Fold)}",
            $"Cascading randomisation of {entry.Name} (Adebayo et al., 2018), in brackets 95 % intervals",
            [new("Randomised down to"), new("Rank correlation", true), new("Structural similarity", true)],
            entry.Audit.Randomisation.Select(level => Element(
                "tr",
                RowHeading(level.Layer),
                Number(Numbers.Two(level.RankCorrelation)),
                Number(Numbers.Two(level.Ssim))))));

    private static string Percent(EstimatedFigure figure) => Numbers.Estimate(figure.Value, figure.Interval);

    private static IEnumerable<XElement> Term(string term, string meaning) => [Element("dt", term), Element("dd", meaning)];
}
