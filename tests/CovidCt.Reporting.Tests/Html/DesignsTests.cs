using System.Collections.Concurrent;
using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Cards;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Html.Sections;
using CovidCt.Reporting.Tables;

namespace CovidCt.Reporting.Tests.Html;

/// <summary>What page, card and Table 2 say of how a study was made is true of each design, finished or not, with folds.csv and without.</summary>
public sealed class DesignsTests
{
    private const string External = "COVID19-CT, tested on SARS-CoV-2 CT-scan";
    private const string Means = "Figures are means over the folds, ± their standard deviation.";
    private const string Elsewhere = "The test images are of another data set than the training images";
    private const string NowhereElse = "No image came from elsewhere";
    private const string OwnSplit = "on the test part of the data set’s own split";
    private const string NobodyShared = "No test image shows a patient who is in the training part too.";

    public static TheoryData<string, string, bool, bool> Designs { get; } = new(
        from design in (IEnumerable<(string GroupBy, string Dataset)>)
        [
            ("image", "COVID19-CT"), ("patient", "COVID19-CT"), ("sources", "COVID19-CT"), ("source", "COVID19-CT"),
            ("collections", "COVID19-CT"), ("official", "COVID19-CT"), ("official", External),
        ]
        from hasFolds in (bool[])[true, false]
        from isFinished in (bool[])[true, false]
        select (design.GroupBy, design.Dataset, hasFolds, isFinished));

    /// <summary>What is written of each design, once for all tests.</summary>
    private static readonly ConcurrentDictionary<(string, string, bool, bool), Lazy<Texts>> Written = new();

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Designs))]
    public void Every_sentence_about_the_design_is_true(string groupBy, string dataset, bool hasFolds, bool isFinished)
    {
        var (_, page, card, table) = TextsOf(groupBy, dataset, hasFolds, isFinished);

        var isExternal = dataset == External;
        Assert.Equal(isExternal, page.Contains(Elsewhere, StringComparison.Ordinal));
        Assert.Equal(!isExternal, page.Contains(NowhereElse, StringComparison.Ordinal));
        Assert.Equal(isExternal, page.Contains("tested once, on another data set than", StringComparison.Ordinal));
        Assert.Equal(groupBy == "official" && !isExternal, page.Contains(OwnSplit, StringComparison.Ordinal));
        Assert.Equal(isExternal, table.Contains("Training on one data set and testing on another", StringComparison.Ordinal));
        Assert.Equal(isExternal, card.Contains(Elsewhere, StringComparison.Ordinal));
        Assert.DoesNotContain(isExternal ? "own split" : "testing on another", card + table + page, StringComparison.Ordinal);

        var isMean = groupBy is "image" or "patient" or "sources" or "collections";
        Assert.Equal(isMean, page.Contains(Means, StringComparison.Ordinal));
        Assert.Equal(isMean, page.Contains("mean ± standard deviation over the folds; published", StringComparison.Ordinal));
        Assert.Equal(isMean, table.Contains("mean ± sample standard deviation over the folds", StringComparison.Ordinal));
        Assert.Equal(groupBy == "official", table.Contains("Counts.\n", StringComparison.Ordinal));

        if (groupBy == "official")
        {
            Assert.DoesNotMatch("[Mm]eans? over the folds|range over the folds|of all folds|all folds’ images|other folds’ images, by", page + card + table);
            Assert.Contains(" test images, ", table, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Nothing was chosen on a test fold", page, StringComparison.Ordinal);
        Assert.Contains("whose authors chose it on images of this data set", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void Who_is_on_both_sides_is_said_only_where_it_is_known(string groupBy, string dataset, bool hasFolds, bool isFinished)
    {
        var (knowsShared, page, card, _) = TextsOf(groupBy, dataset, hasFolds, isFinished);

        var isKnown = hasFolds || (isFinished && groupBy != "official");
        Assert.Equal(isKnown, knowsShared);
        Assert.Equal(isKnown && groupBy != "image", page.Contains(NobodyShared, StringComparison.Ordinal));
        Assert.Equal(isKnown && groupBy == "image", page.Contains(" of the test images show a patient who is in the training part too", StringComparison.Ordinal));
        Assert.Equal(!isKnown, page.Contains("who is in the training part too is not known", StringComparison.Ordinal));
        Assert.Equal(!isKnown && isFinished, page.Contains("does not list the images that it trained on", StringComparison.Ordinal));
        Assert.Equal(
            !isKnown && groupBy != "patient", card.Contains("How many test images share a patient with training is not known", StringComparison.Ordinal));
    }

    private static Texts TextsOf(string groupBy, string dataset, bool hasFolds, bool isFinished) =>
        Written.GetOrAdd((groupBy, dataset, hasFolds, isFinished), _ => new(() =>
        {
            using var sample = Sample(groupBy, dataset, hasFolds, isFinished);
            var study = StudyReport.Read(sample.Folder);
            return new(study.SharedPatients is not null, PageOf(study), CardOf(sample, study), Table2.ToMarkdown(study.Results!));
        })).Value;

    private static SampleStudy Sample(string groupBy, string dataset, bool hasFolds, bool isFinished)
    {
        var sample = SampleStudy.Finished(dataset, groupBy: groupBy);
        if (!hasFolds)
        {
            File.Delete(sample.PathOf(StudyLayout.FoldsName));
        }

        if (!isFinished)
        {
            File.Delete(sample.PathOf(StudyLayout.ResultsName));
            foreach (var network in SampleStudy.Networks)
            {
                File.Delete(sample.PathOf($"{SampleStudy.Run(network, 2)}/predictions.csv"));
            }
        }

        return sample;
    }

    /// <summary>The text of the page's sections that speak of the design, as it is read.</summary>
    private static string PageOf(StudyReport study)
    {
        var names = new StudyFigures();
        XElement?[] sections = [SummarySection.Of(study, names), DataSection.Of(study), ResultsSection.Of(study)];
        return string.Concat(sections.OfType<XElement>().Select(section => section.Value));
    }

    private static string CardOf(SampleStudy sample, StudyReport study) =>
        string.Concat(StudyCards.Write(study, sample.PathOf("cards")).Select(File.ReadAllText));

    private sealed record Texts(bool KnowsShared, string Page, string Card, string Table);
}
