using CovidCt.Data;

namespace CovidCt.Controls;

/// <summary>Many draws of labels that mean nothing.</summary>
/// <param name="DealtBy">What got one label as a whole: images, patients or sources.</param>
/// <param name="Within">The class whose images alone got labels; null where all did.</param>
/// <param name="Rows">The images that got labels.</param>
/// <param name="Draws">Draw by draw, whether each of these got the label of the positive class.</param>
internal sealed record DrawnLabels(GroupBy DealtBy, string? Within, IReadOnlyList<int> Rows, IReadOnlyList<bool[]> Draws)
{
    /// <summary>
    /// Labels dealt among the patients; where sources are known, among them too; and within each class whose sources have several
    /// patients, half and half among its sources, since what is recognised of a source there can't be its class.
    /// </summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="count">How many draws.</param>
    /// <param name="seed">The same seed gives the same labels.</param>
    /// <param name="folds">The folds that sources are shared out among: with fewer sources there is nothing to deal.</param>
    public static IEnumerable<DrawnLabels> Of(CtDataset dataset, int count, long seed, int folds)
    {
        int[] all = [.. Enumerable.Range(0, dataset.Samples.Count)];
        yield return new(dataset.HasPatients ? GroupBy.Patient : GroupBy.Image, null, all, Drawn(draw => RandomLabels.Draw(dataset, draw)));
        if (!dataset.HasSources)
        {
            yield break;
        }

        var sources = dataset.GroupsOf(GroupBy.Source);
        var counts = RandomLabels.SourcesOf(dataset, sources);
        if (RandomLabels.CanDeal(counts, folds))
        {
            yield return new(GroupBy.Source, null, all, Drawn(draw => RandomLabels.Draw(dataset, sources, draw)));
        }

        foreach (var label in Enumerable.Range(0, dataset.Classes.Count).Where(HasSourcesOfSeveral))
        {
            int[] rows = [.. all.Where(row => dataset.Samples[row].Label == label)];
            string[] own = [.. rows.Select(row => sources[row])];
            yield return new(
                GroupBy.Source, dataset.Classes[label], rows,
                [.. Enumerable.Range(0, count).Select(draw => Positive(RandomLabels.Halves(own, CounterRandom.Key(seed, draw)), 1))]);
        }

        IReadOnlyList<bool[]> Drawn(Func<long, int[]> draw) =>
            [.. Enumerable.Range(0, count).Select(i => Positive(draw(CounterRandom.Key(seed, i)), dataset.Positive))];

        // Each label has to be in every fold, more often than not.
        bool HasSourcesOfSeveral(int label) =>
            dataset.HasPatients && counts[label] >= 2 * folds && counts[label]
                < dataset.Samples.Where(sample => sample.Label == label).Select(sample => sample.Patient).Distinct().Count();
    }

    private static bool[] Positive(int[] labels, int positive) => Array.ConvertAll(labels, label => label == positive);
}
