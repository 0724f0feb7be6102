using CovidCt.Data;
using CovidCt.Recipes;

namespace CovidCt.Controls;

/// <summary>A way of drawing folds that controls are asked in.</summary>
/// <param name="GroupBy">The way.</param>
/// <param name="Drawings">The folds, as often as they were drawn.</param>
internal sealed record ControlDesign(GroupBy GroupBy, IReadOnlyList<IReadOnlyList<Fold>> Drawings)
{
    // Coarser and coarser.
    private static readonly GroupBy[] Standard = [GroupBy.Image, GroupBy.Patient, GroupBy.Source, GroupBy.Collection];

    /// <summary>Whether figures are of all folds' images together, since a fold may have images of one class alone.</summary>
    public bool IsPooled => GroupBy == GroupBy.EachSource;

    /// <summary>
    /// The folds that a study uses, and, where it doesn't test on another data set, those by image, patient, source and collection, as far
    /// as the data set allows them.
    /// </summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">The study's folds and seed.</param>
    /// <param name="drawings">How often to draw folds, by seeds that follow each other.</param>
    /// <exception cref="UnusableDataException">The study's own folds can't be drawn.</exception>
    public static IEnumerable<ControlDesign> Of(CtDataset dataset, StudyOptions options, int drawings)
    {
        foreach (var way in Standard.Where(_ => dataset.TestSource is null).Append(options.GroupBy).Distinct())
        {
            if (way == options.GroupBy || CanDraw(dataset, way, options))
            {
                var times = way == GroupBy.Official || way == GroupBy.EachSource ? 1 : drawings;
                yield return new(
                    way, [.. Enumerable.Range(0, times).Select(i => Fold.Of(dataset, way, options.Folds, options.Seed + i))]);
            }
        }
    }

    /// <summary>
    /// Whether labels are asked about in these folds: those dealt by patient where patients are mixed or kept together, those dealt by
    /// source where patients or sources are, and in any other way of drawing folds the coarsest that there are.
    /// </summary>
    /// <param name="labels">The labels.</param>
    /// <param name="all">All labels that were drawn.</param>
    public bool Asks(DrawnLabels labels, IReadOnlyList<DrawnLabels> all)
    {
        var coarsest = all.Last(drawn => drawn.Within is null).DealtBy;
        return GroupBy == GroupBy.Image ? labels.DealtBy != GroupBy.Source
            : GroupBy == GroupBy.Patient ? true
            : GroupBy == GroupBy.Source ? labels.DealtBy == GroupBy.Source
            : labels.Within is null && labels.DealtBy == coarsest;
    }

    private static bool CanDraw(CtDataset dataset, GroupBy way, StudyOptions options)
    {
        try
        {
            return Fold.Of(dataset, way, options.Folds, options.Seed).Count > 0;
        }
        catch (UnusableDataException)
        {
            return false;
        }
    }
}
