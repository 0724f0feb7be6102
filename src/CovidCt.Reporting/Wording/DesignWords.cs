using CovidCt.Data;
using CovidCt.Evaluation;

namespace CovidCt.Reporting.Wording;

/// <summary>How images are divided into training and test parts, in words: in brief, as a phrase, and in plain language.</summary>
public static class DesignWords
{
    /// <summary>The design of a study that trains on one data set and tests on another.</summary>
    internal const string OtherDataset = "another data set";

    private const string AsGiven = "as given", OneTestPart = "one test part";

    private const string OwnSplit = "the data set’s own split";

    /// <summary>The design of results: how the folds were drawn, or <see cref="OtherDataset"/>. All else here is asked by it.</summary>
    /// <param name="groupBy">As results call it.</param>
    /// <param name="dataset">The name of the data set, or of both.</param>
    internal static string Of(string groupBy, string dataset) =>
        groupBy == CrossValidationReport.Official && dataset.Contains(CtDataset.TestedOnWords, StringComparison.Ordinal)
            ? OtherDataset
            : groupBy;

    /// <inheritdoc cref="Of(string, string)"/>
    internal static string Of(CrossValidationReport results) => Of(results.GroupBy, results.Dataset);

    /// <summary>Whether predictions were made elsewhere.</summary>
    /// <param name="groupBy">As results call it.</param>
    internal static bool IsGiven(string groupBy) =>
        groupBy is CrossValidationReport.Given or CrossValidationReport.GivenPooled or CrossValidationReport.GivenTest;

    /// <summary>"5 folds by patient", "each of 5 sources left out in turn", or "the data set’s own split".</summary>
    /// <param name="groupBy">What the folds keep together.</param>
    /// <param name="folds">How many there are.</param>
    /// <param name="dataset">The name of the data set, or of both where one is trained on and another tested on.</param>
    public static string Brief(GroupBy groupBy, int folds, string dataset)
    {
        ArgumentNullException.ThrowIfNull(groupBy);
        ArgumentNullException.ThrowIfNull(dataset);
        return Brief(Of(groupBy.Name, dataset), Numbers.Counted(folds, "fold"), folds);
    }

    /// <summary>The same by the name of the way.</summary>
    /// <param name="groupBy">As results call it.</param>
    /// <param name="counted">The folds with their number.</param>
    /// <param name="count">The number.</param>
    internal static string Brief(string groupBy, string counted, object count) => groupBy switch
    {
        CrossValidationReport.Official => OwnSplit,
        OtherDataset => Elsewhere,
        CrossValidationReport.ByEachSource => LeftOut(count),
        CrossValidationReport.ByCollection => $"{counted} across collections",
        CrossValidationReport.Given or CrossValidationReport.GivenPooled => $"{counted} {AsGiven}",
        CrossValidationReport.GivenTest => OneTestPart,
        _ => $"{counted} by {Unit(groupBy)}",
    };

    /// <summary>The design as a phrase for a publication.</summary>
    /// <param name="groupBy">As results call it.</param>
    /// <param name="folds">How many there are.</param>
    /// <param name="seed">Of the folds.</param>
    internal static string Phrase(string groupBy, int folds, long seed) => groupBy switch
    {
        CrossValidationReport.Official => $"{OwnSplit} into training and test part",
        OtherDataset => Elsewhere,
        CrossValidationReport.ByEachSource => $"{LeftOut(folds)}, {Pooled}",
        CrossValidationReport.ByCollection => "training on some collections and testing on the others, and the reverse, "
            + FormattableString.Invariant($"{DividedSources}, seed {seed}: each image is tested once"),
        CrossValidationReport.Given => FormattableString.Invariant($"{folds} folds {AsGiven}"),
        CrossValidationReport.GivenPooled => FormattableString.Invariant($"{folds} folds {AsGiven}, {Pooled}"),
        CrossValidationReport.GivenTest => OneTestPart,
        _ => FormattableString.Invariant(
            $"{folds}-fold cross-validation by {Unit(groupBy)}, stratified by class, seed {seed}: each image is tested once"),
    };

    /// <summary>The design where one data set trains and another one tests.</summary>
    /// <param name="datasets">The names of both.</param>
    internal static string External(string datasets) => $"{Elsewhere} ({datasets})";

    /// <summary>The design for everyone, to go on with after what networks were trained to do.</summary>
    /// <param name="groupBy">As results call it.</param>
    /// <param name="folds">How many there are.</param>
    internal static string Plain(string groupBy, int folds)
    {
        const string inTurn = "while the network learns from the others.";
        var number = Numbers.Numeral(folds);
        return groupBy switch
        {
            CrossValidationReport.Official => $" and tested once, on the test part of {OwnSplit}.",
            OtherDataset => ", and tested once, on another data set than they were trained on.",
            CrossValidationReport.ByEachSource => $": each of {number} sources in turn is kept for testing {inTurn}",
            _ => $", by {number}-fold cross-validation: the images are split into {number} parts, {KeptTogether(groupBy)}; "
                + $"each part in turn is kept for testing {inTurn}",
        };
    }

