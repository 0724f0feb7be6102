using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>
/// What the networks come to together that were trained from several seeds on the same folds: the probability of an image is the mean of
/// those that its fold's networks state, one a seed, none of which was trained on it.
/// </summary>
/// <remarks>Intervals are about other images, patients or sources and these trained networks: seeds are not drawn.</remarks>
/// <param name="Network">The published name.</param>
/// <param name="Predictions">The means, an image each, by path.</param>
/// <param name="Statistics">What they are worth, as of a single network.</param>
/// <param name="EachSeed">What each seed's networks come to by themselves, the study's own first; from 2.</param>
/// <param name="OverFirst">By how much they come to more together than the first seed's alone, on the same images.</param>
/// <param name="OverMean">The same beside the mean of what single seeds come to.</param>
public sealed record SeedEnsemble(
    string Network,
    IReadOnlyList<Prediction> Predictions,
    NetworkStatistics Statistics,
    IReadOnlyList<SeedEnsemble.OneSeed> EachSeed,
    SeedEnsemble.Gain OverFirst,
    SeedEnsemble.Gain OverMean)
{
    /// <summary>How many seeds there are, from 2.</summary>
    public int Seeds => EachSeed.Count;

    /// <summary>What single seeds come to on average; a figure that some lack is the mean of the others.</summary>
    public OneSeed Mean => new(
        new(
            MeanOf(one => one.Figures.Accuracy), MeanOf(one => one.Figures.Precision), MeanOf(one => one.Figures.Sensitivity),
            MeanOf(one => one.Figures.Specificity), MeanOf(one => one.Figures.F1), MeanOf(one => one.Figures.Auc)),
        MeanOf(one => one.Brier),
        MeanOf(one => one.CalibrationError));

    /// <summary>What the networks of one seed come to, or those of several on average.</summary>
    /// <param name="Figures">Figures of images: means over the folds, or of all their images.</param>
    /// <param name="Brier">The mean squared error of the probabilities of all images, in [0, 1].</param>
    /// <param name="CalibrationError">Their expected calibration error over fifteen bins, in [0, 1]; above 0 by chance alone.</param>
    public sealed record OneSeed(FiguresOfMerit Figures, double? Brier, double? CalibrationError);

    /// <summary>What seeds come to together less what single ones do, on the same images.</summary>
    /// <param name="Figures">Of figures of images, in [-1, 1]; above 0 they are better together.</param>
    /// <param name="Brier">
    /// Of the Brier score: below 0 they are better together, which beside the mean of single seeds they can't but be, since the square of
    /// a mean is at most the mean of squares.
    /// </param>
    public sealed record Gain(FigureIntervals Figures, EstimatedFigure Brier);

    /// <summary>The means of the probabilities of several seeds' networks, image by image.</summary>
    /// <param name="seeds">The test predictions of each seed's networks, of the same images in the same folds, in any order.</param>
    /// <returns>By path, ordinal; all but the probability is the first seed's.</returns>
    /// <exception cref="ArgumentException">
    /// There is no seed; the predictions are of several networks, or one is there twice; or seeds differ in their images or folds.
    /// </exception>
    public static IReadOnlyList<Prediction> Average(IReadOnlyList<IReadOnlyList<Prediction>> seeds)
    {
        var rows = FigureIntervals.OrderedSeeds(seeds, nameof(seeds));
        foreach (var (first, other) in rows.Skip(1).SelectMany(seed => rows[0].Zip(seed)))
        {
            if (first.Fold != other.Fold || first.Network != other.Network)
            {
                throw new ArgumentException(
                    $"'{first.Path}' was tested in fold {first.Fold} of {first.Network} with one seed and in fold {other.Fold} of "
                        + $"{other.Network} with another.", nameof(seeds));
            }
        }

        return [.. rows[0].Select((row, i) => row with { Probability = rows.Average(seed => seed[i].Probability) })];
    }

    /// <summary>Of each of a study's networks that has more than one seed.</summary>
    /// <param name="study">The study, with its further trainings.</param>
    internal static IReadOnlyList<SeedEnsemble> Of(StudyReport study) => study.Results is not { Classes.Count: 2 } results
        ? []
        :
        [
            .. results.Networks.Select(network => study.PredictionsBySeed(network.Name)).Where(seeds => seeds.Count > 1)
                .Select(seeds => Of(seeds, results.Positive, StudyStatistics.SummaryOf(results), study.SetLevel)),
        ];

    /// <inheritdoc cref="Of(StudyReport)"/>
    /// <param name="result">What came of the study.</param>
    internal static IReadOnlyList<SeedEnsemble> Of(StudyResult result)
    {
        if (result.Seeds.Count == 0)
        {
            return [];
        }

        var report = result.Report();
        return
        [
            .. report.Networks.Select(network => Of(
                [.. result.Seeds.Prepend(result).Select(seed => seed.Predictions.Where(image => image.Network == network.Name).ToList())],
                report.Positive, StudyStatistics.SummaryOf(report), result.Options.SetLevel)),
        ];
    }

    /// <summary>What networks of several seeds come to together.</summary>
    /// <param name="seeds">The test predictions of each seed's networks; two or more.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="folds">How the folds become one figure.</param>
    /// <param name="setLevel">How often prediction sets are to hold the class, in (0, 1).</param>
    /// <param name="options">Null takes the defaults.</param>
    internal static SeedEnsemble Of(
        IReadOnlyList<IReadOnlyList<Prediction>> seeds, string positive, FoldSummary folds, double setLevel,
        BootstrapOptions? options = null)
    {
        var rows = FigureIntervals.OrderedSeeds(seeds, nameof(seeds));
        Prediction[] together = [.. Average(seeds)];
        var clusters = Clusters.Of(together, positive);
        var ofTogether = Weighted(together);
        WeightedOutcomes[] ofSeeds = [.. rows.Select(Weighted)];
        var outcomes = Outcomes(together);
        WeightedBrierChange[] changes =
            [.. rows.Select(seed => new WeightedBrierChange(Outcomes(seed), outcomes, clusters.OfRow))];

        var pass = new BootstrapPass(clusters);
        var overFirst = pass.Add(WeightedOutcomes.Figures, (weights, figures) => Less(weights, figures, 1));
        var overMean = pass.Add(WeightedOutcomes.Figures, (weights, figures) => Less(weights, figures, rows.Length));
        var brierOverFirst = pass.Add(1, changes[0].Compute);
        var brierOverMean = pass.Add(1, MeanChange);
        var draws = pass.Draw(options, progress: null, CancellationToken.None);
        return new(
            together[0].Network,
            together,
            NetworkStatistics.Of(together, positive, folds, CancellationToken.None, options, setLevel),
            [.. rows.Zip(ofSeeds, Judged)],
            Drawn(overFirst, brierOverFirst),
            Drawn(overMean, brierOverMean));

        WeightedOutcomes Weighted(Prediction[] predictions) => new(predictions, positive, clusters.OfRow, folds);

        (bool Actual, double Probability)[] Outcomes(Prediction[] predictions) =>
            [.. predictions.Select(row => (row.Label == positive, row.Probability))];

        void Less(ReadOnlySpan<int> weights, Span<double?> figures, int count)
        {
            Span<double> sums = stackalloc double[WeightedOutcomes.Figures];
            Span<int> defined = stackalloc int[WeightedOutcomes.Figures];
            sums.Clear();
            defined.Clear();
            foreach (var seed in ofSeeds.AsSpan(0, count))
            {
                seed.Compute(weights, figures);
                for (var i = 0; i < figures.Length; i++)
                {
                    (sums[i], defined[i]) = figures[i] is { } value ? (sums[i] + value, defined[i] + 1) : (sums[i], defined[i]);
                }
            }

            ofTogether.Compute(weights, figures);
            for (var i = 0; i < figures.Length; i++)
            {
                figures[i] = defined[i] == 0 ? null : figures[i] - (sums[i] / defined[i]);
            }
        }

        void MeanChange(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            double? sum = 0;
            foreach (var change in changes)
            {
                change.Compute(weights, figures);
                sum += figures[0];
            }

            figures[0] = sum / changes.Length;
        }

        OneSeed Judged(Prediction[] seed, WeightedOutcomes weighted)
        {
            Span<int> once = new int[clusters.Count];
            once.Fill(1);
            var figures = new double?[WeightedOutcomes.Figures];
            weighted.Compute(once, figures);
            return new(
                new(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]),
                BrierScore.Of(Outcomes(seed)), Calibration.CalibrationError.Binary(Outcomes(seed)));
        }

        Gain Drawn(int first, int brier) =>
            new(FigureIntervals.From([.. draws.Bca(first..(first + WeightedOutcomes.Figures))]), draws.Bca(brier));
    }

    /// <summary>The figures of each seed, of all on average and together, and the differences, as <c>results.json</c> has them.</summary>
    public JsonObject ToJson() => new([
        new("network", Network),
        new("seeds", Seeds),
        .. Rows().GroupBy(row => row.What).Select(what => KeyValuePair.Create(what.Key, (JsonNode?)new JsonObject(
            what.Select(row => KeyValuePair.Create(row.Figure, (JsonNode?)Figure(row.Value)))))),
    ]);

    /// <summary>The same, a figure a row.</summary>
    internal IEnumerable<(string What, string Figure, EstimatedFigure Value)> Rows()
    {
        var probabilities = Statistics.Probabilities;
        (string What, FigureIntervals Figures, EstimatedFigure Brier, double? CalibrationError)[] rows =
        [
            .. EachSeed.Select((one, seed) => OfOne(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"), one)),
            OfOne("mean of seeds", Mean),
            ("together", Statistics.Images, probabilities.Brier, probabilities.CalibrationError),
            ("together less seed 0", OverFirst.Figures, OverFirst.Brier, probabilities.CalibrationError - EachSeed[0].CalibrationError),
            ("together less mean of seeds", OverMean.Figures, OverMean.Brier, probabilities.CalibrationError - Mean.CalibrationError),
        ];
        return rows.SelectMany(row => ((string, EstimatedFigure)[])
        [
            ("accuracy", row.Figures.Accuracy), ("precision", row.Figures.Precision), ("sensitivity", row.Figures.Sensitivity),
            ("specificity", row.Figures.Specificity), ("f1", row.Figures.F1), ("auc", row.Figures.Auc), ("brier", row.Brier),
            ("calibrationError", new(row.CalibrationError, null)),
        ], (row, figure) => (row.What, figure.Item1, figure.Item2));

        static (string, FigureIntervals, EstimatedFigure, double?) OfOne(string what, OneSeed one) => (
            what,
            new(
                new(one.Figures.Accuracy, null), new(one.Figures.Precision, null), new(one.Figures.Sensitivity, null),
                new(one.Figures.Specificity, null), new(one.Figures.F1, null), new(one.Figures.Auc, null)),
            new(one.Brier, null),
            one.CalibrationError);
    }

    private static JsonObject Figure(EstimatedFigure figure) => figure.Interval is not { } interval
        ? new() { ["value"] = figure.Value }
        : new() { ["value"] = figure.Value, ["low"] = interval.Low, ["high"] = interval.High };

    private double? MeanOf(Func<OneSeed, double?> of) => EachSeed.Average(of);
}
