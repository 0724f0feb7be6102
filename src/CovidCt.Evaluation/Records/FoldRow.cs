using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>In which fold an image is tested: a row of <c>folds.csv</c>.</summary>
/// <param name="Path">The image, relative to the root of the data set, with <c>/</c>.</param>
/// <param name="Label">The name of its actual class.</param>
/// <param name="Patient">Whose image it is; null when the data set doesn't say.</param>
/// <param name="Source">Where it comes from; null when the data set doesn't say.</param>
/// <param name="Fold">The fold that tests it, from 0; null of one that is trained on alone. All other folds train on it.</param>
public sealed record FoldRow(string Path, string Label, string? Patient, string? Source, int? Fold)
{
    /// <summary>
    /// The test images of a fold whose patient the fold trains on too; null where a patient is unknown.
    /// </summary>
    /// <param name="rows">All rows of the study.</param>
    /// <param name="fold">The fold.</param>
    public static int? SharedPatients(IReadOnlyCollection<FoldRow> rows, int fold)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Any(row => row.Patient is null))
        {
            return null;
        }

        var trained = rows.Where(row => row.Fold != fold).Select(row => row.Patient).ToHashSet(StringComparer.Ordinal);
        return rows.Count(row => row.Fold == fold && trained.Contains(row.Patient));
    }

    /// <summary>The rows of a data set under some folds.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="folds">The folds of its rows.</param>
    public static IReadOnlyList<FoldRow> Of(CtDataset dataset, IReadOnlyList<Fold> folds)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(folds);
        var tested = new int?[dataset.Samples.Count];
        foreach (var fold in folds)
        {
            foreach (var row in fold.Test)
            {
                tested[row] = fold.Index;
            }
        }

        return
        [
            .. dataset.Samples.Select((sample, row) =>
                new FoldRow(sample.Path, dataset.Classes[sample.Label], sample.Patient, sample.Source, tested[row])),
        ];
    }
}
