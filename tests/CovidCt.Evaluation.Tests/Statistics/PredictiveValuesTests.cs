using System.Text.Json;
using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class PredictiveValuesTests
{
    private const string Positive = "COVID";
    private const double Tolerance = 1e-12;

    private static readonly BootstrapOptions Few = new() { Resamples = 200 };

    // Written by tests/reference/make_predictive_values_golden.py.
    private static readonly JsonElement Golden = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Statistics", "Fixtures", "predictive-values-golden.json"))).RootElement;

    [Fact]
    public void Ratios_and_predictive_values_are_those_that_NumPy_counts() =>
        Assert.All(Golden.GetProperty("formula").EnumerateArray(), golden =>
    {
        var (sensitivity, specificity, prevalence) =
            (golden.Number("sensitivity"), golden.Number("specificity"), golden.Number("prevalence"));
        double?[] figures =
        [
            PredictiveValues.PositiveRatioOf(sensitivity, specificity),
            PredictiveValues.NegativeRatioOf(sensitivity, specificity),
            PredictiveValues.PositiveOf(sensitivity, specificity, prevalence),
            PredictiveValues.NegativeOf(sensitivity, specificity, prevalence),
        ];
        Assert.All(golden.Numbers("figures").Zip(figures), pair => Assert.Equal(pair.First, pair.Second!.Value, 1e-9));
    });

    [Fact]
    public void Figures_of_a_draw_are_those_that_NumPy_counts() => Assert.All(Golden.GetProperty("drawn").EnumerateArray(), golden =>
    {
        // What was drawn several times stands there several times, each a patient of its own.
        Prediction[] rows =
        [
            .. golden.Integers("weights").Index().SelectMany(drawn => Enumerable.Range(0, drawn.Item).Select(copy => new Prediction(
                $"{drawn.Index}-{copy}",
                golden.Integers("actual")[drawn.Index] == 1 ? Positive : "other",
                $"{drawn.Index}-{copy}",
                "net",
                golden.Integers("fold")[drawn.Index],
                golden.Numbers("probability")[drawn.Index]))),
        ];
        var of = Of(rows, FoldSummary.Mean)!;
        var points = of.Points.Where(point => !point.IsOwn || point.Prevalence == 0.5).DistinctBy(point => point.Prevalence).ToList();
        Assert.All(golden.GetProperty("figures").EnumerateArray().Select(numbers => numbers.Numbers()).Zip(points), pair =>
        {
            var (expected, point) = pair;
            Assert.Equal(
                expected,
                [of.PositiveRatio.Value!.Value, of.NegativeRatio.Value!.Value, point.Positive.Value!.Value, point.Negative.Value!.Value],
                (a, b) => Math.Abs(a - b) < 1e-9 * Math.Max(1, a));
        });
    });

    [Fact]
    public void A_positive_answer_says_more_and_a_negative_one_less_the_more_frequent_the_disease() => Gen.Select(
        Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0.001, 0.999], Gen.Double[0.001, 0.999]).Sample((sensitivity, specificity, a, b) =>
    {
        var (rare, frequent) = (Math.Min(a, b), Math.Max(a, b));
        Assert.True(
            PredictiveValues.PositiveOf(sensitivity, specificity, rare) is not { } low
            || low <= PredictiveValues.PositiveOf(sensitivity, specificity, frequent)!.Value + Tolerance);
        Assert.True(
            PredictiveValues.NegativeOf(sensitivity, specificity, frequent) is not { } less
            || less <= PredictiveValues.NegativeOf(sensitivity, specificity, rare)!.Value + Tolerance);
    });

    [Fact]
    public void Odds_before_times_the_ratio_are_the_odds_after() => Gen.Select(
        Gen.Double[0.01, 0.99], Gen.Double[0.01, 0.99], Gen.Double[0.01, 0.99]).Sample((sensitivity, specificity, prevalence) =>
    {
        var before = prevalence / (1 - prevalence);
        var positive = PredictiveValues.PositiveOf(sensitivity, specificity, prevalence)!.Value;
        var negative = 1 - PredictiveValues.NegativeOf(sensitivity, specificity, prevalence)!.Value;
        Assert.Equal(1, before * PredictiveValues.PositiveRatioOf(sensitivity, specificity)!.Value / (positive / (1 - positive)), 1e-9);
        Assert.Equal(1, before * PredictiveValues.NegativeRatioOf(sensitivity, specificity)!.Value / (negative / (1 - negative)), 1e-9);
    });

    [Fact]
    public void Figures_hang_together_whatever_the_answers_are() => Gen.Select(Gen.Bool, Gen.Int[0, 10], Gen.Int[0, 12], Gen.Int[0, 2])
        .Array[0, 40].Sample(rows =>
        {
            Prediction[] predictions =
            [
                .. rows.Select((row, i) => new Prediction(
                    $"{i}", row.Item1 ? Positive : "other", $"{row.Item3}", "net", row.Item4, row.Item2 / 10.0)),
            ];
            if (predictions.Length == 0 || Of(predictions, FoldSummary.Mean) is not { } of)
            {
                Assert.True(predictions.Select(row => row.Label).Distinct().Count() < 2);
                return;
            }

            Assert.Equal(of.Points.OrderBy(point => point.Prevalence), of.Points);
            Assert.Equal((double)of.Positives / (of.Positives + of.Negatives), Assert.Single(of.Points, point => point.IsOwn).Prevalence);
            Assert.Equal(of.Specificity.Value == 1, of.PositiveRatio.Value is null);
            Assert.Equal(of.Specificity.Value == 0, of.NegativeRatio.Value is null);
            Assert.All(
                of.Points.SelectMany(point => new[] { point.Positive, point.Negative }).Append(of.PositiveRatio).Append(of.NegativeRatio),
                figure => Assert.True(
                    figure.Interval is null || (figure.Value is not null && figure.Interval.Low <= figure.Interval.High)));
        }, iter: 60);

    [Fact]
    public void An_interval_holds_its_figure_and_narrows_with_more_patients()
    {
        var few = Of(new SimulatedPatients(30, 30, 0.5, 0.6, 1).Draw(3))!;
        var many = Of(new SimulatedPatients(300, 300, 0.5, 0.6, 1).Draw(3))!;

        Assert.All(few.Points.Zip(many.Points), pair =>
        {
            Assert.True(pair.First.Positive.Interval!.Contains(pair.First.Positive.Value!.Value));
            Assert.True(pair.First.Negative.Interval!.Contains(pair.First.Negative.Value!.Value));
            Assert.True(pair.First.Positive.Interval.Width > pair.Second.Positive.Interval!.Width);
        });
        Assert.True(few.PositiveRatio.Interval!.Contains(few.PositiveRatio.Value!.Value));
        Assert.True(few.NegativeRatio.Interval!.Contains(few.NegativeRatio.Value!.Value));
    }

    [Fact]
    public void A_test_without_an_error_is_not_certain_and_its_ratio_is_not_divided_by_nothing()
    {
        Prediction[] perfect =
        [
            .. Enumerable.Range(0, 40).Select(i => new Prediction(
                $"{i}", i < 20 ? Positive : "other", $"{i}", "net", 0, i < 20 ? 0.9 : 0.1)),
        ];

        var of = Of(perfect)!;

        Assert.Equal(new(null, null), of.PositiveRatio);
        Assert.Equal(0, of.NegativeRatio.Value);
        var least = WilsonInterval.Of(20, 20)!.Low;
        Assert.Equal((1 - least) / least, of.NegativeRatio.Interval!.High, Tolerance);
        Assert.All(of.Points, point =>
        {
            Assert.Equal((1.0, 1.0), (point.Positive.Value, point.Negative.Value));
            Assert.Equal(PredictiveValues.PositiveOf(least, least, point.Prevalence)!.Value, point.Positive.Interval!.Low, Tolerance);
            Assert.Equal(PredictiveValues.NegativeOf(least, least, point.Prevalence)!.Value, point.Negative.Interval!.Low, Tolerance);
        });
    }

    [Fact]
    public void With_one_class_there_is_nothing_to_say() =>
        Assert.Null(Of([.. Enumerable.Range(0, 9).Select(i => new Prediction($"{i}", Positive, null, "net", 0, i / 9.0))]));

    private static PredictiveValues? Of(Prediction[] predictions, FoldSummary folds = FoldSummary.Pooled)
    {
        var clusters = Clusters.Of(predictions, Positive);
        var headline = FigureIntervals.Of(predictions, Positive, folds, Few, TestContext.Current.CancellationToken);
        return PredictiveValues.Of(predictions, Positive, clusters, clusters.OfRow, folds, headline, ofPatients: false, Few);
    }
}
