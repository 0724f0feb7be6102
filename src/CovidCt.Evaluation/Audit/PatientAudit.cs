namespace CovidCt.Audit;

/// <summary>Whose images a data set holds, and which of them folds and split separate.</summary>
/// <param name="Images">Images whose patient is known.</param>
/// <param name="Unknown">Images whose patient isn't.</param>
/// <param name="Patients">Patients known by name.</param>
/// <param name="OfSeveralClasses">Patients with images of several classes, in ordinal order.</param>
/// <param name="Folds">
/// The folds by image, patient and source, and those asked for; without those that can't be made.
/// </param>
/// <param name="Split">The split that the data set brings along; null without one.</param>
internal sealed record PatientAudit(
    int Images,
    int Unknown,
    int Patients,
    IReadOnlyList<string> OfSeveralClasses,
    IReadOnlyList<FoldLeakage> Folds,
    SplitAudit? Split);
