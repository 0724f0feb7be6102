using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Audit;

/// <summary>Tries to tell the classes apart by what is not anatomy.</summary>
internal sealed class ShortcutProbe(CtDataset dataset, IReadOnlyList<AuditedImage> images, DatasetAuditOptions options)
{
    public const string All = "all";

    private const string File = "file";
    private const string Geometry = "geometry";
    private const string Gray = "gray";

    private static readonly string[] Groups = [File, Geometry, Gray];

    private readonly FeatureTable _table = Table(images);

    /// <summary>
    /// The probe in folds of the coarsest kind that there is, and once more, without single features, in the folds asked for.
    /// </summary>
    /// <returns>
    /// Each null where its folds can't be made: of the first, where a class has fewer than two sources, patients or images; the second also
    /// where both are the same.
    /// </returns>
    public (ShortcutProbeResult? Coarsest, ShortcutProbeResult? Asked) Run(
        IProgress<(int Done, int Total)>? progress, CancellationToken cancellationToken)
    {
        var coarsest = dataset.TestSource is null ? Coarsest() : null;
        var asked = AuditedFolds.Made(dataset, options.GroupBy, options.Folds, options.Seed) is { } folds
            ? (options.GroupBy, folds)
            : ((GroupBy, IReadOnlyList<Fold>)?)null;
        var first = coarsest ?? asked;
        var (features, groups) = (1 + Groups.Length + _table.Features.Count, 1 + Groups.Length);
        var again = coarsest is var (way, _) && asked is var (own, _) && way != own;
        var total = (first is null ? 0 : features) + (again ? groups : 0);
        var count = 0;
        return (
            first is var (by, drawn) ? Probe(by, drawn, single: true, Step, cancellationToken) : null,
            again ? Probe(asked!.Value.Item1, asked.Value.Item2, single: false, Step, cancellationToken) : null);

        void Step() => progress?.Report((++count, total));
    }

    private ShortcutProbeResult Probe(
        GroupBy groupBy, IReadOnlyList<Fold> folds, bool single, Action done, CancellationToken cancellationToken)
    {
        var sets = new List<(string Name, int[] Columns)> { (All, ColumnsOf(_table, _ => true)) };
        sets.AddRange(Groups.Select(group => (group, ColumnsOf(_table, feature => feature.Group == group))));
        sets.AddRange(_table.Features.Where(_ => single).Select(feature => (feature.Feature.Name, feature.Columns)));

        var scores = new ShortcutProbeResult.Score[sets.Count];
        var progressLock = new Lock();
        Parallel.For(0, sets.Count, new ParallelOptions { CancellationToken = cancellationToken }, set =>
        {
            scores[set] = Score(sets[set].Name, Predict(sets[set].Columns, folds, set, cancellationToken));
            lock (progressLock)
            {
                done();
            }
        });
        int[] tested = [.. folds.SelectMany(fold => fold.Test)];
        var classes = tested.CountBy(row => dataset.Samples[row].Label).ToArray();
        return new(
            groupBy, folds.Count, (double)classes.Max(pair => pair.Value) / tested.Length, 1.0 / classes.Length, scores[0],
            scores[1..(1 + Groups.Length)],
            [.. scores[(1 + Groups.Length)..].OrderByDescending(score => score.BalancedAccuracy)]);
    }

    private static FeatureTable Table(IReadOnlyList<AuditedImage> images)
    {
        var table = new FeatureTable();
        Words("container", File, image => image.Header.Container);
        Words("colour type", File, image => image.Header.ColourType);
        Number("bits per sample", File, image => image.Header.BitsPerSample);
        Words("interlaced or progressive", File, image => image.Header.Progressive ? "yes" : "no");
        Number("JPEG quality", File, image => image.Header.JpegQuality);
        Words("JPEG subsampling", File, image => image.Header.Subsampling);
        Number("bytes per pixel", File, image => image.FileLength / ((double)image.Width * image.Height));
        Number("width", Geometry, image => image.Width);
        Number("height", Geometry, image => image.Height);
        Number("aspect", Geometry, image => (double)image.Width / image.Height);
        Number("padding left and right", Geometry, image => image.Gray.PaddingAcross);
        Number("padding above and below", Geometry, image => image.Gray.PaddingDown);
        Number("mean gray", Gray, image => image.Gray.Mean);
        Number("pure black", Gray, image => image.Gray.Black);
        Number("pure white", Gray, image => image.Gray.White);
        Number("gray of the border", Gray, image => image.Gray.BorderMean);
        Number("spread of the border", Gray, image => image.Gray.BorderSpread);
        return table;

        void Number(string name, string group, Func<AuditedImage, double> value) =>
            table.Add(new ProbeFeature(name, group), images.Select(value).ToArray());

        void Words(string name, string group, Func<AuditedImage, string> value) =>
            table.Add(new ProbeFeature(name, group), images.Select(value).ToArray());
    }

