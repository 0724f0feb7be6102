using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>What an audit found in a data set. Shares and similarities are in [0, 1]; what is undefined is null.</summary>
/// <param name="Dataset">The data set's name.</param>
/// <param name="GroupBy">The folds that were asked for.</param>
/// <param name="Folds">Their number.</param>
/// <param name="Seed">Their seed.</param>
/// <param name="Classes">The classes in the order of their labels, with what can be read of each.</param>
/// <param name="Positive">The name of the positive class.</param>
/// <param name="Images">Readable images; all that follows is about them alone.</param>
/// <param name="Rejected">The files that can't be read, in ordinal order of their paths.</param>
/// <param name="Sizes">How large the images are.</param>
/// <param name="Patients">Whose images they are, and on which sides.</param>
/// <param name="Duplicates">Images that are there more than once.</param>
/// <param name="Shortcut">What the classes can be told by without anatomy; null where a class is too small to test that.</param>
/// <param name="Findings">A verdict for each check, in a fixed order.</param>
public sealed record DatasetAuditReport(
    string Dataset,
    GroupBy GroupBy,
    int Folds,
    int Seed,
    IReadOnlyList<ClassSize> Classes,
    string Positive,
    int Images,
    IReadOnlyList<Rejection> Rejected,
    ImageSizes Sizes,
    PatientAudit Patients,
    DuplicateAudit Duplicates,
    ShortcutProbeResult? Shortcut,
    IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>The gravest verdict.</summary>
    public AuditVerdict Verdict => Findings.Select(finding => finding.Verdict).DefaultIfEmpty().Max();
}
