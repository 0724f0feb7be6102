using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>The folds that an audit looks at.</summary>
internal static class AuditedFolds
{
    /// <summary>Those by image, patient and source, and those asked for; without those that can't be made.</summary>
    /// <remarks>Of a data set that is tested on another one there are no folds but those asked for.</remarks>
    public static IEnumerable<(GroupBy GroupBy, IReadOnlyList<Fold> Folds)> Of(CtDataset dataset, DatasetAuditOptions options)
    {
        GroupBy[] standard = dataset.TestSource is null ? [GroupBy.Image, GroupBy.Patient, GroupBy.Source] : [];
        return standard.Append(options.GroupBy).Distinct()
            .Select(way => (way, Folds: Made(dataset, way, options.Folds, options.Seed))).Where(drawn => drawn.Folds is not null)
            .Select(drawn => (drawn.way, drawn.Folds!));
    }

    /// <summary>The folds; null where they can't be made.</summary>
    public static IReadOnlyList<Fold>? Made(CtDataset dataset, GroupBy groupBy, int folds, long seed)
    {
        try
        {
            return Fold.Of(dataset, groupBy, folds, seed);
        }
        catch (UnusableDataException)
        {
            return null;
        }
    }
}
