namespace CovidCt.Data;

/// <summary>Which images of a data set are kept together: for each, the name of its group.</summary>
internal static class SampleGroups
{
    /// <summary>The groups that a way of drawing folds keeps whole.</summary>
    /// <exception cref="UnusableDataException">The data set doesn't say them.</exception>
    public static string[] Of(CtDataset dataset, GroupBy groupBy) =>
        groupBy == GroupBy.Patient ? ByPatient(dataset)
        : groupBy == GroupBy.Source ? BySource(dataset)
        : groupBy == GroupBy.EachSource ? BySourceAlone(dataset)
        : groupBy == GroupBy.Collection ? ByCollection(dataset)
        : groupBy == GroupBy.Official ? Known(dataset, "the split", "in which part each image is", "split", sample => sample.Split)
        : groupBy.Column is { } column ? ByColumn(dataset, column)
        : [.. dataset.Samples.Select(sample => sample.Path)];

    /// <summary>Patients.</summary>
    public static string[] ByPatient(CtDataset dataset)
    {
        var unknown = dataset.Samples.Count(sample => sample.Patient is null);
        return dataset.HasPatients
            ? [.. dataset.Samples.Select(sample => sample.Patient!)]
            : throw new UnusableDataException(
                $"Folds by patient need to know whose slice each image is; {dataset.Name} does not say it for {unknown} of "
                    + $"{dataset.Samples.Count} images. "
                + "Add the patients (a manifest's column 'patient'), or make the folds by image and expect figures that flatter.");
    }

    /// <summary>Sources, several of which are one where they share a patient.</summary>
    public static string[] BySource(CtDataset dataset) => WithPatients(dataset, BySourceAlone(dataset));

    /// <summary>Sources, whoever is in them.</summary>
    public static string[] BySourceAlone(CtDataset dataset) =>
        Known(dataset, "source", "where each image comes from", "source", sample => sample.Source);

    /// <summary>Values of a column, several of which are one where they share a patient.</summary>
    public static string[] ByColumn(CtDataset dataset, string column)
    {
        if (dataset.Columns is var columns && !columns.Contains(column, StringComparer.OrdinalIgnoreCase))
        {
            throw new UnusableDataException(
                $"{dataset.Name} has no column '{column}' to draw folds by; "
                    + (columns.Count == 0 ? "it has none." : $"it has {string.Join(", ", columns.Select(name => $"'{name}'"))}."));
        }

        return WithPatients(
            dataset, Known(dataset, $"'{column}'", "it of each image", column, sample => sample.Columns.GetValueOrDefault(column)));
    }

    /// <summary>
    /// Collections, but of those that hold all images of a class the sources; several of either are one where they share a patient.
    /// </summary>
    public static string[] ByCollection(CtDataset dataset)
    {
        var collections = Known(dataset, "collection", "which one each image is of", "collection", sample => sample.Collection);
        if (collections.Distinct(StringComparer.Ordinal).Count() < 2)
        {
            throw new UnusableDataException(
                $"All images of {dataset.Name} are of one collection, {collections.FirstOrDefault()}; training on one and testing on "
                    + "another takes two.");
        }

        var alone = dataset.Samples.Zip(collections, (sample, collection) => (sample.Label, collection)).Distinct()
            .GroupBy(pair => pair.Label, pair => pair.collection).Where(of => of.Count() == 1).Select(of => of.Single())
            .ToHashSet(StringComparer.Ordinal);
        _ = BySourceAlone(dataset with { Samples = [.. dataset.Samples.Where(sample => alone.Contains(sample.Collection!))] });
        return WithPatients(
            dataset,
            [
                .. dataset.Samples.Select(one => alone.Contains(one.Collection!) ? $"source {one.Source}" : $"collection {one.Collection}"),
            ]);
    }

    // A patient of several groups ties them together.
    private static string[] WithPatients(CtDataset dataset, string[] groups) =>
        SampleLinks.Joined([.. dataset.Samples.Zip(groups, (sample, group) => (group, sample.Patient))]);

    private static string[] Known(CtDataset dataset, string by, string asked, string column, Func<CtSample, string?> of)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var unknown = dataset.Samples.Count(sample => of(sample) is null);
        return unknown == 0
            ? [.. dataset.Samples.Select(sample => of(sample)!)]
            : throw new UnusableDataException(
                $"Folds by {by} need to know {asked}; {dataset.Name} does not say it for {unknown} of {dataset.Samples.Count} images. "
                    + $"Add it (a manifest's column '{column}').");
    }
}
