using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Statistics;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>What classifiers on features are asked, in the folds of a design, and what they answer.</summary>
internal sealed class ControlQuestions(CtDataset dataset, long seed, CancellationToken cancellationToken)
{
    private readonly int[] _all = [.. Enumerable.Range(0, dataset.Samples.Count)];

    /// <summary>The data set's own labels.</summary>
    /// <param name="kind">What the features are of.</param>
    /// <param name="features">float64 [N, d].</param>
    /// <param name="design">The folds.</param>
    /// <param name="classifier">Who is asked.</param>
    public ControlReport.Result Data(ControlKind kind, Tensor features, ControlDesign design, ControlReport.Classifier classifier)
    {
        bool[] positive = [.. dataset.Samples.Select(sample => sample.Label == dataset.Positive)];
        List<FigureIntervals> drawn =
        [
            .. design.Drawings.Select(folds => FigureIntervals.Of(
                Predictions(Scores(classifier, features, _all, [positive], folds), folds), dataset.Classes[dataset.Positive],
                design.IsPooled ? FoldSummary.Pooled : FoldSummary.Mean, new BootstrapOptions { Seed = seed }, cancellationToken)),
        ];
        double[] areas = [.. drawn.Select(figures => figures.Auc.Value).OfType<double>()];
        List<Interval> intervals = [.. drawn.Select(figures => figures.Auc.Interval).OfType<Interval>()];
        return new(
            kind,
            design.GroupBy,
            classifier,
            Mean(areas),
            intervals.Count < drawn.Count ? null : new(intervals.Average(one => one.Low), intervals.Average(one => one.High), 0.95),
            Mean([.. drawn.Select(figures => figures.Accuracy.Value).OfType<double>()]))
        {
            StandardError = StandardError(areas),
        };
    }

    /// <summary>Labels that mean nothing, the draws of which take turns in the drawings of the folds.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="features">float64 [N, d].</param>
    /// <param name="design">The folds.</param>
    /// <param name="classifier">Who is asked.</param>
    public ControlReport.Result Random(DrawnLabels labels, Tensor features, ControlDesign design, ControlReport.Classifier classifier)
    {
        var drawings = design.Drawings.Count;
        List<FiguresOfMerit> figures =
        [
            .. design.Drawings.SelectMany((folds, turn) => Random(
                [.. labels.Draws.Where((_, draw) => draw % drawings == turn)], labels.Rows, features, design, folds, classifier)),
        ];
        double[] areas = [.. figures.Select(drawn => drawn.Auc).OfType<double>().Order()];
        return new(
            ControlKind.RandomLabels,
            design.GroupBy,
            classifier,
            Mean(areas),
            areas.Length == 0
                ? null
                : new(areas[(int)(0.025 * (areas.Length - 1))], areas[(int)Math.Ceiling(0.975 * (areas.Length - 1))], 0.95),
            Mean([.. figures.Select(drawn => drawn.Accuracy).OfType<double>()]))
        {
            DealtBy = labels.DealtBy,
            Within = labels.Within,
            StandardError = StandardError(areas),
        };
    }

    private IEnumerable<FiguresOfMerit> Random(
        IReadOnlyList<bool[]> draws, IReadOnlyList<int> rows, Tensor features, ControlDesign design, IReadOnlyList<Fold> folds,
        ControlReport.Classifier classifier)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var place = rows.Select((row, i) => (row, i)).ToDictionary(entry => entry.row, entry => entry.i);
        List<Fold> own = [.. folds.Select(fold => fold with { Train = Places(fold.Train), Test = Places(fold.Test) })];
        var scores = Scores(classifier, features, rows, draws, own);
        return draws.Select((labels, draw) =>
        {
            var tests = design.IsPooled ? [own.SelectMany(fold => fold.Test)] : own.Select(fold => fold.Test.AsEnumerable());
            return FiguresOfMerit.Mean(
            [
                .. tests.Select(test => FiguresOfMerit.From([.. test.Select(i => (labels[i], scores[i, draw]))], threshold: 0)),
            ]);
        });

        IReadOnlyList<int> Places(IReadOnlyList<int> among) => [.. among.Where(place.ContainsKey).Select(row => place[row])];
    }

    /// <summary>The scores [n, k] of n images under k sets of their labels, each by what was fitted in the fold that tests it.</summary>
    private double[,] Scores(
        ControlReport.Classifier classifier,
        Tensor features,
        IReadOnlyList<int> rows,
        IReadOnlyList<bool[]> labels,
        IReadOnlyList<Fold> folds)
    {
        using var outer = NewDisposeScope();
        var scores = new double[rows.Count, labels.Count];
        var own = features.index_select(0, Indices(rows));
        double[] told = [.. labels.SelectMany(set => set).Select(positive => positive ? 1.0 : 0.0)];
        var known = tensor(told).view(labels.Count, rows.Count).t();
        foreach (var fold in folds.Where(fold => fold.Train.Count > 0 && fold.Test.Count > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (train, test) = (Indices(fold.Train), Indices(fold.Test));
            var (fitted, asked, taught) = (own.index_select(0, train), own.index_select(0, test), known.index_select(0, train));
            var answers = classifier == ControlReport.Classifier.Head
                ? RidgeHead.Scores(fitted, taught, asked)
                : NearestNeighbours.Scores(fitted, taught, asked);
            var values = answers.contiguous().data<double>().ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                scores[fold.Test[i / labels.Count], i % labels.Count] = values[i];
            }
        }

        return scores;

        static Tensor Indices(IReadOnlyList<int> rows) => tensor(rows.Select(row => (long)row).ToArray());
    }

    private IEnumerable<Prediction> Predictions(double[,] scores, IReadOnlyList<Fold> folds) =>
        folds.SelectMany(fold => fold.Test.Select(row => new Prediction(
            dataset.Samples[row].Path, dataset.Classes[dataset.Samples[row].Label], dataset.Samples[row].Patient, "control", fold.Index,
            Probability(scores[row, 0]))
        {
            Source = dataset.Samples[row].Source,
        }));

    // Any rising function of a score would do; this one takes 0, where the classes meet, to one half.
    private static double Probability(double score) => 1 / (1 + Math.Exp(-2 * score));

    private static double? Mean(double[] values) => values.Length == 0 ? null : values.Average();

    private static double? StandardError(double[] values)
    {
        if (values.Length < 2)
        {
            return null;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
    }
}
