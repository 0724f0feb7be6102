using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>Which patients and twins lie on both sides of folds and of a data set's split.</summary>
internal static class PatientChecks
{
    public static PatientAudit Run(CtDataset dataset, IReadOnlyList<DuplicateSearch.Twins> twins, DatasetAuditOptions options)
    {
        var samples = dataset.Samples;
        var known = samples.Count(sample => sample.Patient is not null);
        var byPatient = ByPatient(samples).ToArray();
        var ofSeveralClasses = byPatient.Where(patient => patient.Select(row => samples[row].Label).Distinct().Count() > 1);
        return new(
            known,
            samples.Count - known,
            byPatient.Length,
            [.. ofSeveralClasses.Select(patient => patient.Key).Order(StringComparer.Ordinal)],
            [.. AuditedFolds.Of(dataset, options).Select(drawn => Leakage(dataset, drawn.GroupBy, drawn.Folds, twins))],
            Split(dataset, twins));
    }

    private static FoldLeakage Leakage(
        CtDataset dataset, GroupBy groupBy, IReadOnlyList<Fold> folds, IReadOnlyList<DuplicateSearch.Twins> twins)
    {
        // −1 of what is trained on alone.
        var foldOf = new int[dataset.Samples.Count];
        Array.Fill(foldOf, -1);
        foreach (var fold in folds)
        {
            foreach (var row in fold.Test)
            {
                foldOf[row] = fold.Index;
            }
        }

        // Every other fold is in training: a patient in two of them has all tested images leaking.
        var shared = ByPatient(dataset.Samples).Where(patient => patient.Select(row => foldOf[row]).Distinct().Count() > 1).ToArray();
        var known = dataset.Samples.Any(sample => sample.Patient is not null);
        return new(
            groupBy,
            foldOf.Count(fold => fold >= 0),
            known ? shared.Sum(patient => patient.Count(row => foldOf[row] >= 0)) : null,
            known ? shared.Length : null,
            Apart(twins, foldOf));
    }

    // Equal images come as pairs with the first of them only, which is enough: they are joined first.
    private static int Apart(IReadOnlyList<DuplicateSearch.Twins> twins, int[] foldOf)
    {
        var equals = twins.Where(pair => pair.Kind is PairKind.SameFile or PairKind.SamePixels)
            .ToLookup(pair => pair.First, pair => pair.Second);
        var apart = new HashSet<int>();
        foreach (var pair in twins.Where(pair => pair.Kind == PairKind.SameSlice && foldOf[pair.First] != foldOf[pair.Second]))
        {
            apart.Add(pair.First);
            apart.Add(pair.Second);
        }

        foreach (var group in equals)
        {
            int[] members = [group.Key, .. group, .. group.SelectMany(row => equals[row])];
            if (members.Select(row => foldOf[row]).Distinct().Count() > 1)
            {
                apart.UnionWith(members);
            }
        }

        apart.RemoveWhere(row => foldOf[row] < 0);
        return apart.Count;
    }

    private static SplitAudit? Split(CtDataset dataset, IReadOnlyList<DuplicateSearch.Twins> twins)
    {
        var samples = dataset.Samples;
        var parts = samples.Select(sample => sample.Split).OfType<string>().CountBy(part => part).ToDictionary();
        if (parts.Count == 0)
        {
            return null;
        }

        var shared = ByPatient(samples).Where(patient => patient.Select(row => samples[row].Split).OfType<string>().Distinct().Count() > 1);
        var apart = twins.Where(
            pair => samples[pair.First].Split is { } first && samples[pair.Second].Split is { } second && first != second).ToArray();
        return new(
            parts.GetValueOrDefault("train"),
            parts.GetValueOrDefault("val"),
            parts.GetValueOrDefault("test"),
            samples.Count - parts.Values.Sum(),
            [.. shared.Select(patient => patient.Key).Order(StringComparer.Ordinal)],
            apart.Count(pair => pair.Kind != PairKind.LookAlike),
            apart.Count(pair => pair.Kind == PairKind.LookAlike && !AreOfOnePatient(pair)))
        {
            SourceImages = dataset.HasSources ? ImagesOfKnownSources(samples) : null,
        };

        bool AreOfOnePatient(DuplicateSearch.Twins pair) =>
            samples[pair.First].Patient is { } patient && patient == samples[pair.Second].Patient;
    }

    private static int ImagesOfKnownSources(IReadOnlyList<CtSample> samples)
    {
        var others = samples.Where(sample => sample.Split != "test").Select(sample => sample.Source).ToHashSet(StringComparer.Ordinal);
        return samples.Count(sample => sample.Split == "test" && others.Contains(sample.Source));
    }

    private static IEnumerable<IGrouping<string, int>> ByPatient(IReadOnlyList<CtSample> samples) =>
        Enumerable.Range(0, samples.Count).Where(row => samples[row].Patient is not null)
            .GroupBy(row => samples[row].Patient!, StringComparer.Ordinal);
}
