namespace CovidCt.Data;

/// <summary>One fold of a cross-validation.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Train">The rows to train on, ascending.</param>
/// <param name="Test">
/// The rows to test on, ascending; every row is in the test part of one fold, but for the official split's training rows.
/// </param>
public sealed record Fold(int Index, IReadOnlyList<int> Train, IReadOnlyList<int> Test)
{
    private const int Halves = 2;
    private const string MoreImages = "Ask for fewer folds, or give it more images.";

    /// <summary>The folds that a way of drawing them makes.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="groupBy">The way.</param>
    /// <param name="folds">The number of folds, where the way leaves it open; see <see cref="Number"/>.</param>
    /// <param name="seed">The seed, at least 0, where something is drawn.</param>
    /// <exception cref="UnusableDataException">The data set doesn't say what the way asks for, or is too small for it.</exception>
    public static IReadOnlyList<Fold> Of(CtDataset dataset, GroupBy groupBy, int folds, long seed)
    {
        ArgumentNullException.ThrowIfNull(groupBy);
        return groupBy == GroupBy.Patient ? ByPatient(dataset, folds, seed)
            : groupBy == GroupBy.Source ? BySource(dataset, folds, seed)
            : groupBy == GroupBy.EachSource ? ByEachSource(dataset)
            : groupBy == GroupBy.Collection ? ByCollection(dataset, seed)
            : groupBy == GroupBy.Official ? ByOfficialSplit(dataset)
            : groupBy.Column is { } column ? ByColumn(dataset, column, folds, seed)
            : ByImage(dataset, folds, seed);
    }

