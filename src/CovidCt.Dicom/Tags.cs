namespace CovidCt.Dicom;

/// <summary>The tags that are read or written, with their names and value representations (PS3.6, chapter 6).</summary>
internal static class Tags
{
    private static readonly Dictionary<DicomTag, (string Name, string Representation)> Known = []; // Before the tags, which fill it.

    public static readonly DicomTag FileMetaInformationGroupLength = Add(0x0002, 0x0000, "UL", "File Meta Information Group Length");
    public static readonly DicomTag FileMetaInformationVersion = Add(0x0002, 0x0001, "OB", "File Meta Information Version");
    public static readonly DicomTag MediaStorageSopClassUid = Add(0x0002, 0x0002, "UI", "Media Storage SOP Class UID");
    public static readonly DicomTag MediaStorageSopInstanceUid = Add(0x0002, 0x0003, "UI", "Media Storage SOP Instance UID");
    public static readonly DicomTag TransferSyntaxUid = Add(0x0002, 0x0010, "UI", "Transfer Syntax UID");
    public static readonly DicomTag ImplementationClassUid = Add(0x0002, 0x0012, "UI", "Implementation Class UID");
    public static readonly DicomTag ImplementationVersionName = Add(0x0002, 0x0013, "SH", "Implementation Version Name");
    public static readonly DicomTag SpecificCharacterSet = Add(0x0008, 0x0005, "CS", "Specific Character Set");
    public static readonly DicomTag ImageType = Add(0x0008, 0x0008, "CS", "Image Type");
    public static readonly DicomTag InstanceCreationDate = Add(0x0008, 0x0012, "DA", "Instance Creation Date");
    public static readonly DicomTag InstanceCreationTime = Add(0x0008, 0x0013, "TM", "Instance Creation Time");
    public static readonly DicomTag SopClassUid = Add(0x0008, 0x0016, "UI", "SOP Class UID");
    public static readonly DicomTag SopInstanceUid = Add(0x0008, 0x0018, "UI", "SOP Instance UID");
    public static readonly DicomTag StudyDate = Add(0x0008, 0x0020, "DA", "Study Date");
    public static readonly DicomTag ContentDate = Add(0x0008, 0x0023, "DA", "Content Date");
    public static readonly DicomTag StudyTime = Add(0x0008, 0x0030, "TM", "Study Time");
    public static readonly DicomTag ContentTime = Add(0x0008, 0x0033, "TM", "Content Time");
    public static readonly DicomTag AccessionNumber = Add(0x0008, 0x0050, "SH", "Accession Number");
    public static readonly DicomTag Modality = Add(0x0008, 0x0060, "CS", "Modality");
    public static readonly DicomTag ConversionType = Add(0x0008, 0x0064, "CS", "Conversion Type");
    public static readonly DicomTag Manufacturer = Add(0x0008, 0x0070, "LO", "Manufacturer");
    public static readonly DicomTag InstitutionName = Add(0x0008, 0x0080, "LO", "Institution Name");
    public static readonly DicomTag ReferringPhysicianName = Add(0x0008, 0x0090, "PN", "Referring Physician's Name");
    public static readonly DicomTag CodeValue = Add(0x0008, 0x0100, "SH", "Code Value");
    public static readonly DicomTag CodingSchemeDesignator = Add(0x0008, 0x0102, "SH", "Coding Scheme Designator");
    public static readonly DicomTag CodeMeaning = Add(0x0008, 0x0104, "LO", "Code Meaning");
    public static readonly DicomTag MappingResource = Add(0x0008, 0x0105, "CS", "Mapping Resource");
    public static readonly DicomTag CodingSchemeIdentificationSequence = Add(0x0008, 0x0110, "SQ", "Coding Scheme Identification Sequence");
    public static readonly DicomTag CodingSchemeName = Add(0x0008, 0x0115, "ST", "Coding Scheme Name");
    public static readonly DicomTag StudyDescription = Add(0x0008, 0x1030, "LO", "Study Description");
    public static readonly DicomTag SeriesDescription = Add(0x0008, 0x103E, "LO", "Series Description");
    public static readonly DicomTag ManufacturerModelName = Add(0x0008, 0x1090, "LO", "Manufacturer's Model Name");
    public static readonly DicomTag ReferencedPerformedProcedureStepSequence =
        Add(0x0008, 0x1111, "SQ", "Referenced Performed Procedure Step Sequence");
    public static readonly DicomTag ReferencedSeriesSequence = Add(0x0008, 0x1115, "SQ", "Referenced Series Sequence");
    public static readonly DicomTag ReferencedInstanceSequence = Add(0x0008, 0x114A, "SQ", "Referenced Instance Sequence");
    public static readonly DicomTag ReferencedSopClassUid = Add(0x0008, 0x1150, "UI", "Referenced SOP Class UID");
    public static readonly DicomTag ReferencedSopInstanceUid = Add(0x0008, 0x1155, "UI", "Referenced SOP Instance UID");
    public static readonly DicomTag ReferencedFrameNumber = Add(0x0008, 0x1160, "IS", "Referenced Frame Number");
    public static readonly DicomTag ReferencedSopSequence = Add(0x0008, 0x1199, "SQ", "Referenced SOP Sequence");
    public static readonly DicomTag DerivationDescription = Add(0x0008, 0x2111, "ST", "Derivation Description");
    public static readonly DicomTag SourceImageSequence = Add(0x0008, 0x2112, "SQ", "Source Image Sequence");
    public static readonly DicomTag FrameType = Add(0x0008, 0x9007, "CS", "Frame Type");
    public static readonly DicomTag PatientName = Add(0x0010, 0x0010, "PN", "Patient's Name");
    public static readonly DicomTag PatientId = Add(0x0010, 0x0020, "LO", "Patient ID");
    public static readonly DicomTag IssuerOfPatientId = Add(0x0010, 0x0021, "LO", "Issuer of Patient ID");
    public static readonly DicomTag PatientBirthDate = Add(0x0010, 0x0030, "DA", "Patient's Birth Date");
    public static readonly DicomTag PatientBirthTime = Add(0x0010, 0x0032, "TM", "Patient's Birth Time");
    public static readonly DicomTag PatientSex = Add(0x0010, 0x0040, "CS", "Patient's Sex");
    public static readonly DicomTag PatientAge = Add(0x0010, 0x1010, "AS", "Patient's Age");
    public static readonly DicomTag PatientSize = Add(0x0010, 0x1020, "DS", "Patient's Size");
    public static readonly DicomTag PatientWeight = Add(0x0010, 0x1030, "DS", "Patient's Weight");
    public static readonly DicomTag EthnicGroup = Add(0x0010, 0x2160, "SH", "Ethnic Group");
    public static readonly DicomTag PatientIdentityRemoved = Add(0x0012, 0x0062, "CS", "Patient Identity Removed");
    public static readonly DicomTag DeidentificationMethod = Add(0x0012, 0x0063, "LO", "De-identification Method");
    public static readonly DicomTag BodyPartExamined = Add(0x0018, 0x0015, "CS", "Body Part Examined");
    public static readonly DicomTag SliceThickness = Add(0x0018, 0x0050, "DS", "Slice Thickness");
    public static readonly DicomTag SecondaryCaptureDeviceManufacturer = Add(0x0018, 0x1016, "LO", "Secondary Capture Device Manufacturer");
    public static readonly DicomTag SecondaryCaptureDeviceModelName =
        Add(0x0018, 0x1018, "LO", "Secondary Capture Device Manufacturer's Model Name");
    public static readonly DicomTag SecondaryCaptureDeviceSoftwareVersions =
        Add(0x0018, 0x1019, "LO", "Secondary Capture Device Software Versions");
    public static readonly DicomTag SoftwareVersions = Add(0x0018, 0x1020, "LO", "Software Versions");
    public static readonly DicomTag FrameTypeSequence = Add(0x0018, 0x9329, "SQ", "CT Image Frame Type Sequence");
    public static readonly DicomTag StudyInstanceUid = Add(0x0020, 0x000D, "UI", "Study Instance UID");
    public static readonly DicomTag SeriesInstanceUid = Add(0x0020, 0x000E, "UI", "Series Instance UID");
    public static readonly DicomTag StudyId = Add(0x0020, 0x0010, "SH", "Study ID");
    public static readonly DicomTag SeriesNumber = Add(0x0020, 0x0011, "IS", "Series Number");
    public static readonly DicomTag InstanceNumber = Add(0x0020, 0x0013, "IS", "Instance Number");
    public static readonly DicomTag PatientOrientation = Add(0x0020, 0x0020, "CS", "Patient Orientation");
    public static readonly DicomTag ImagePosition = Add(0x0020, 0x0032, "DS", "Image Position (Patient)");
    public static readonly DicomTag ImageOrientation = Add(0x0020, 0x0037, "DS", "Image Orientation (Patient)");
    public static readonly DicomTag ImageComments = Add(0x0020, 0x4000, "LT", "Image Comments");
    public static readonly DicomTag PlanePositionSequence = Add(0x0020, 0x9113, "SQ", "Plane Position Sequence");
    public static readonly DicomTag PlaneOrientationSequence = Add(0x0020, 0x9116, "SQ", "Plane Orientation Sequence");
    public static readonly DicomTag SamplesPerPixel = Add(0x0028, 0x0002, "US", "Samples per Pixel");
    public static readonly DicomTag PhotometricInterpretation = Add(0x0028, 0x0004, "CS", "Photometric Interpretation");
    public static readonly DicomTag PlanarConfiguration = Add(0x0028, 0x0006, "US", "Planar Configuration");
    public static readonly DicomTag NumberOfFrames = Add(0x0028, 0x0008, "IS", "Number of Frames");
    public static readonly DicomTag Rows = Add(0x0028, 0x0010, "US", "Rows");
    public static readonly DicomTag Columns = Add(0x0028, 0x0011, "US", "Columns");
    public static readonly DicomTag PixelSpacing = Add(0x0028, 0x0030, "DS", "Pixel Spacing");
    public static readonly DicomTag BitsAllocated = Add(0x0028, 0x0100, "US", "Bits Allocated");
    public static readonly DicomTag BitsStored = Add(0x0028, 0x0101, "US", "Bits Stored");
    public static readonly DicomTag HighBit = Add(0x0028, 0x0102, "US", "High Bit");
    public static readonly DicomTag PixelRepresentation = Add(0x0028, 0x0103, "US", "Pixel Representation");
    public static readonly DicomTag PixelPaddingValue = Add(0x0028, 0x0120, "US", "Pixel Padding Value");
    public static readonly DicomTag PixelPaddingRangeLimit = Add(0x0028, 0x0121, "US", "Pixel Padding Range Limit");
    public static readonly DicomTag BurnedInAnnotation = Add(0x0028, 0x0301, "CS", "Burned In Annotation");
    public static readonly DicomTag WindowCentre = Add(0x0028, 0x1050, "DS", "Window Center");
    public static readonly DicomTag WindowWidth = Add(0x0028, 0x1051, "DS", "Window Width");
    public static readonly DicomTag RescaleIntercept = Add(0x0028, 0x1052, "DS", "Rescale Intercept");
    public static readonly DicomTag RescaleSlope = Add(0x0028, 0x1053, "DS", "Rescale Slope");
    public static readonly DicomTag RescaleType = Add(0x0028, 0x1054, "LO", "Rescale Type");
    public static readonly DicomTag VoiLutFunction = Add(0x0028, 0x1056, "CS", "VOI LUT Function");
    public static readonly DicomTag LossyImageCompression = Add(0x0028, 0x2110, "CS", "Lossy Image Compression");
    public static readonly DicomTag LossyImageCompressionRatio = Add(0x0028, 0x2112, "DS", "Lossy Image Compression Ratio");
    public static readonly DicomTag LossyImageCompressionMethod = Add(0x0028, 0x2114, "CS", "Lossy Image Compression Method");
    public static readonly DicomTag ModalityLutSequence = Add(0x0028, 0x3000, "SQ", "Modality LUT Sequence");
    public static readonly DicomTag PixelMeasuresSequence = Add(0x0028, 0x9110, "SQ", "Pixel Measures Sequence");
    public static readonly DicomTag FrameVoiLutSequence = Add(0x0028, 0x9132, "SQ", "Frame VOI LUT Sequence");
    public static readonly DicomTag PixelValueTransformationSequence = Add(0x0028, 0x9145, "SQ", "Pixel Value Transformation Sequence");
    public static readonly DicomTag RelationshipType = Add(0x0040, 0xA010, "CS", "Relationship Type");
    public static readonly DicomTag ValueType = Add(0x0040, 0xA040, "CS", "Value Type");
    public static readonly DicomTag ConceptNameCodeSequence = Add(0x0040, 0xA043, "SQ", "Concept Name Code Sequence");
    public static readonly DicomTag ContinuityOfContent = Add(0x0040, 0xA050, "CS", "Continuity Of Content");
    public static readonly DicomTag Uid = Add(0x0040, 0xA124, "UI", "UID");
    public static readonly DicomTag TextValue = Add(0x0040, 0xA160, "UT", "Text Value");
    public static readonly DicomTag ConceptCodeSequence = Add(0x0040, 0xA168, "SQ", "Concept Code Sequence");
    public static readonly DicomTag PurposeOfReferenceCodeSequence = Add(0x0040, 0xA170, "SQ", "Purpose of Reference Code Sequence");
    public static readonly DicomTag PerformedProcedureCodeSequence = Add(0x0040, 0xA372, "SQ", "Performed Procedure Code Sequence");
    public static readonly DicomTag CurrentRequestedProcedureEvidenceSequence =
        Add(0x0040, 0xA375, "SQ", "Current Requested Procedure Evidence Sequence");
    public static readonly DicomTag CompletionFlag = Add(0x0040, 0xA491, "CS", "Completion Flag");
    public static readonly DicomTag VerificationFlag = Add(0x0040, 0xA493, "CS", "Verification Flag");
    public static readonly DicomTag PreliminaryFlag = Add(0x0040, 0xA496, "CS", "Preliminary Flag");
    public static readonly DicomTag ContentTemplateSequence = Add(0x0040, 0xA504, "SQ", "Content Template Sequence");
    public static readonly DicomTag ContentSequence = Add(0x0040, 0xA730, "SQ", "Content Sequence");
    public static readonly DicomTag TemplateIdentifier = Add(0x0040, 0xDB00, "CS", "Template Identifier");
    public static readonly DicomTag SharedFunctionalGroups = Add(0x5200, 0x9229, "SQ", "Shared Functional Groups Sequence");
    public static readonly DicomTag PerFrameFunctionalGroups = Add(0x5200, 0x9230, "SQ", "Per-Frame Functional Groups Sequence");
    public static readonly DicomTag ExtendedOffsetTable = Add(0x7FE0, 0x0001, "OV", "Extended Offset Table");
    public static readonly DicomTag PixelData = Add(0x7FE0, 0x0010, "OW", "Pixel Data");
    public static readonly DicomTag Item = Add(0xFFFE, 0xE000, "--", "Item");
    public static readonly DicomTag ItemEnd = Add(0xFFFE, 0xE00D, "--", "Item Delimitation Item");
    public static readonly DicomTag SequenceEnd = Add(0xFFFE, 0xE0DD, "--", "Sequence Delimitation Item");

    /// <summary>The name and the value representation; null of a tag that is neither read nor written.</summary>
    public static (string Name, string Representation)? Find(DicomTag tag) => Known.TryGetValue(tag, out var known) ? known : null;

    private static DicomTag Add(ushort group, ushort element, string representation, string name)
    {
        var tag = new DicomTag(group, element);
        Known.Add(tag, (name, representation));
        return tag;
    }
}
