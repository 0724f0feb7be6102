using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>What an audit found in a data set. Shares and similarities are in [0, 1]; what is undefined is null.</summary>
public sealed record DatasetAuditReport
{
    /// <summary>The data set's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>The folds that were asked for.</summary>
    public required GroupBy GroupBy { get; init; }

    /// <summary>Their number.</summary>
    public required int Folds { get; init; }

    /// <summary>Their seed.</summary>
    public required long Seed { get; init; }

    /// <summary>The classes in the order of their labels, with what can be read of each.</summary>
    [JsonInclude]
    [JsonRequired]
    internal IReadOnlyList<ClassSize> Classes { get; init; } = [];

    /// <summary>The name of the positive class.</summary>
    public required string Positive { get; init; }

    /// <summary>Readable images; all that follows is about them alone.</summary>
    public required int Images { get; init; }

    /// <summary>The files that can't be read, in ordinal order of their paths.</summary>
    public required IReadOnlyList<Rejection> Rejected { get; init; }

    /// <summary>How large the images are.</summary>
    [JsonInclude]
    [JsonRequired]
    internal ImageSizes Sizes { get; init; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Whose images they are, and on which sides.</summary>
    [JsonInclude]
    [JsonRequired]
    internal PatientAudit Patients { get; init; } = new(0, 0, 0, [], [], null);

    /// <summary>
    /// Where they come from, and on which sides; null where no source is known, and in audits that are older than this check.
    /// </summary>
    [JsonInclude]
    internal SourceAudit? Sources { get; init; }

    /// <summary>Images that are there more than once.</summary>
    [JsonInclude]
    [JsonRequired]
    internal DuplicateAudit Duplicates { get; init; } = new(0, 0, 0, 0, 0, 0, 0, []);

    /// <summary>What the classes can be told by without anatomy; null where a class is too small to test that.</summary>
    public required ShortcutProbeResult? Shortcut { get; init; }

    /// <summary>
    /// The same features, all together and group by group, in the folds that were asked for: a model to compare others with. Null where
    /// <see cref="Shortcut"/> is of these folds, or they can't be made, and in audits that are older than it.
    /// </summary>
    public ShortcutProbeResult? Baseline { get; init; }

    /// <summary>A verdict for each check, in a fixed order.</summary>
    public required IReadOnlyList<AuditFinding> Findings { get; init; }

    /// <summary>The gravest verdict.</summary>
    public AuditVerdict Verdict => Findings.Select(finding => finding.Verdict).DefaultIfEmpty().Max();

    /// <summary>The images of each class that can be read, and the patients whose they are, in the order of the labels.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Name, int Images, int Patients)> ClassSizes =>
        [.. Classes.Select(one => (one.Name, one.Images, one.Patients))];

    /// <summary>The patients known by name.</summary>
    [JsonIgnore]
    public int PatientCount => Patients.Patients;

    /// <summary>The sources known by name.</summary>
    [JsonIgnore]
    public int SourceCount => Sources?.Sources ?? 0;

    /// <summary>Pairs of the same file, pixels or slice under two labels.</summary>
    [JsonIgnore]
    public int PairsAcrossLabels => Duplicates.AcrossLabels;

    /// <summary>
    /// The whole audit as JSON: the fields of the report and details of patients, duplicates and sizes; words for enumerations, shares in
    /// [0, 1], undefined figures as null.
    /// </summary>
    public JsonObject ToJson() => AuditJson.ToNode(this);

    /// <summary>Writes that as indented text; the file is whole or not there.</summary>
    /// <param name="path">The file; its folder is made when missing.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Write(string path) => AuditJson.Write(path, this);

    /// <summary>Reads what <see cref="Write"/> wrote; fields that aren't known are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no audit; the message names the file and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static DatasetAuditReport Read(string path) => AuditJson.Read(path);
}
