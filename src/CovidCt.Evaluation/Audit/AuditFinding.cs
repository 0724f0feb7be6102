namespace CovidCt.Audit;

/// <summary>The outcome of one check.</summary>
/// <param name="Check">Which check, a word that stays the same between versions, such as <c>label-conflicts</c>.</param>
/// <param name="Verdict">How much it weighs.</param>
/// <param name="Sentence">The outcome in plain words.</param>
/// <param name="Evidence">
/// Paths and counts that it rests on, a line each; at most <see cref="MostEvidence"/>, and then how many more.
/// </param>
public sealed record AuditFinding(string Check, AuditVerdict Verdict, string Sentence, IReadOnlyList<string> Evidence)
{
    /// <summary>The most lines of evidence that are spelled out.</summary>
    public const int MostEvidence = 20;

    /// <summary>Test images with an image of the same patient in training, in folds by image.</summary>
    public const string FoldsByImage = "folds-by-image";

    /// <summary>The same slice on both sides of folds by patient.</summary>
    public const string FoldsByPatient = "folds-by-patient";

    /// <summary>Test images with an image of the same source in training, in folds by patient; only where sources are known.</summary>
    public const string SharedSources = "shared-sources";

    /// <summary>Patients and slices in several parts of the data set's own split; only where it has one.</summary>
    public const string OfficialSplit = "official-split";

    /// <summary>Patients with images of several classes; only where patients are known.</summary>
    public const string PatientLabels = "patient-labels";

    /// <summary>The same file, pixels or slice under two labels.</summary>
    public const string LabelConflicts = "label-conflicts";

    /// <summary>Equal bytes or pixels.</summary>
    public const string ExactDuplicates = "exact-duplicates";

    /// <summary>One slice in different pixels.</summary>
    public const string NearDuplicates = "near-duplicates";

    /// <summary>Slices of one person under two names, or of nobody known.</summary>
    public const string LookAlikes = "look-alikes";

    /// <summary>Classes that what is not anatomy tells apart.</summary>
    public const string Shortcut = "shortcut";

    /// <summary>Files that can't be used.</summary>
    public const string UnreadableFiles = "unreadable-files";

    /// <summary>The classes' sizes.</summary>
    public const string ClassBalance = "class-balance";

    /// <summary>The images' sizes.</summary>
    public const string ImageSizes = "image-sizes";
}
