using System.Globalization;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>Groups of people and images, and what figures by them are worth, in words.</summary>
internal static class GroupWords
{
    /// <summary>How figures by group come about, and what they are not.</summary>
    /// <param name="drawn">What is drawn as a whole for the intervals.</param>
    /// <param name="isOneTest">Whether there is one test part and no folds.</param>
    /// <param name="isGiven">Whether who answered about a fold is unknown.</param>
    public static string Meaning(ClusterUnit drawn, bool isOneTest = false, bool isGiven = false)
    {
        var units = ResultWords.Units(drawn);
        var folds = isOneTest
            ? ""
            : $", those of all folds together since each fold has few of a group; their answers {(isGiven ? "may be" : "are")} of "
                + "several networks, which blurs the AUC";
        return $"Figures are of images{folds}. A group of one class alone has no figure of the other, and one of fewer than "
            + $"{Numbers.Numeral(Subgroups.FewestClusters)} {units} no interval. Groups were not planned, and where many are looked at "
            + "some differ by chance.";
    }

    /// <summary>The name of a group.</summary>
    /// <param name="band">Which values it has.</param>
    public static string Name(Subgroups.Band band) => band switch
    {
        { Kind: Subgroups.BandKind.Unknown } => "unknown",
        { Kind: Subgroups.BandKind.Other } => "otherwise stated",
        { Kind: Subgroups.BandKind.Value } => band.Value!,
        { From: null } => $"under {Number(band.Below!.Value)}",
        { Below: null } => $"{Number(band.From.Value)} and above",
        _ => $"{Number(band.From.Value)} to under {Number(band.Below.Value)}",
    };

    /// <summary>The caption of the table.</summary>
    /// <param name="displayNames">Of which network, or networks.</param>
    public static string Caption(string displayNames) =>
        $"{displayNames} by groups of people and images, in per cent with 95 % intervals";

    /// <summary>Which columns there are figures by; null where there are none.</summary>
    /// <param name="columns">All columns.</param>
    public static string? Told(IReadOnlyCollection<Subgroups> columns)
    {
        List<string> told = [.. columns.Where(column => column.Groups.Count > 0).Select(column => column.Column)];
        return told.Count == 0
            ? null
            : $"Figures by {Lists.Listed(told)} are in the report and the model card, images without a value as a group of their own.";
    }

    /// <summary>Which columns make no groups, and why; null where each does.</summary>
    /// <param name="columns">All columns.</param>
    public static string? LeftOut(IReadOnlyCollection<Subgroups> columns)
    {
        List<string> left = [.. columns.Where(column => column.Groups.Count == 0).Select(column => column.Column)];
        return left.Count == 0
            ? null
            : $"No groups are made by {Lists.Listed(left)}, of more than {Numbers.Numeral(Subgroups.MostValues)} values{Each(left)} that "
                + "are neither numbers nor grades.";

        static string Each(List<string> left) => left.Count == 1 ? "" : " each";
    }

    /// <summary>Which columns are graded, and how; null where none is.</summary>
    /// <param name="columns">All columns.</param>
    public static string? Graded(IReadOnlyCollection<Subgroups> columns)
    {
        List<string> graded =
        [
            .. columns.Where(column => column.Values > Subgroups.MostValues
                && column.Groups.Any(group => group.Band.Kind == Subgroups.BandKind.Value)).Select(column => column.Column),
        ];
        return graded.Count == 0
            ? null
            : $"{Lists.Capital(Lists.Listed(graded))} is free text, graded by the word that it begins with; what begins with no grade is "
                + "“otherwise stated”.";
    }

    /// <summary>Which columns name images of one class alone, so that they say nothing of the other; null where none does.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="negative">The name of the other.</param>
    public static string? OneClass(IReadOnlyCollection<Subgroups> columns, string positive, string negative)
    {
        string?[] sentences =
        [
            Sentence(group => group.Negatives == 0, negative, "sensitivity"),
            Sentence(group => group.Positives == 0, positive, "specificity"),
        ];
        return sentences.OfType<string>().Any() ? Lists.Sentences(sentences) : null;

        string? Sentence(Func<Subgroups.Group, bool> isAlone, string other, string figure)
        {
            List<string> alone =
                [.. columns.Where(column => Known(column).Any() && Known(column).All(isAlone)).Select(column => column.Column)];
            return alone.Count == 0
                ? null
                : $"By {Lists.Listed(alone)} there is {figure} alone: no {DataWords.Class(other)} image among those tested has a value, so "
                    + "that all of these are “unknown”.";
        }

        static IEnumerable<Subgroups.Group> Known(Subgroups column) =>
            column.Groups.Where(group => group.Band.Kind != Subgroups.BandKind.Unknown);
    }

    /// <summary>The images of each group.</summary>
    /// <param name="column">The groups.</param>
    public static string Sizes(Subgroups column) =>
        Lists.Listed(column.Groups.Select(group => $"{Name(group.Band)} {Numbers.Whole(group.Images)}"));

    private static string Number(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
