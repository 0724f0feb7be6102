using CovidCt.Maps;
using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>Maps of what networks looked at, in words.</summary>
internal static class MapWords
{
    private static readonly (string Name, Func<MapFigures, EstimatedFigure> Of, int Good)[] Figures =
    [
        ("evidence", figures => figures.Evidence, 1),
        ("deletion", figures => figures.Deletion, -1),
        ("insertion", figures => figures.Insertion, 1),
        ("ROAD", figures => figures.Road, 1),
        ("the pointing game", figures => figures.PointingGame, 1),
        ("energy on findings", figures => figures.EnergyInMask, 1),
    ];

    /// <summary>How many maps and audits there are; null of none.</summary>
    /// <param name="methods">The method of each map.</param>
    /// <param name="audits">The number of audits.</param>
    public static string? InWords(IReadOnlyList<string> methods, int audits)
    {
        if (methods.Count == 0 && audits == 0)
        {
            return null;
        }

        var by = methods.Count == 0 ? "" : $" ({Lists.Listed(methods.Distinct())})";
        var audited = audits == 0
            ? "none was audited."
            : $"{Numbers.Counted(audits, "audit")} of such maps by occlusion, deletion, insertion, ROAD and randomised layers, beside maps "
                + "that know nothing of the network.";
        return $"{Numbers.Counted(methods.Count, "map")} of what networks looked at{by}; {audited}";
    }

    /// <summary>Which images the figures of audits are of, and what their intervals are over.</summary>
    public static string Sampling(IReadOnlyList<RunMapAudit> audits)
    {
        var (each, over) = Drawn(audits) switch
        {
            ClusterUnit.Source => (", at most one of each class from each source", "over sources"),
            ClusterUnit.Patient => (", at most one of each class from each patient", "over patients"),
            _ => ("", "over images, since patients are unknown"),
        };
        return $"means over test images of the run{each}; each map is of the class that was answered; in brackets 95 % intervals {over}";
    }

    /// <summary>What was drawn as a whole for the intervals of audits.</summary>
    public static ClusterUnit Drawn(IReadOnlyList<RunMapAudit> audits) => audits.Min(audit => audit.Drawn);

    /// <summary>What the agreement of networks says, and what it can't.</summary>
    public static string AgreementMeaning(IReadOnlyList<RunMapAudit> audits)
    {
        List<RunMapAudit> several = [.. audits.Where(audit => audit.Networks > 1)];
        return (several.Count, several.Count(audit => audit.TrainedNetworks > 0)) switch
        {
            (0, _) => "Without further networks there is none.",
            (_, 0) => "None of these networks trained on the images.",
            _ => "In a cross-validation every image is tested by one network, and all others trained on it. Their agreement says how much "
                + "the maps depend on the training part, not whether networks agree about images that are new to them all.",
        };
    }

    /// <summary>A kind of maps that know nothing of the network.</summary>
    public static string Name(BaselineMap kind) => kind switch
    {
        BaselineMap.Random => "random maps",
        BaselineMap.Centred => "a spot in the middle",
        _ => "maps of edges",
    };

    /// <summary>How many images were audited, and of how many patients or sources where these are fewer.</summary>
    public static string Images(RunMapAudit audit) => audit.Clusters < audit.Images
        ? $"{Numbers.Whole(audit.Images)} of {Numbers.Counted(audit.Clusters, audit.Drawn == ClusterUnit.Source ? "source" : "patient")}"
        : Numbers.Whole(audit.Images);

    /// <summary>How far networks agree, and how many of them trained on the images.</summary>
    public static string Agreement(RunMapAudit audit) => audit.Networks < 2
        ? Numbers.Unknown
        : $"{Numbers.Two(audit.Agreement)}; {Numbers.Numeral(audit.Networks)} networks, {Some(audit.TrainedNetworks)} of them "
            + "trained on the images";

    /// <summary>How alike maps are once all layers are randomised; unknown where none was.</summary>
    public static string Randomised(RunMapAudit audit) =>
        audit.Randomisation.Count == 0 ? Numbers.Unknown : Numbers.Two(audit.Randomisation[^1].RankCorrelation);

    /// <summary>
    /// Whether a network's maps are worth more than maps that know nothing of it, by the intervals of the differences; null where
    /// none were compared.
    /// </summary>
    public static string? AgainstBaselines(RunMapAudit audit) =>
        audit.Baselines.Count == 0 ? null : string.Join(" ", audit.Baselines.Select(Against));

    private static string Some(int number) => number == 0 ? "none" : Numbers.Numeral(number);

    private static string Against(RunMapAudit.Baseline baseline)
    {
        var compared = Figures.Select(figure => (figure.Name, Difference: figure.Of(baseline.Difference), figure.Good))
            .Where(figure => figure.Difference.Value is not null)
            .ToLookup(figure => Sign(figure.Difference.Interval) * figure.Good, figure => figure.Name);
        List<string> parts = [.. Part("better", compared[1]), .. Part("worse", compared[-1]), .. Part("not told apart", compared[0])];
        return $"Against {Name(baseline.Map)}: {string.Join("; ", parts)}.";

        static int Sign(Interval? interval) => interval is { Low: > 0 } ? 1 : interval is { High: < 0 } ? -1 : 0;

        static IEnumerable<string> Part(string verdict, IEnumerable<string> names) =>
            names.Any() ? [$"{verdict} by {Lists.Listed(names)}"] : [];
    }
}
