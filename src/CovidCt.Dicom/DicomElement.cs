namespace CovidCt.Dicom;

/// <summary>A data element (PS3.5, section 7.1).</summary>
/// <param name="Tag">What it is about.</param>
/// <param name="Representation">The two letters of its value representation; <c>UN</c> where that isn't known.</param>
/// <param name="Offset">Where it begins, in bytes from the beginning of the file, or of what a deflated data set inflates to.</param>
/// <param name="Value">Its value as it is stored; empty of a sequence.</param>
/// <param name="IsBigEndian">Whether numbers in it begin with their most significant byte.</param>
internal sealed record DicomElement(DicomTag Tag, string Representation, int Offset, ReadOnlyMemory<byte> Value, bool IsBigEndian)
{
    /// <summary>The items of a sequence; null of any other.</summary>
    public IReadOnlyList<DicomDataSet>? Items { get; init; }

    /// <summary>The fragments of compressed pixels, the basic offset table first, with their offsets; null of any other.</summary>
    public IReadOnlyList<(int Offset, ReadOnlyMemory<byte> Value)>? Fragments { get; init; }
}
