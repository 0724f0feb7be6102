using CovidCt.Data;
using CovidCt.Recipes;

namespace CovidCt.Controls;

/// <summary>
/// Labels that mean nothing: what a network makes of them on unseen images is chance, and where it does better, it has
/// recognised something else, such as the patient (Yagis et al., "Effect of data leakage in brain MRI classification using
/// 2D convolutional neural networks", Scientific Reports 11, 2021, reached 96 % on random labels with slices of a patient on
/// both sides).
/// </summary>
internal static class RandomLabels
{
    /// <summary>The data set that a study trains on: with labels that mean nothing where the control asks for them.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="control">What the study is asked for.</param>
    /// <param name="seed">The same seed gives the same labels.</param>
    public static CtDataset For(CtDataset dataset, ControlKind control, long seed) => control switch
    {
        ControlKind.RandomLabels => Of(dataset, seed),
        ControlKind.SourceLabels => With(dataset, Draw(dataset, dataset.GroupsOf(GroupBy.Source), seed)),
        _ => dataset,
    };

    /// <summary>Whether each class has enough sources for its labels to be dealt by source in so many folds.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="folds">The folds that sources are shared out among.</param>
    public static bool CanDealBySource(CtDataset dataset, int folds) =>
        dataset.HasSources && CanDeal(SourcesOf(dataset, dataset.GroupsOf(GroupBy.Source)), folds);

    /// <summary>The same of numbers that are known.</summary>
    /// <param name="sources">How many sources each class has.</param>
    /// <param name="folds">The folds that sources are shared out among.</param>
    public static bool CanDeal(IReadOnlyList<int> sources, int folds) => sources.Min() >= folds;

    /// <summary>How many sources each class has.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="sources">The source of each sample.</param>
    public static IReadOnlyList<int> SourcesOf(CtDataset dataset, IReadOnlyList<string> sources)
    {
        var labelled = dataset.Samples.Zip(sources, (sample, source) => (sample.Label, source)).Distinct().ToLookup(pair => pair.Label);
        return [.. Enumerable.Range(0, dataset.Classes.Count).Select(label => labelled[label].Count())];
    }

    /// <summary>
    /// A data set whose patients got the labels of others, drawn without replacement: the classes keep their numbers of
    /// patients, and all images of a patient get one label, that of some patient's first image. Where a patient is unknown,
    /// the image stands for itself.
    /// </summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="seed">The same seed gives the same labels.</param>
    public static CtDataset Of(CtDataset dataset, long seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return With(dataset, Draw(dataset, seed));
    }

    /// <summary>The labels of the samples.</summary>
    internal static int[] Draw(CtDataset dataset, long seed) => Draw(dataset, PatientsOf(dataset), seed);

    /// <summary>The same with groups of another kind, such as sources, in the place of patients.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="groups">The group of each sample.</param>
    /// <param name="seed">The same seed gives the same labels.</param>
    internal static int[] Draw(CtDataset dataset, IReadOnlyList<string> groups, long seed)
    {
        var rows = Grouped(groups);
        int[] dealt = [.. rows.Select(group => dataset.Samples[group[0]].Label)];
        new CounterRandom(seed).Shuffle(dealt.AsSpan());
        return Dealt(groups.Count, rows, dealt);
    }

    /// <summary>Two labels, 0 and 1, each of half of the groups; of an odd number one more gets 1.</summary>
    /// <param name="groups">The group of each image.</param>
    /// <param name="seed">The same seed gives the same labels.</param>
    internal static int[] Halves(IReadOnlyList<string> groups, long seed)
    {
        var rows = Grouped(groups);
        int[] dealt = [.. Enumerable.Range(0, rows.Count).Select(group => (group + 1) % 2)];
        new CounterRandom(seed).Shuffle(dealt.AsSpan());
        return Dealt(groups.Count, rows, dealt);
    }

    /// <summary>The patient of each sample, and of an unknown one the image.</summary>
    internal static IReadOnlyList<string> PatientsOf(CtDataset dataset) =>
        [.. dataset.Samples.Select(sample => sample.Patient is { } patient ? "p" + patient : "i" + sample.Path)];

    private static CtDataset With(CtDataset dataset, int[] labels) =>
        dataset with { Samples = [.. dataset.Samples.Select((sample, row) => sample with { Label = labels[row] })] };

    private static List<int[]> Grouped(IReadOnlyList<string> groups) =>
    [
        .. Enumerable.Range(0, groups.Count).GroupBy(row => groups[row], StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.ToArray()),
    ];

    private static int[] Dealt(int count, List<int[]> groups, int[] dealt)
    {
        var labels = new int[count];
        foreach (var (rows, label) in groups.Zip(dealt))
        {
            foreach (var row in rows)
            {
                labels[row] = label;
            }
        }

        return labels;
    }
}
