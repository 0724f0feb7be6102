namespace CovidCt.Dicom.Writing;

/// <summary>A concept by its code (PS3.3, section 8.8).</summary>
/// <param name="Value">The code, of at most 16 characters.</param>
/// <param name="Scheme">Whose code it is.</param>
/// <param name="Meaning">What it says, of at most 64 characters.</param>
internal sealed record Code(string Value, string Scheme, string Meaning)
{
    /// <summary>Those that no standard has; a designator that begins with 99 is anyone's own (PS3.16, section 8.2).</summary>
    public const string OwnScheme = "99COVIDCT";

    private const string Dicom = "DCM", Loinc = "LN";

    // Titles and headings of a report (PS3.16, CID 7000, 7001 and 7002).
    public static readonly Code CtReport = new("18747-6", Loinc, "CT Report");
    public static readonly Code Summaries = new("55112-7", Loinc, "Summary");
    public static readonly Code Findings = new("59776-5", Loinc, "Findings");
    public static readonly Code Procedures = new("55111-9", Loinc, "Current Procedure Descriptions");
    public static readonly Code Summary = new("121111", Dicom, "Summary");
    public static readonly Code Finding = new("121071", Dicom, "Finding");

    // Whose observation it is, and in which language (PS3.16, TID 1002, 1004 and 1204).
    public static readonly Code Language = new("121049", Dicom, "Language of Content Item and Descendants");
    public static readonly Code English = new("en", "RFC5646", "English");
    public static readonly Code ObserverType = new("121005", Dicom, "Observer Type");
    public static readonly Code Device = new("121007", Dicom, "Device");
    public static readonly Code DeviceUid = new("121012", Dicom, "Device Observer UID");
    public static readonly Code DeviceName = new("121013", Dicom, "Device Observer Name");
    public static readonly Code DeviceManufacturer = new("121014", Dicom, "Device Observer Manufacturer");
    public static readonly Code DeviceModel = new("121015", Dicom, "Device Observer Model Name");

    // What was done and what came of it (PS3.16, TID 4019).
    public static readonly Code Algorithm = new("111001", Dicom, "Algorithm Name");
    public static readonly Code AlgorithmVersion = new("111003", Dicom, "Algorithm Version");
    public static readonly Code Probability = new("122157", Dicom, "Probability");
    public static readonly Code Threshold = new("122411", Dicom, "Threshold Value");
    public static readonly Code ModelSum = new("model-sum", OwnScheme, "Hash of the model file");
    public static readonly Code Positive = new("positive-class", OwnScheme, "Positive class");
    public static readonly Code Calibrated = new("calibrated", OwnScheme, "Calibrated probability");
    public static readonly Code Label = new("label", OwnScheme, "Label");
    public static readonly Code Rule = new("rule", OwnScheme, "Rule from slices to series");
    public static readonly Code Set = new("conformal-set", OwnScheme, "Classes that can't be ruled out");
    public static readonly Code Distance = new("distance", OwnScheme, "Distance to the training images");

    /// <summary>Of an image that another was made of (PS3.16, CID 7202).</summary>
    public static readonly Code SourceImage = new("121322", Dicom, "Source image for image processing operation");

    /// <summary>Fills an item of a sequence of codes.</summary>
    public void Write(DataSetWriter item) =>
        item.Text(Tags.CodeValue, Value).Text(Tags.CodingSchemeDesignator, Scheme).Text(Tags.CodeMeaning, Meaning);
}
