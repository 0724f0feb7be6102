using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// What a network's answer at threshold 0.5 says where the disease is as frequent as in some clinic, by Bayes' theorem from sensitivity and
/// specificity: Altman and Bland, "Diagnostic tests 2: predictive values", BMJ 1994, 309, 102; Deeks and Altman, "Diagnostic tests 4:
/// likelihood ratios", BMJ 2004, 329, 168-169.
/// </summary>
/// <remarks>
/// Sensitivity, specificity and both ratios are taken for the same at every prevalence, which holds only as far as patients of a clinic are
/// like those of the data in all else.
/// </remarks>
/// <param name="Network">The published name.</param>
/// <param name="OfPatients">Whether figures are of patients; else of images, since a patient is unknown.</param>
/// <param name="Positives">Patients, or images, of the positive class.</param>
/// <param name="Negatives">The others.</param>
/// <param name="Sensitivity">The network's, in [0, 1], as its other figures have it: a mean over the folds where they are means.</param>
/// <param name="Specificity">The same.</param>
/// <param name="PositiveRatio">
/// Sensitivity / (1 − specificity), from 0: how much a positive answer multiplies the odds; null where the specificity is 1.
/// </param>
/// <param name="NegativeRatio">(1 − sensitivity) / specificity, from 0; null where the specificity is 0.</param>
/// <param name="Points">By ascending prevalence.</param>
public sealed record PredictiveValues(
    string Network,
    bool OfPatients,
    int Positives,
    int Negatives,
    EstimatedFigure Sensitivity,
    EstimatedFigure Specificity,
    EstimatedFigure PositiveRatio,
    EstimatedFigure NegativeRatio,
    IReadOnlyList<PredictiveValues.Point> Points)
{
    private const int SensitivityOfSix = 2, SpecificityOfSix = 3, Ratios = 2;

    private static readonly double[] Prevalences = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5];

    /// <summary>What answers say at one prevalence.</summary>
    /// <param name="Prevalence">The share of patients who have the disease, in (0, 1).</param>
    /// <param name="IsOwn">Whether it is that of the data.</param>
    /// <param name="Positive">
    /// The share of positive answers that are right, in [0, 1]; null where there is no positive answer.
    /// </param>
    /// <param name="Negative">The share of negative answers that are right; null where there is no negative answer.</param>
    public sealed record Point(double Prevalence, bool IsOwn, EstimatedFigure Positive, EstimatedFigure Negative);

    /// <summary>The positive likelihood ratio; null where the specificity is 1.</summary>
    internal static double? PositiveRatioOf(double sensitivity, double specificity) =>
        specificity == 1 ? null : sensitivity / (1 - specificity);

    /// <summary>The negative likelihood ratio; null where the specificity is 0.</summary>
    internal static double? NegativeRatioOf(double sensitivity, double specificity) =>
        specificity == 0 ? null : (1 - sensitivity) / specificity;

    /// <summary>The share of positive answers that are right; null without any.</summary>
    internal static double? PositiveOf(double sensitivity, double specificity, double prevalence) =>
        Share(sensitivity * prevalence, (1 - specificity) * (1 - prevalence));

    /// <summary>The share of negative answers that are right; null without any.</summary>
    internal static double? NegativeOf(double sensitivity, double specificity, double prevalence) =>
        Share(specificity * (1 - prevalence), (1 - sensitivity) * prevalence);

    /// <summary>The predictive values of one network, with BCa intervals by drawing whole clusters.</summary>
    /// <remarks>
    /// Where resamples don't vary, as of the negative value at a sensitivity of 1, the ends are those of the intervals of sensitivity and
    /// specificity together, which are Wilson's there: a test that missed nobody among 20 isn't certain.
    /// </remarks>
    /// <param name="rows">Patients or images of one network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="clusters">What is drawn.</param>
    /// <param name="ofRow">The cluster of each row.</param>
    /// <param name="folds">How the folds become one figure.</param>
    /// <param name="headline">The figures of the same rows.</param>
    /// <param name="ofPatients">Whether the rows are patients.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <returns>Null where sensitivity or specificity is undefined.</returns>
    internal static PredictiveValues? Of(
        IReadOnlyList<Prediction> rows,
        string positive,
        Clusters clusters,
        IReadOnlyList<int> ofRow,
        FoldSummary folds,
        FigureIntervals headline,
        bool ofPatients,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        if (headline is not { Sensitivity.Value: not null, Specificity.Value: not null })
        {
            return null;
        }

        var positives = rows.Count(row => row.Label == positive);
        var own = (double)positives / rows.Count;
        double[] prevalences = [.. Prevalences.Append(own).Distinct().Order()];
        var outcomes = new WeightedOutcomes(rows, positive, ofRow, folds);
        var six = new double?[WeightedOutcomes.Figures];
        var draws = ClusterBootstrap.Draw(clusters, Ratios + (2 * prevalences.Length), Compute, options, cancellationToken);
        return new(
            rows[0].Network,
            ofPatients,
            positives,
            rows.Count - positives,
            headline.Sensitivity,
            headline.Specificity,
            Estimate(0, PositiveRatioOf),
            Turned(1, NegativeRatioOf),
            [
                .. prevalences.Select((prevalence, i) => new Point(
                    prevalence,
                    prevalence == own,
                    Estimate(Ratios + (2 * i), (sensitivity, specificity) => PositiveOf(sensitivity, specificity, prevalence)),
                    Estimate(Ratios + (2 * i) + 1, (sensitivity, specificity) => NegativeOf(sensitivity, specificity, prevalence)))),
            ]);

        void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            outcomes.Compute(weights, six);
            figures.Clear();
            if ((six[SensitivityOfSix], six[SpecificityOfSix]) is not ({ } sensitivity, { } specificity))
            {
                return;
            }

            figures[0] = PositiveRatioOf(sensitivity, specificity);
            figures[1] = NegativeRatioOf(sensitivity, specificity);
            for (var i = 0; i < prevalences.Length; i++)
            {
                figures[Ratios + (2 * i)] = PositiveOf(sensitivity, specificity, prevalences[i]);
                figures[Ratios + (2 * i) + 1] = NegativeOf(sensitivity, specificity, prevalences[i]);
            }
        }

        EstimatedFigure Estimate(int place, Func<double, double, double?> of) =>
            WithoutSpread(draws.Bca(place), headline, of(Low(headline.Sensitivity), Low(headline.Specificity)),
                of(High(headline.Sensitivity), High(headline.Specificity)));

        // It falls where the others rise.
        EstimatedFigure Turned(int place, Func<double, double, double?> of) =>
            WithoutSpread(draws.Bca(place), headline, of(High(headline.Sensitivity), High(headline.Specificity)),
                of(Low(headline.Sensitivity), Low(headline.Specificity)));
    }

    private static double Low(EstimatedFigure figure) => figure.Interval?.Low ?? figure.Value!.Value;

    private static double High(EstimatedFigure figure) => figure.Interval?.High ?? figure.Value!.Value;

    private static EstimatedFigure WithoutSpread(EstimatedFigure figure, FigureIntervals headline, double? low, double? high) =>
        (figure, headline.Sensitivity.Interval, headline.Specificity.Interval, low, high) is
            ({ Value: not null, Interval: null }, { } sensitivity, not null, { } from, { } to)
            ? figure with { Interval = new(from, to, sensitivity.Level) }
            : figure;

    private static double? Share(double right, double wrong) => right + wrong == 0 ? null : right / (right + wrong);
}
