using CovidCt.Records;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tables;

/// <summary>What prediction sets hold, as tables.</summary>
internal static class SetTables
{
    /// <summary>Counts, coverage and size of sets, three rows a network: of each class's images, and of all.</summary>
    /// <param name="networks">The networks.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="negative">The name of the other.</param>
    /// <param name="drawn">What counts once.</param>
    public static TableData Of(
        IEnumerable<(string Network, SetStatistics Sets)> networks, string positive, string negative, ClusterUnit drawn) => new(
        [
            "Network", "Images of", "Images", .. drawn == ClusterUnit.Image ? (string[])[] : [Lists.Capital(ResultWords.Units(drawn))],
            .. Headings(positive, negative), "Coverage", "Size",
        ],
        [
            .. from network in networks
               from part in (IEnumerable<(string Name, SetStatistics.Part Of)>)
                   [(positive, network.Sets.Positives), (negative, network.Sets.Negatives), ("both", network.Sets.All)]
               select (string[])
               [
                   network.Network, part.Name, Numbers.Whole(part.Of.Images),
                   .. drawn == ClusterUnit.Image ? (string[])[] : [Numbers.Whole(part.Of.Clusters)], .. Cells(part.Of),
                   Numbers.Estimate(part.Of.Coverage.Value, part.Of.Coverage.Interval), Numbers.Two(part.Of.Size),
               ],
        ]);

    /// <summary>The same by groups of one network, a row a group.</summary>
    /// <param name="groups">Those of the network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="negative">The name of the other.</param>
    public static TableData Groups(IEnumerable<SetStatistics.Group> groups, string positive, string negative) => new(
        [
            "Column", "Group", "Images", .. Headings(positive, negative), $"Coverage of {positive}", $"Coverage of {negative}",
            $"Size on {positive}", $"Size on {negative}",
        ],
        [
            .. groups.Select(group => (string[])
            [
                group.Column, GroupWords.Name(group.Band), Numbers.Whole(group.Positives.Images + group.Negatives.Images),
                .. Cells(Together(group)),
                Coverage(group.Positives), Coverage(group.Negatives), Numbers.Two(group.Positives.Size), Numbers.Two(group.Negatives.Size),
            ]),
        ]);

    private static IEnumerable<string> Headings(string positive, string negative) =>
        [$"{positive} alone", $"{negative} alone", "Both", "Neither"];

    private static IEnumerable<string> Cells(SetStatistics.Part of) =>
        ((int[])[of.PositiveAlone, of.NegativeAlone, of.Both, of.Neither]).Select(count => Numbers.Whole(count));

    private static string Coverage(SetStatistics.Part of) => Numbers.Estimate(of.Coverage.Value, of.Coverage.Interval);

    private static SetStatistics.Part Together(SetStatistics.Group group) => group.Positives with
    {
        PositiveAlone = group.Positives.PositiveAlone + group.Negatives.PositiveAlone,
        NegativeAlone = group.Positives.NegativeAlone + group.Negatives.NegativeAlone,
        Both = group.Positives.Both + group.Negatives.Both,
        Neither = group.Positives.Neither + group.Negatives.Neither,
    };
}
