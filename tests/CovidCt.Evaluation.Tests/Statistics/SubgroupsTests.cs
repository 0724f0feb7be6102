using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class SubgroupsTests
{
    private const string Positive = "COVID";

    private static readonly BootstrapOptions Few = new() { Resamples = 100 };

    [Fact]
    public void Groups_add_up_to_the_whole() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 10], Gen.Int[0, 9], Gen.Int[-1, 3], Gen.Int[0, 2]).Array[1, 40].Sample(rows =>
        {
            Prediction[] predictions =
                [.. rows.SelectMany((row, i) => ((string[])["a", "b"]).Select(network => new Prediction(
                    $"{i}", row.Item1 ? Positive : "other", $"{row.Item3}", network, row.Item5, row.Item2 / 10.0)))];
            var column = Subgroups.Of("site", path => ValueOf(rows[int.Parse(path)].Item4), predictions, Positive, Few, TestContext.Current.CancellationToken);

            Assert.Equal(rows.Length, column.Groups.Sum(group => group.Images));
            Assert.Equal(rows.Count(row => row.Item1), column.Groups.Sum(group => group.Positives));
            Assert.Equal(rows.Count(row => !row.Item1), column.Groups.Sum(group => group.Negatives));
            Assert.Equal(
                rows.Count(row => row.Item4 < 0),
                column.Groups.Where(group => group.Band.Kind == Subgroups.BandKind.Unknown).Sum(group => group.Images));
            Assert.Equal(
                rows.Select(row => row.Item3).Distinct().Count(),
                rows.Select(row => row.Item3).Distinct().Count(patient => column.Groups.Any(group => group.Patients > 0)));
            Assert.All(column.Groups, group =>
            {
                Assert.InRange(group.Patients!.Value, 1, group.Images);
                Assert.Equal(["a", "b"], group.Networks.Select(of => of.Network));
            });
            Assert.All((string[])["a", "b"], network => Assert.Equal(
                FiguresOfMerit.From(
                    [.. predictions.Where(p => p.Network == network).Select(p => (p.Label == Positive, p.Probability))]).Accuracy!.Value,
                column.Groups.Sum(group => group.Images * group.Networks.Single(of => of.Network == network).Figures.Accuracy.Value!.Value)
                    / rows.Length,
                1e-12));

            static string? ValueOf(int value) => value < 0 ? null : $"{value}";
        }, iter: 60);

    [Fact]
    public void A_column_with_one_value_has_the_figures_of_the_whole_intervals_included()
    {
        var predictions = new SimulatedPatients(25, 25, 1, 0.6, 2).Draw(5);

        var group = Assert.Single(Subgroups.Of("scanner", _ => "one", predictions, Positive, Few, TestContext.Current.CancellationToken).Groups);

        Assert.Equal(
            FigureIntervals.Of(predictions, Positive, FoldSummary.Pooled, Few, TestContext.Current.CancellationToken),
            Assert.Single(group.Networks).Figures);
        Assert.Equal((predictions.Length, 50), (group.Images, group.Patients));
    }

    [Fact]
    public void A_group_of_one_class_has_no_figure_of_the_other()
    {
        var predictions = new SimulatedPatients(25, 25, 1, 0.6, 2).Draw(5);

        var column = Subgroups.Of("age", path => int.Parse(path[..4]) < 25 ? "45" : null, predictions, Positive, Few, TestContext.Current.CancellationToken);

        Assert.Equal([Subgroups.BandKind.Range, Subgroups.BandKind.Unknown], column.Groups.Select(group => group.Band.Kind));
        var (known, unknown) = (column.Groups[0].Networks[0].Figures, column.Groups[1].Networks[0].Figures);
        Assert.Equal((0, null, null), (column.Groups[0].Negatives, known.Specificity.Value, known.Auc.Value));
        Assert.Equal(known.Sensitivity.Value, known.Accuracy.Value);
        Assert.Null(unknown.Sensitivity.Value);
        Assert.NotNull(unknown.Specificity.Interval);
    }

    [Fact]
    public void Images_of_a_source_are_drawn_together_in_a_group_too()
    {
        Prediction[] apart = [.. new SimulatedPatients(40, 40, 1, 0.9, 6).Draw(1).Select(p => p with { Patient = null })];
        Prediction[] joined = [.. apart.Select(p => p with { Source = p.Path[..4] })];

        var (images, sources) = (Width(apart), Width(joined));

        Assert.True(sources > 1.3 * images);

        static double Width(Prediction[] rows) => Subgroups.Of("half", path => path[3] < '5' ? "low" : "high", rows, Positive, Few, TestContext.Current.CancellationToken)
            .Groups[0].Networks[0].Figures.Accuracy.Interval!.Width;
    }

    [Fact]
    public void Of_few_clusters_a_figure_has_no_interval()
    {
        var predictions = new SimulatedPatients(4, 30, 0.5, 0.6, 4).Draw(1);

        var figures = Assert.Single(Subgroups.Of("scanner", _ => "one", predictions, Positive, Few, TestContext.Current.CancellationToken).Groups).Networks[0].Figures;

        Assert.NotNull(figures.Sensitivity.Value);
        Assert.Null(figures.Sensitivity.Interval);
        Assert.Null(figures.Auc.Interval);
        Assert.NotNull(figures.Specificity.Interval);
        Assert.NotNull(figures.Accuracy.Interval);
    }

    [Fact]
    public void A_column_of_many_values_makes_no_groups_and_says_how_many_there_are()
    {
        var column = Subgroups.Of("doi", path => $"10.{path}x", new SimulatedPatients(9, 9, 1, 0.6, 1).Draw(2), Positive, Few, TestContext.Current.CancellationToken);
        Assert.Empty(column.Groups);
        Assert.Equal(18, column.Values);
    }
}
