using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>Which sources lie on both sides of folds.</summary>
internal static class SourceChecks
{
    /// <summary>The checks; null where no source is known.</summary>
    public static SourceAudit? Run(CtDataset dataset, DatasetAuditOptions options)
    {
        var samples = dataset.Samples;
        var bySource = samples.Where(sample => sample.Source is not null).ToLookup(sample => sample.Source!, StringComparer.Ordinal);
        var known = bySource.Sum(source => source.Count());
        return known == 0 ? null : new(
            known,
            samples.Count - known,
            bySource.Count,
            bySource.Count(source => source.Select(sample => sample.Patient).OfType<string>().Distinct(StringComparer.Ordinal).Count() > 1),
            [.. AuditedFolds.Of(dataset, options).Select(drawn => Leakage(dataset, drawn.GroupBy, drawn.Folds))]);
    }

    private static SourceLeakage Leakage(CtDataset dataset, GroupBy groupBy, IReadOnlyList<Fold> folds)
    {
        var samples = dataset.Samples;
        HashSet<int> shared = [];
        foreach (var fold in folds)
        {
            var trained = fold.Train.Select(row => samples[row].Source).OfType<string>().ToHashSet(StringComparer.Ordinal);
            shared.UnionWith(fold.Test.Where(row => samples[row].Source is { } source && trained.Contains(source)));
        }

        int[] tested = [.. folds.SelectMany(fold => fold.Test)];
        return new(
            groupBy,
            tested.Length,
            shared.Count,
            shared.Select(row => samples[row].Source).Distinct().Count(),
            [
                .. dataset.Classes.Select((name, label) => new ClassLeakage(
                    name, tested.Count(row => samples[row].Label == label), shared.Count(row => samples[row].Label == label))),
            ]);
    }
}
