namespace CovidCt.Data;

/// <summary>What folds keep together.</summary>
public enum GroupBy
{
    /// <summary>Nothing: slices of one patient may lie on both sides, which flatters the figures. The paper's way.</summary>
    Image,

    /// <summary>The slices of a patient.</summary>
    Patient,
}

/// <summary>One fold of a cross-validation.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Train">The rows to train on, ascending.</param>
/// <param name="Test">The rows to test on, ascending; every row is in the test part of one fold.</param>
public sealed record Fold(int Index, IReadOnlyList<int> Train, IReadOnlyList<int> Test);

/// <summary>Stratified folds.</summary>
public static class Folds
{
    /// <summary>
    /// The folds of scikit-learn's <c>StratifiedKFold(folds, shuffle=True, random_state=seed)</c> on the samples' labels
    /// in their order, to the row.
    /// </summary>
    /// <param name="dataset">The data set, its samples in ordinal order of their paths.</param>
    /// <param name="folds">The number of folds, at least 2.</param>
    /// <param name="seed">The seed, at least 0.</param>
    /// <exception cref="UnusableDataException">A class has fewer images than there are folds.</exception>
    public static IReadOnlyList<Fold> ByImage(CtDataset dataset, int folds, int seed)
    {
        Check(dataset, folds, seed);
        var labels = dataset.Samples.Select(sample => sample.Label).ToArray();

        // Classes count in the order of their first image, as scikit-learn encodes them.
        var classes = labels.Distinct().ToArray();
        RequireEnough(dataset, folds, "images", labels.CountBy(label => label).ToDictionary());

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
    public static IReadOnlyList<Fold> ByPatient(CtDataset dataset, int folds, int seed)
    {
        Check(dataset, folds, seed);
        if (!dataset.HasPatients)
        {
            var unknown = dataset.Samples.Count(sample => sample.Patient is null);
            throw new UnusableDataException(
                $"Folds by patient need to know whose slice each image is; {dataset.Name} does not say it for {unknown} of {dataset.Samples.Count} images. "
                + "Add the patients (a manifest's column 'patient'), or make the folds by image and expect figures that flatter.");
        }

        var patientsOfClass = dataset.Samples.Select(sample => (sample.Label, sample.Patient)).Distinct().CountBy(pair => pair.Label).ToDictionary();
        RequireEnough(dataset, folds, "patients", patientsOfClass);
        return Build(PatientFolds.Assign(dataset, folds, new Mt19937((uint)seed)), folds);
    }

    private static void Check(CtDataset dataset, int folds, int seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
    }

    private static void RequireEnough(CtDataset dataset, int folds, string what, Dictionary<int, int> counts)
    {
        for (var label = 0; label < dataset.Classes.Count; label++)
        {
            var count = counts.GetValueOrDefault(label);
            if (count < folds)
            {
                throw new UnusableDataException(
                    $"The class '{dataset.Classes[label]}' of {dataset.Name} has {count} {what}, too few for {folds} folds. "
                    + "Ask for fewer folds, or give it more images.");
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
