using System.Xml.Linq;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>Table 2 with the published values, the confusion matrices as numbers, and every fold.</summary>
internal static class ResultsSection
{
    private static readonly (string Name, string Heading, Func<ConfusionMatrix, int> Of)[] Counts =
    [
        ("tp", "TP", m => m.TruePositives),
        ("fp", "FP", m => m.FalsePositives),
        ("tn", "TN", m => m.TrueNegatives),
        ("fn", "FN", m => m.FalseNegatives),
    ];

    public static XElement? Of(StudyReport study) => study.Results is not { Networks.Count: > 0 } results ? null : Element(
        "section", Attribute("id", "results"),
        Element("h2", "Results"),
        Element("p", Table2.Caption(results)),
        SeedWords.First(study) is { } first ? Element("p", first) : null,
        HtmlTable.Of(
            "table-2",
            $"Table 2. Figures of merit in per cent{OverFolds(results)}{(study.Given is null ? "; published values in italics" : "")}",
            [new("Network"), new("Began with"), new("Folds by"), .. FigureNames.All.Select(figure => new Column(figure.Heading, true))],
            Table2Rows(results)),
        Sources(results),
        OverSeeds(study),
        Search(study),
        HtmlTable.Of(
            "table-counts",
            $"Confusion matrices{DesignWords.Summed(DesignWords.Of(results))}: {DataWords.Class(results.Positive)} is the positive class",
            [new("Network"), .. Counts.Select(count => new Column(count.Heading, true))],
            results.Networks.Select(network => Element(
                "tr", RowHeading(network.Name), Counts.Select(count => Count(network.Name, count.Name, count.Of(network.Total)))))),
        HtmlTable.Of(
            "table-folds", $"Every fold, in per cent{(study.Given is null ? "; folds are counted from 0, as in the folders’ names" : "")}",
            [
                new("Network"), new("Fold", true), .. FigureNames.All.Select(figure => new Column(figure.Heading, true)),
                .. Counts.Select(count => new Column(count.Heading, true)),
            ],
            results.Networks.SelectMany(network => network.Folds.Select(fold => Element(
                "tr",
                RowHeading(network.Name),
                Number(Numbers.Whole(fold.Fold)),
                FigureNames.All.Select(figure => Figure(network.Name, figure.Name, figure.Of(fold.Figures), fold: fold.Fold)),
                Counts.Select(count => Count(network.Name, count.Name, count.Of(fold.Matrix), fold.Fold)))))));

    private static IEnumerable<XElement> OverSeeds(StudyReport study)
    {
        if (study.OverSeeds.Count == 0)
        {
            yield break;
        }

        yield return HtmlTable.Of(
            "table-seeds", SeedWords.Caption,
            [new("Network"), new("Seeds", true), .. FigureNames.All.Select(figure => new Column(figure.Heading, true))],
            study.OverSeeds.Select(network => Element(
                "tr",
                RowHeading(network.Network),
                Number(Numbers.Whole(network.Seeds)),
                FigureNames.All.Zip(FigureNames.Estimates(network.Figures), (figure, mean) => Number(
                    SeedWords.Figure(mean, figure.Of(network.Std)), Exact("x", mean.Value).Value)))));
        var drawn = study.Statistics?.Drawn ?? ClusterUnit.Image;
        yield return Element("p", Class("small"), SeedWords.Meaning(drawn));
        yield return HtmlTable.Of(
            "table-seeds-together", SeedWords.Together, SeedTable.Rows(study.SeedEnsembles), column => column > 1);
        yield return Element("p", Class("small"), SeedWords.TogetherMeaning(drawn));
        if (SeedWords.Fitted(study, name => name) is { } fitted)
        {
            yield return Element("p", Attribute("id", "seeds-together-fitted"), fitted);
        }
    }

    private static IEnumerable<XElement> Search(StudyReport study)
    {
        foreach (var network in study.Search?.Networks ?? [])
        {
            var (table, outcome) = TableData.OfSearch(network);
            yield return HtmlTable.Of(
                $"table-search-{network.Name}", SearchWords.Caption(network.Name),
                [new(table.Headers[0]), .. table.Headers.Skip(1).Select(heading => new Column(heading, true))],
                table.Rows.Select(row => Element("tr", RowHeading(row[0]), row.Skip(1).Select(cell => Number(cell)))));
            yield return Element("p", Class("small"), outcome);
        }
    }

    private static string OverFolds(CrossValidationReport results) =>
        DesignWords.HasSpread(DesignWords.Of(results)) ? ", mean ± standard deviation over the folds" : "";

    private static IEnumerable<XElement> Table2Rows(CrossValidationReport results)
    {
        var published = PublishedFigures.For(results);
        foreach (var network in results.Networks)
        {
            yield return Element(
                "tr", RowHeading(network.Name), Text(network.Initialization), Text(DesignWords.Unit(DesignWords.Of(results))),
                FigureNames.All.Select(figure => Figure(network.Name, figure.Name, figure.Of(network.Mean), figure.Of(network.Std))));
            foreach (var value in published.Where(p => p.Network == network.Name))
            {
                yield return Published($"{network.Name}, {value.What}", value);
            }
        }

        foreach (var value in published.Where(p => p.Network is null))
        {
            yield return Published(value.What, value);
        }
    }

    private static XElement Published(string name, PublishedFigures published) => Element(
        "tr", Class("published"), RowHeading(name), Text(TableData.Unknown), Text(published.GroupBy ?? TableData.Unknown),
        FigureNames.All.Select(figure => figure.Of(published.Figures) is { } value
            ? Number(Numbers.Percent(value, published.Spread is { } spread ? figure.Of(spread) : null), Exact("x", value).Value)
            : Number(TableData.Unknown)));

    private static XElement? Sources(CrossValidationReport results)
    {
        var sources = PublishedFigures.For(results)
            .Where(p => p.Network is null || results.Networks.Any(n => n.Name == p.Network))
            .Select(p => p.Source).Distinct().ToList();
        return sources.Count == 0 ? null : Element("p", Class("small"), $"Published values: {string.Join("; ", sources)}.");
    }
}
