using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// Studies side by side for a page or a paper: a table for each, whose caption says how it came about, with intervals and
/// hours, and the differences.
/// </summary>
internal static class ComparisonTables
{
    /// <summary>The document.</summary>
    /// <param name="studies">The studies, the first of which the others are compared with.</param>
    /// <param name="compared">Their networks, study by study.</param>
    public static Markdown Of(IReadOnlyList<StudyReport> studies, IReadOnlyList<ComparedNetwork> compared)
    {
        var document = new Markdown()
            .Heading(1, "Studies side by side")
            .Strong(StudyFacts.NotADevice);
        var facts = studies.Select(StudyFacts.Of).ToList();
        var begin = 0;
        foreach (var study in facts)
        {
            var count = study.Results?.Networks.Count ?? 0;
            Study(document, study, [.. compared.Skip(begin).Take(count)]);
            begin += count;
        }

        var differences = compared.Where(network => network.Difference is not null).ToList();
        if (differences.Count > 0)
        {
            document
                .Heading(2, "Differences")
                .Paragraph($"{compared[0].Study} less the others, on the same images, in percentage points with 95 % intervals; a "
                    + "difference whose interval holds 0 may be chance.")
                .Table(
                    ["Less", "Network", "Images", .. FigureNames.Headings],
                    differences.Select(network => (string[])
                    [
                        network.Study,
                        facts[0].DisplayName(network.Network),
                        Numbers.Whole(network.Paired),
                        .. FigureNames.Estimates(network.Difference!).Select(figure => Numbers.Points(figure.Value, figure.Interval)),
                    ]),
                    column => column > 1);
        }

        return compared.Any(network => network.Seeds > 1) ? document.Paragraph(SeedWords.Compared) : document;
    }

    private static void Study(Markdown document, StudyFacts facts, IReadOnlyList<ComparedNetwork> networks)
    {
        document
            .Heading(2, facts.IsGiven ? facts.Title : $"{facts.Title}: {Path.GetFileName(facts.Study.Folder)}")
            .Paragraph(Lists.Sentences(
                $"{Lists.Capital(facts.DesignInWords)}.",
                facts.Counts,
                facts.SharedPatients,
                facts.Given is { } given ? given.Unknown : $"{Lists.Capital(facts.Recipe)}.",
                Began(facts, networks, NetworkResult.Random, "at random"),
                Began(facts, networks, NetworkResult.ImageNet, "with ImageNet weights"),
                facts.Unfinished));
        if (networks.Count == 0)
        {
            document.Paragraph(StudyFacts.NoFigures);
            return;
        }

        var ofSeveral = networks.Any(network => network.Seeds > 1);
        document
            .Table(
                ["Network", "Began with", .. ofSeveral ? ["Seeds"] : Array.Empty<string>(), .. FigureNames.Headings, "Hours"],
                networks.Select(network => (string[])
                [
                    facts.DisplayName(network.Network), network.Initialization,
                    .. ofSeveral ? [Numbers.Whole(network.Seeds)] : Array.Empty<string>(),
                    .. FigureNames.Estimates(network.Figures).Select(figure => Numbers.Estimate(figure.Value, figure.Interval)),
                    Numbers.Hours(network.Training),
                ]),
                column => column > 1)
            .Paragraph(Lists.Sentences(
                "In per cent at threshold 0.5.",
                networks.All(network => network.Seeds > 1) ? facts.IntervalsMeaningOverSeeds : facts.IntervalsMeaning,
                facts.IsGiven ? null : $"Hours are those of training, all runs added up, on this machine: {facts.Device}."))
            .Facts(("Between networks", facts.Distinguishable), ("Versions", facts.IsGiven ? null : facts.Versions));
    }

    private static string? Began(StudyFacts facts, IReadOnlyList<ComparedNetwork> networks, string initialization, string words) =>
        networks.Where(network => network.Initialization == initialization).Select(network => facts.DisplayName(network.Network))
            .ToList() is { Count: > 0 } names
            ? $"{Lists.Listed(names)} began {words}."
            : null;
}
