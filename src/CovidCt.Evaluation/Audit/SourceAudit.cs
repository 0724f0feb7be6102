namespace CovidCt.Audit;

/// <summary>Where images come from, and which sources folds and split separate.</summary>
/// <param name="Images">Images whose source is known.</param>
/// <param name="Unknown">Images whose source isn't.</param>
/// <param name="Sources">Sources known by name.</param>
/// <param name="OfSeveralPatients">Sources with images of several patients.</param>
/// <param name="Folds">The folds by image, patient and source, and those asked for; without those that can't be made.</param>
internal sealed record SourceAudit(
    int Images, int Unknown, int Sources, int OfSeveralPatients, IReadOnlyList<SourceLeakage> Folds);