    private static int[] ColumnsOf(FeatureTable table, Func<ProbeFeature, bool> wanted) =>
        [.. table.Features.Where(feature => wanted(feature.Feature)).SelectMany(feature => feature.Columns)];

    // By source where there are enough of them; an image of nobody known is a patient of its own. A class with few gets fewer folds.
    private (GroupBy GroupBy, IReadOnlyList<Fold> Folds)? Coarsest()
    {
        if (AuditedFolds.Made(dataset, GroupBy.Source, options.Folds, options.Seed) is { } bySource)
        {
            return (GroupBy.Source, bySource);
        }

        var groupBy = dataset.Samples.Any(sample => sample.Patient is not null) ? GroupBy.Patient : GroupBy.Image;
        var named = dataset with
        {
            Samples = [.. dataset.Samples.Select(sample => sample.Patient is null ? sample with { Patient = $"/{sample.Path}" } : sample)],
        };
        var least = Enumerable.Range(0, dataset.Classes.Count)
            .Min(label => named.Samples.Where(sample => sample.Label == label).Select(sample => sample.Patient).Distinct().Count());
        var folds = Math.Min(options.Folds, least);
        return folds < 2 ? null : (groupBy, Fold.Of(named, groupBy, folds, options.Seed));
    }

    /// <summary>For each image that is tested, the shares of the trees that say each class; null of the others.</summary>
    private double[]?[] Predict(int[] columns, IReadOnlyList<Fold> folds, int set, CancellationToken cancellationToken)
    {
        var labels = dataset.Samples.Select(sample => sample.Label).ToArray();
        var predictions = new double[]?[labels.Length];
        foreach (var fold in folds)
        {
            var forest = new RandomForest(
                _table, columns, labels, dataset.Classes.Count, fold.Train, options.Trees, CounterRandom.Key(options.Seed, set, fold.Index),
                cancellationToken);
            foreach (var row in fold.Test)
            {
                predictions[row] = forest.Predict(row);
            }
        }

        return predictions;
    }

    private ShortcutProbeResult.Score Score(string name, double[]?[] predictions)
    {
        var tested = dataset.Samples.Zip(predictions).Where(row => row.Second is not null).ToList();
        List<CtSample> samples = [.. tested.Select(row => row.First)];
        List<double[]> shares = [.. tested.Select(row => row.Second!)];
        var right = shares.Select((answer, row) => Array.IndexOf(answer, answer.Max()) == samples[row].Label).ToArray();
        var clusters = ClusterKeys.Of([.. samples.Select(sample => (sample.Source, sample.Patient, sample.Path, sample.Label))]).Keys;
        var sizes = samples.CountBy(sample => sample.Label).ToDictionary();
        double[] alike = [.. samples.Select(_ => 1.0 / samples.Count)];
        double[] balanced = [.. samples.Select(sample => 1.0 / (sizes.Count * sizes[sample.Label]))];
        var recalls = sizes.Keys.ToDictionary(
            label => label,
            label => Enumerable.Range(0, right.Length).Count(row => right[row] && samples[row].Label == label) / (double)sizes[label]);
        var accuracy = right.Count(one => one) / (double)right.Length;
        var balancedAccuracy = recalls.Values.Average();
        return new(
            name,
            accuracy,
            ClusteredWilson.Of(accuracy, right, alike, [.. samples.Select(_ => accuracy)], clusters),
            balancedAccuracy,
            ClusteredWilson.Of(balancedAccuracy, right, balanced, [.. samples.Select(sample => recalls[sample.Label])], clusters),
            FiguresOfMerit.AreaUnderCurve(
                shares.Select((answer, row) => (samples[row].Label == dataset.Positive, answer[dataset.Positive]))));
    }
}
