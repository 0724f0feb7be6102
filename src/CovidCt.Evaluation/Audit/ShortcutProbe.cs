using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Audit;

/// <summary>Tries to tell the classes apart by what is not anatomy.</summary>
internal static class ShortcutProbe
{
    public const string All = "all";

    private const string File = "file";
    private const string Geometry = "geometry";
    private const string Gray = "gray";

    private static readonly string[] Groups = [File, Geometry, Gray];

    /// <summary>The probe of readable images; null where a class has fewer than two images (or patients, where they are known).</summary>
    public static ShortcutProbeResult? Run(
        CtDataset dataset, IReadOnlyList<AuditedImage> images, DatasetAuditOptions options, IProgress<(int Done, int Total)>? progress,
        CancellationToken cancellationToken)
    {
        if (FoldsOf(dataset, options) is not var (groupBy, folds))
        {
            return null;
        }

        var table = Table(images);
        var sets = new List<(string Name, int[] Columns)> { (All, ColumnsOf(table, _ => true)) };
        sets.AddRange(Groups.Select(group => (group, ColumnsOf(table, feature => feature.Group == group))));
        sets.AddRange(table.Features.Select(feature => (feature.Feature.Name, feature.Columns)));

        var scores = new ProbeScore[sets.Count];
        var done = 0;
        var progressLock = new Lock();
        Parallel.For(0, sets.Count, new ParallelOptions { CancellationToken = cancellationToken }, set =>
        {
            scores[set] = Score(
                sets[set].Name, Predict(dataset, table, sets[set].Columns, folds, options, set, cancellationToken), dataset);
            lock (progressLock)
            {
                progress?.Report((++done, sets.Count));
            }
        });
        var classes = dataset.Samples.CountBy(sample => sample.Label).ToArray();
        return new(
            groupBy, folds.Count, (double)classes.Max(pair => pair.Value) / dataset.Samples.Count, 1.0 / classes.Length, scores[0],
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

    // An image of nobody known is a patient of its own. A class with few patients gets fewer folds.
    private static (GroupBy GroupBy, IReadOnlyList<Fold> Folds)? FoldsOf(CtDataset dataset, DatasetAuditOptions options)
    {
        var groupBy = dataset.Samples.Any(sample => sample.Patient is not null) ? GroupBy.Patient : GroupBy.Image;
        var named = dataset with
        {
            Samples = [.. dataset.Samples.Select(sample => sample.Patient is null ? sample with { Patient = $"/{sample.Path}" } : sample)],
        };
        var least = Enumerable.Range(0, dataset.Classes.Count)
            .Min(label => named.Samples.Where(sample => sample.Label == label).Select(sample => sample.Patient).Distinct().Count());
        var folds = Math.Min(options.Folds, least);
        return folds < 2
            ? null
            : (groupBy, groupBy == GroupBy.Patient ? Fold.ByPatient(named, folds, options.Seed) : Fold.ByImage(named, folds, options.Seed));
    }

    private static double[][] Predict(
        CtDataset dataset, FeatureTable table, int[] columns, IReadOnlyList<Fold> folds, DatasetAuditOptions options, int set,
        CancellationToken cancellationToken)
    {
        var labels = dataset.Samples.Select(sample => sample.Label).ToArray();
        var predictions = new double[labels.Length][];
        foreach (var fold in folds)
        {
            var forest = new RandomForest(
                table, columns, labels, dataset.Classes.Count, fold.Train, options.Trees, CounterRandom.Key(options.Seed, set, fold.Index),
                cancellationToken);
            foreach (var row in fold.Test)
            {
                predictions[row] = forest.Predict(row);
            }
        }

        return predictions;
    }

    private static ProbeScore Score(string name, double[][] predictions, CtDataset dataset)
    {
        var samples = dataset.Samples;
        var right = predictions.Select((shares, row) => Array.IndexOf(shares, shares.Max()) == samples[row].Label).ToArray();
        var clusters = samples.Select(sample => sample.Patient ?? $"/{sample.Path}").ToArray();
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
            FiguresOfMerit.AreaUnderCurve(predictions.Select((shares, row) => (samples[row].Label == dataset.Positive, shares[dataset.Positive]))));
    }
}