    /// <summary>The caption of a table of figures: the design, and what the figures are over it.</summary>
    /// <param name="groupBy">As results call it.</param>
    /// <param name="folds">The number of folds, or from where to where, where networks differ.</param>
    /// <param name="seed">Of the folds.</param>
    internal static string Caption(string groupBy, string folds, long seed)
    {
        var design = Lists.Capital(Brief(groupBy, $"{folds} folds", folds));
        return groupBy switch
        {
            CrossValidationReport.Official or OtherDataset => FormattableString.Invariant($"{design}, seed {seed}; per cent"),
            CrossValidationReport.ByEachSource => FormattableString.Invariant($"{design}, {Pooled}, seed {seed}; per cent"),
            CrossValidationReport.Given => $"{design}; per cent, mean ± sample standard deviation over the folds",
            CrossValidationReport.GivenPooled => $"{design}, {Pooled}; per cent",
            CrossValidationReport.GivenTest => $"{design}; per cent",
            _ => FormattableString.Invariant($"{design}, seed {seed}; per cent, mean ± sample standard deviation over the folds"),
        };
    }

    /// <summary>The caption of the table of the folds themselves.</summary>
    /// <param name="groupBy">As results call it.</param>
    /// <param name="seed">Of the folds.</param>
    internal static string Parts(string groupBy, long seed) => groupBy switch
    {
        CrossValidationReport.Official => Lists.Capital(OwnSplit),
        OtherDataset => Lists.Capital(Elsewhere),
        CrossValidationReport.Given or CrossValidationReport.GivenPooled => $"Folds {AsGiven}",
        CrossValidationReport.GivenTest => Lists.Capital(OneTestPart),
        _ => FormattableString.Invariant($"Folds by {Unit(groupBy)}, seed {seed}"),
    };

    /// <summary>What training and test part have nothing in common of.</summary>
    /// <param name="groupBy">As results call it.</param>
    internal static string DisjointBy(string groupBy) => groupBy == CrossValidationReport.Official ? OwnSplit
        : groupBy == OtherDataset ? "data set"
        : groupBy == CrossValidationReport.ByCollection ? $"source, and by collection, {DividedSources}"
        : Unit(groupBy);

    /// <summary>What folds keep together, as a cell of a table or after "by".</summary>
    /// <param name="groupBy">As results call it.</param>
    internal static string Unit(string groupBy) => groupBy switch
    {
        CrossValidationReport.BySource => "source",
        CrossValidationReport.ByEachSource => "each source",
        CrossValidationReport.ByCollection => "collection",
        CrossValidationReport.Given or CrossValidationReport.GivenPooled => AsGiven,
        CrossValidationReport.GivenTest => OneTestPart,
        _ => ColumnOf(groupBy) ?? groupBy,
    };

    /// <summary>The same of a way of drawing folds.</summary>
    /// <param name="groupBy">The way.</param>
    internal static string Unit(GroupBy groupBy) => Unit(groupBy.Name);

    /// <summary>The same where the data set may be one to train on and another to test on.</summary>
    /// <param name="groupBy">The way.</param>
    /// <param name="dataset">The name of the data set, or of both; null where it isn't known.</param>
    internal static string Unit(GroupBy groupBy, string? dataset) => Unit(Of(groupBy.Name, dataset ?? ""));

    private static string? ColumnOf(string groupBy) =>
        groupBy.Contains(':', StringComparison.Ordinal) ? GroupBy.Parse(groupBy).Column : null;

    /// <summary>Whether there is a figure for each fold, and so a spread between them.</summary>
    /// <param name="groupBy">As results call it.</param>
    internal static bool HasSpread(string groupBy) =>
        groupBy is not (CrossValidationReport.ByEachSource or CrossValidationReport.Official or OtherDataset
            or CrossValidationReport.GivenPooled or CrossValidationReport.GivenTest);

    /// <summary>Whether there is one training part and one test part, and no folds.</summary>
    /// <param name="groupBy">As results call it.</param>
    internal static bool IsOneTest(string groupBy) =>
        groupBy is CrossValidationReport.Official or OtherDataset or CrossValidationReport.GivenTest;

    /// <inheritdoc cref="IsOneTest(string)"/>
    internal static bool IsOneTest(CrossValidationReport results) => IsOneTest(Of(results));

    /// <summary>What matrices are sums over, to go on with a comma; empty of one test part, where there is nothing to add up.</summary>
    /// <param name="groupBy">As results call it.</param>
    internal static string Summed(string groupBy) => groupBy switch
    {
        CrossValidationReport.Official or OtherDataset or CrossValidationReport.GivenTest => "",
        CrossValidationReport.ByEachSource => ", summed over the sources",
        _ => ", summed over the folds",
    };

    /// <summary>What figures are over, for everyone; null where there is one test part and nothing to add.</summary>
    /// <param name="groupBy">As results call it.</param>
    internal static string? Over(string groupBy) =>
        HasSpread(groupBy) ? "Figures are means over the folds, ± their standard deviation."
        : groupBy == CrossValidationReport.ByEachSource ? "Figures are of the test images of all sources together."
        : groupBy == CrossValidationReport.GivenPooled ? "Figures are of the images of all folds together."
        : null;

    private const string DividedSources = "with the sources of a class that is of one collection shared among both";

    private const string Elsewhere = "training on one data set and testing on another";

    private const string Pooled = "all pooled before figures are computed";

    private static string LeftOut(object count) => FormattableString.Invariant($"each of {count} sources left out in turn");

    private static string KeptTogether(string groupBy) => groupBy switch
    {
        "patient" => "keeping each patient's images together",
        CrossValidationReport.ByCollection => $"keeping each collection together, {DividedSources}",
        CrossValidationReport.BySource => "keeping together all images of a source, such as a publication, and of a patient",
        _ => ColumnOf(groupBy) is { } column
            ? $"keeping together all images of one {column}, and of a patient"
            : "image by image, as in the paper",
    };
}
