using CovidCt.Data;

namespace CovidCt.Controls;

/// <summary>
/// Labels that mean nothing: what a network makes of them on unseen images is chance, and where it does better, it has
/// recognised something else, such as the patient (Yagis et al., "Effect of data leakage in brain MRI classification using
/// 2D convolutional neural networks", Scientific Reports 11, 2021, reached 96 % on random labels with slices of a patient on
/// both sides).
/// </summary>
internal static class RandomLabels
{
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
        var labels = Draw(dataset, seed);
        return dataset with { Samples = [.. dataset.Samples.Select((sample, row) => sample with { Label = labels[row] })] };
    }

    /// <summary>The labels of the samples.</summary>
    internal static int[] Draw(CtDataset dataset, long seed)
    {
        var groups = dataset.Samples.Select((sample, row) => (sample, row))
            .GroupBy(entry => entry.sample.Patient is { } patient ? "p" + patient : "i" + entry.sample.Path, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        int[] dealt = [.. groups.Select(group => group.First().sample.Label)];
        new CounterRandom(seed).Shuffle(dealt.AsSpan());
        var labels = new int[dataset.Samples.Count];
        foreach (var (group, label) in groups.Zip(dealt))
        {
            foreach (var (_, row) in group)
            {
                labels[row] = label;
            }
        }

        return labels;
    }
}