    /// <summary>The number of folds that a way of drawing them makes: as asked for, one a source, two of collections, or one.</summary>
    public static int Number(CtDataset dataset, GroupBy groupBy, int folds)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(groupBy);
        return groupBy == GroupBy.Official ? 1
            : groupBy == GroupBy.EachSource ? dataset.Samples.Select(sample => sample.Source).Distinct().Count()
            : groupBy == GroupBy.Collection ? Halves
            : folds;
    }

    /// <summary>
    /// One fold a source, in ordinal order of their names: tested on the source, trained on all others. A source may have
    /// images of one class alone, so figures are to be computed over all sources together.
    /// </summary>
    /// <param name="dataset">The data set; it has to know the source of every image.</param>
    /// <exception cref="UnusableDataException">Sources are unknown, there is but one, or without one a class is missing.</exception>
    public static IReadOnlyList<Fold> ByEachSource(CtDataset dataset)
    {
        string[] sources = [.. SampleGroups.BySourceAlone(dataset).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (sources.Length < 2)
        {
            throw new UnusableDataException(
                $"All images of {dataset.Name} come from one source, {sources.FirstOrDefault()}; leaving one out takes two.");
        }

        int[] testFold = [.. dataset.Samples.Select(sample => Array.IndexOf(sources, sample.Source))];
        return RequireBothClasses(dataset, Build(testFold, sources.Length), fold => $"Without the source {sources[fold]}");
    }

    /// <summary>
    /// One fold: tested on the rows of the split's test part, trained on all others, those for validation too, since nothing
    /// is chosen on them.
    /// </summary>
    /// <param name="dataset">The data set; it has to have a split.</param>
    /// <exception cref="UnusableDataException">There is no split, or a class is missing in its training part.</exception>
    public static IReadOnlyList<Fold> ByOfficialSplit(CtDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var unknown = dataset.Samples.Count(sample => sample.Split is null);
        if (unknown > 0 || dataset.Samples.All(sample => sample.Split != "test"))
        {
            throw new UnusableDataException(unknown > 0
                ? $"{dataset.Name} does not say for {unknown} of {dataset.Samples.Count} images in which part of its split they are. Add "
                    + "it (a manifest's column 'split'), or draw the folds by patient."
                : $"The split of {dataset.Name} has no test part.");
        }

        int[] testFold = [.. dataset.Samples.Select(sample => sample.Split == "test" ? 0 : -1)];
        return RequireBothClasses(dataset, Build(testFold, 1), _ => "In the training part of the split");
    }

    private static Fold[] RequireBothClasses(CtDataset dataset, Fold[] folds, Func<int, string> where)
    {
        foreach (var fold in folds)
        {
            var present = fold.Train.Select(row => dataset.Samples[row].Label).ToHashSet();
            if (Enumerable.Range(0, dataset.Classes.Count).FirstOrDefault(label => !present.Contains(label), -1) is >= 0 and var missing)
            {
                throw new UnusableDataException(
                    $"{where(fold.Index)} {dataset.Name} has no image of {dataset.Classes[missing]} to train on.");
            }
        }

        return folds;
    }

    /// <summary>
    /// The folds of scikit-learn's <c>StratifiedKFold(folds, shuffle=True, random_state=seed)</c> on the samples' labels
    /// in their order, to the row.
    /// </summary>
    /// <param name="dataset">The data set, its samples in ordinal order of their paths.</param>
    /// <param name="folds">The number of folds, at least 2.</param>
    /// <param name="seed">The seed, at least 0.</param>
    /// <exception cref="UnusableDataException">A class has fewer images than there are folds.</exception>
    public static IReadOnlyList<Fold> ByImage(CtDataset dataset, int folds, long seed)
    {
        Check(dataset, folds, seed);
        var labels = dataset.Samples.Select(sample => sample.Label).ToArray();

        // Classes count in the order of their first image, as scikit-learn encodes them.
        var classes = labels.Distinct().ToArray();
        RequireEnough(dataset, folds, "images", labels.CountBy(label => label).ToDictionary(), MoreImages);

        var sorted = labels.Select(label => Array.IndexOf(classes, label)).Order().ToArray();
        var random = new Mt19937((uint)seed);
        var testFold = new int[labels.Length];
        for (var c = 0; c < classes.Length; c++)
        {
            var assigned = Enumerable.Range(0, sorted.Length).Where(i => sorted[i] == c).Select(i => i % folds).Order().ToArray();
            random.Shuffle(assigned.AsSpan());
            var next = 0;
            for (var row = 0; row < labels.Length; row++)
            {
                if (labels[row] == classes[c])
                {
                    testFold[row] = assigned[next++];
                }
            }
        }

        return Build(testFold, folds);
    }

    /// <summary>
    /// Folds of whole patients: the numbers of a class's patients differ by at most one between folds (a patient with
    /// images of several classes counts in each; with three classes or more such patients may cost that), and the
    /// numbers of images are as even as a search by swaps finds.
    /// </summary>
    /// <param name="dataset">The data set; it has to know the patient of every image.</param>
    /// <param name="folds">The number of folds, at least 2.</param>
    /// <param name="seed">The seed, at least 0.</param>
    /// <exception cref="UnusableDataException">Patients are unknown, or a class has fewer of them than there are folds.</exception>
    public static IReadOnlyList<Fold> ByPatient(CtDataset dataset, int folds, long seed)
    {
        Check(dataset, folds, seed);
        return OfWhole(dataset, SampleGroups.ByPatient(dataset), folds, seed, "patients", MoreImages);
    }

    /// <summary>
    /// Folds of whole sources, as even as those of <see cref="ByPatient"/>: no source is on both sides, and no patient either, since
    /// sources that share a patient stay together and count as one.
    /// </summary>
    /// <param name="dataset">The data set; it has to know the source of every image.</param>
    /// <param name="folds">The number of folds, at least 2.</param>
    /// <param name="seed">The seed, at least 0.</param>
    /// <exception cref="UnusableDataException">Sources are unknown, or a class has fewer of them than there are folds.</exception>
    public static IReadOnlyList<Fold> BySource(CtDataset dataset, int folds, long seed)
    {
        Check(dataset, folds, seed);
        const string remedy = "Ask for fewer folds, or leave out each source in turn.";
        return OfWhole(dataset, SampleGroups.BySource(dataset), folds, seed, "sources", remedy);
    }

    /// <summary>
    /// Folds of all images with one value in a column of <see cref="CtSample.Columns"/>, as even as those of <see cref="ByPatient"/>: no
    /// value is on both sides, and no patient either, since values that share a patient stay together and count as one.
    /// </summary>
    /// <param name="dataset">The data set; it has to know the value of every image.</param>
    /// <param name="column">The name of the column, in any case.</param>
    /// <param name="folds">The number of folds, at least 2.</param>
    /// <param name="seed">The seed, at least 0.</param>
    /// <exception cref="UnusableDataException">
    /// There is no such column, it is empty for an image, or a class has fewer values than there are folds.
    /// </exception>
    public static IReadOnlyList<Fold> ByColumn(CtDataset dataset, string column, int folds, long seed)
    {
        Check(dataset, folds, seed);
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        const string remedy = "Ask for fewer folds, or another column.";
        return OfWhole(dataset, SampleGroups.ByColumn(dataset, column), folds, seed, $"values of '{column}'", remedy);
    }

    /// <summary>
    /// Two folds, each tested on what the other trains on: every collection lies whole in one of them, but for one that holds all images of
    /// a class, whose sources are shared out. So no network has seen a source or a patient that it is tested on, nor a collection but for
    /// those. Images are as even as those of <see cref="ByPatient"/>.
    /// </summary>
    /// <param name="dataset">
    /// The data set; it has to know the collection of every image, and the sources of a class that is of one collection.
    /// </param>
    /// <param name="seed">The seed, at least 0.</param>
    /// <exception cref="UnusableDataException">
    /// Collections or sources are unknown, there is but one collection, or a class can't be divided.
    /// </exception>
    public static IReadOnlyList<Fold> ByCollection(CtDataset dataset, long seed)
    {
        Check(dataset, Halves, seed);
        const string what = "collections or sources without a patient in common", remedy = "Draw the folds by source or by patient.";
        return OfWhole(dataset, SampleGroups.ByCollection(dataset), Halves, seed, what, remedy);
    }

    private static Fold[] OfWhole(CtDataset dataset, IReadOnlyList<string> groups, int folds, long seed, string what, string remedy)
    {
        RequireEnough(dataset, folds, what, Groups(dataset, groups), remedy);
        return Build(WholeGroups.Assign(dataset, groups, folds, new Mt19937((uint)seed)), folds);
    }

    private static Dictionary<int, int> Groups(CtDataset dataset, IReadOnlyList<string> groups) =>
        dataset.Samples.Zip(groups, (sample, group) => (sample.Label, group)).Distinct().CountBy(pair => pair.Label).ToDictionary();

    private static void Check(CtDataset dataset, int folds, long seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seed, uint.MaxValue);
    }

    private static void RequireEnough(CtDataset dataset, int folds, string what, Dictionary<int, int> counts, string remedy)
    {
        for (var label = 0; label < dataset.Classes.Count; label++)
        {
            var count = counts.GetValueOrDefault(label);
            if (count < folds)
            {
                throw new UnusableDataException(
                    $"The class '{dataset.Classes[label]}' of {dataset.Name} has {count} {what}, too few for {folds} folds. "
                    + remedy);
            }
        }
    }

    private static Fold[] Build(int[] testFold, int folds) =>
    [
        .. Enumerable.Range(0, folds).Select(fold => new Fold(
            fold,
            [.. Enumerable.Range(0, testFold.Length).Where(row => testFold[row] != fold)],
            [.. Enumerable.Range(0, testFold.Length).Where(row => testFold[row] == fold)])),
    ];
}
