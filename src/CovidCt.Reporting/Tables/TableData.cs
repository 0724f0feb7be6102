using System.Text;
using CovidCt.Evaluation;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tables;

/// <summary>A table as text, for the screen and for files alike.</summary>
/// <param name="Headers">One a column.</param>
/// <param name="Rows">As many cells each as there are headers.</param>
public sealed record TableData(IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>What stands for an undefined or unknown value.</summary>
    public const string Unknown = Numbers.Unknown;

    /// <summary>The networks, as the paper's Table 1 has them, and what its columns are.</summary>
    /// <param name="networks">In the order of the rows.</param>
    public static (TableData Table, string Caption) OfNetworks(IReadOnlyCollection<BackboneSpec> networks) =>
        (Table1.Rows(networks), NetworkWords.Caption(networks));

    /// <summary>A study's results beside published ones, as the paper's Table 2 has them, and what stands above them.</summary>
    /// <param name="report">The results.</param>
    public static (TableData Table, string Caption) OfResults(CrossValidationReport report) =>
        (Table2.Rows(report), Table2.Caption(report));

    /// <summary>What networks come to that were trained from several seeds, and what stands above it.</summary>
    /// <param name="networks">In the order of the rows.</param>
    public static (TableData Table, string Caption) OfSeeds(IReadOnlyCollection<SeedSpread> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return (
            new(
                ["Network", "Seeds", .. FigureNames.Headings],
                [
                    .. networks.Select(network => (string[])
                    [
                        network.Network, Numbers.Whole(network.Seeds),
                        .. FigureNames.All.Select(figure =>
                            Numbers.Percent(figure.Of(network.Figures.Values), figure.Of(network.Std))),
                    ]),
                ]),
            SeedWords.Brief);
    }

    /// <summary>The recipes that one was chosen from for a network, and what came of the choice.</summary>
    /// <param name="network">The choice.</param>
    public static (TableData Table, string Caption) OfSearch(RecipeSearch.Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return (
            new(
                ["Recipe", SearchWords.FigureHeading(network.Choice), "Above the first", "Where not drawn", "Chosen in draws"],
                [.. network.Choice.Recipes.Select(recipe => SearchWords.Row(network.Choice, recipe))]),
            SearchWords.Outcome(network));
    }

    /// <summary>What the networks of all seeds come to together, beside single seeds, and what stands above it.</summary>
    /// <param name="networks">In the order of the rows.</param>
    public static (TableData Table, string Caption) OfSeedsTogether(IReadOnlyCollection<SeedEnsemble> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return (SeedTable.Rows(networks), SeedWords.Together);
    }

    /// <summary>Controls on features, and what stands above them.</summary>
    /// <param name="controls">The controls.</param>
    public static (TableData Table, string Caption) OfControls(ControlReport controls)
    {
        ArgumentNullException.ThrowIfNull(controls);
        return (ControlsTable.Rows(controls), ControlWords.Caption(controls));
    }

    /// <summary>The table in Markdown, the first column to the left and the others to the right.</summary>
    public string ToMarkdown()
    {
        var widths = Widths();
        var text = new StringBuilder();
        AppendRow(text, Headers, widths);
        text.Append('|')
            .AppendJoin(
                '|',
                widths.Select((width, column) => column == 0 ? $":{new string('-', width + 1)}" : $"{new string('-', width + 1)}:"))
            .Append("|\n");
        foreach (var row in Rows)
        {
            AppendRow(text, row, widths);
        }

        return text.ToString();
    }

    private int[] Widths() =>
        [.. Headers.Select((heading, column) =>
            Rows.Select(row => Escape(row[column]).Length).Append(Escape(heading).Length).Append(4).Max())];

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells, int[] widths)
    {
        text.Append('|');
        for (var c = 0; c < cells.Count; c++)
        {
            var cell = Escape(cells[c]);
            text.Append(' ').Append(c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c])).Append(" |");
        }

        text.Append('\n');
    }

    private static string Escape(string cell) =>
        cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
