namespace CovidCt.Dicom;

/// <summary>The tags that are read, with their names and value representations (PS3.6, chapter 6).</summary>
internal static class Tags
{
    public static readonly DicomTag TransferSyntaxUid = new(0x0002, 0x0010);
    public static readonly DicomTag SpecificCharacterSet = new(0x0008, 0x0005);
    public static readonly DicomTag ImageType = new(0x0008, 0x0008);
    public static readonly DicomTag Modality = new(0x0008, 0x0060);
    public static readonly DicomTag Manufacturer = new(0x0008, 0x0070);
    public static readonly DicomTag InstitutionName = new(0x0008, 0x0080);
    public static readonly DicomTag ManufacturerModelName = new(0x0008, 0x1090);
    public static readonly DicomTag PatientId = new(0x0010, 0x0020);
    public static readonly DicomTag SliceThickness = new(0x0018, 0x0050);
    public static readonly DicomTag FrameTypeSequence = new(0x0018, 0x9329);
    public static readonly DicomTag FrameType = new(0x0008, 0x9007);
    public static readonly DicomTag SeriesInstanceUid = new(0x0020, 0x000E);
    public static readonly DicomTag InstanceNumber = new(0x0020, 0x0013);
    public static readonly DicomTag ImagePosition = new(0x0020, 0x0032);
    public static readonly DicomTag ImageOrientation = new(0x0020, 0x0037);
    public static readonly DicomTag PlanePositionSequence = new(0x0020, 0x9113);
    public static readonly DicomTag PlaneOrientationSequence = new(0x0020, 0x9116);
    public static readonly DicomTag SamplesPerPixel = new(0x0028, 0x0002);
    public static readonly DicomTag PhotometricInterpretation = new(0x0028, 0x0004);
    public static readonly DicomTag NumberOfFrames = new(0x0028, 0x0008);
    public static readonly DicomTag Rows = new(0x0028, 0x0010);
    public static readonly DicomTag Columns = new(0x0028, 0x0011);
    public static readonly DicomTag PixelSpacing = new(0x0028, 0x0030);
    public static readonly DicomTag BitsAllocated = new(0x0028, 0x0100);
    public static readonly DicomTag BitsStored = new(0x0028, 0x0101);
    public static readonly DicomTag HighBit = new(0x0028, 0x0102);
    public static readonly DicomTag PixelRepresentation = new(0x0028, 0x0103);
    public static readonly DicomTag PixelPaddingValue = new(0x0028, 0x0120);
    public static readonly DicomTag PixelPaddingRangeLimit = new(0x0028, 0x0121);
    public static readonly DicomTag WindowCentre = new(0x0028, 0x1050);
    public static readonly DicomTag WindowWidth = new(0x0028, 0x1051);
    public static readonly DicomTag RescaleIntercept = new(0x0028, 0x1052);
    public static readonly DicomTag RescaleSlope = new(0x0028, 0x1053);
    public static readonly DicomTag RescaleType = new(0x0028, 0x1054);
    public static readonly DicomTag VoiLutFunction = new(0x0028, 0x1056);
    public static readonly DicomTag ModalityLutSequence = new(0x0028, 0x3000);
    public static readonly DicomTag PixelMeasuresSequence = new(0x0028, 0x9110);
    public static readonly DicomTag FrameVoiLutSequence = new(0x0028, 0x9132);
    public static readonly DicomTag PixelValueTransformationSequence = new(0x0028, 0x9145);
    public static readonly DicomTag SharedFunctionalGroups = new(0x5200, 0x9229);
    public static readonly DicomTag PerFrameFunctionalGroups = new(0x5200, 0x9230);
    public static readonly DicomTag ExtendedOffsetTable = new(0x7FE0, 0x0001);
    public static readonly DicomTag PixelData = new(0x7FE0, 0x0010);
    public static readonly DicomTag Item = new(0xFFFE, 0xE000);
    public static readonly DicomTag ItemEnd = new(0xFFFE, 0xE00D);
    public static readonly DicomTag SequenceEnd = new(0xFFFE, 0xE0DD);

    private static readonly Dictionary<DicomTag, (string Name, string Representation)> Known = new()
    {
        [TransferSyntaxUid] = ("Transfer Syntax UID", "UI"),
        [SpecificCharacterSet] = ("Specific Character Set", "CS"),
        [ImageType] = ("Image Type", "CS"),
        [FrameType] = ("Frame Type", "CS"),
        [Modality] = ("Modality", "CS"),
        [Manufacturer] = ("Manufacturer", "LO"),
        [InstitutionName] = ("Institution Name", "LO"),
        [ManufacturerModelName] = ("Manufacturer's Model Name", "LO"),
        [PatientId] = ("Patient ID", "LO"),
        [SliceThickness] = ("Slice Thickness", "DS"),
        [FrameTypeSequence] = ("CT Image Frame Type Sequence", "SQ"),
        [SeriesInstanceUid] = ("Series Instance UID", "UI"),
        [InstanceNumber] = ("Instance Number", "IS"),
        [ImagePosition] = ("Image Position (Patient)", "DS"),
        [ImageOrientation] = ("Image Orientation (Patient)", "DS"),
        [PlanePositionSequence] = ("Plane Position Sequence", "SQ"),
        [PlaneOrientationSequence] = ("Plane Orientation Sequence", "SQ"),
        [SamplesPerPixel] = ("Samples per Pixel", "US"),
        [PhotometricInterpretation] = ("Photometric Interpretation", "CS"),
        [NumberOfFrames] = ("Number of Frames", "IS"),
        [Rows] = ("Rows", "US"),
        [Columns] = ("Columns", "US"),
        [PixelSpacing] = ("Pixel Spacing", "DS"),
        [BitsAllocated] = ("Bits Allocated", "US"),
        [BitsStored] = ("Bits Stored", "US"),
        [HighBit] = ("High Bit", "US"),
        [PixelRepresentation] = ("Pixel Representation", "US"),
        [PixelPaddingValue] = ("Pixel Padding Value", "US"),
        [PixelPaddingRangeLimit] = ("Pixel Padding Range Limit", "US"),
        [WindowCentre] = ("Window Center", "DS"),
        [WindowWidth] = ("Window Width", "DS"),
        [RescaleIntercept] = ("Rescale Intercept", "DS"),
        [RescaleSlope] = ("Rescale Slope", "DS"),
        [RescaleType] = ("Rescale Type", "LO"),
        [VoiLutFunction] = ("VOI LUT Function", "CS"),
        [ModalityLutSequence] = ("Modality LUT Sequence", "SQ"),
        [PixelMeasuresSequence] = ("Pixel Measures Sequence", "SQ"),
        [FrameVoiLutSequence] = ("Frame VOI LUT Sequence", "SQ"),
        [PixelValueTransformationSequence] = ("Pixel Value Transformation Sequence", "SQ"),
        [SharedFunctionalGroups] = ("Shared Functional Groups Sequence", "SQ"),
        [PerFrameFunctionalGroups] = ("Per-Frame Functional Groups Sequence", "SQ"),
        [ExtendedOffsetTable] = ("Extended Offset Table", "OV"),
        [PixelData] = ("Pixel Data", "OW"),
        [Item] = ("Item", "--"),
        [ItemEnd] = ("Item Delimitation Item", "--"),
        [SequenceEnd] = ("Sequence Delimitation Item", "--"),
    };

    /// <summary>The name and the value representation; null of a tag that isn't read.</summary>
    public static (string Name, string Representation)? Find(DicomTag tag) => Known.TryGetValue(tag, out var known) ? known : null;
}
