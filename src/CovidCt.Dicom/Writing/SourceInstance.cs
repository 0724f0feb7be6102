namespace CovidCt.Dicom.Writing;

/// <summary>A file that an answer is about, as far as answers have to know it.</summary>
/// <param name="Path">The file.</param>
/// <param name="SopClass">What kind of instance it is.</param>
/// <param name="SopInstance">Which one.</param>
/// <param name="FrameCount">How many frames it has.</param>
/// <param name="Frames">Those that the answer is about, from 0, ascending.</param>
internal sealed record SourceInstance(string Path, string SopClass, string SopInstance, int FrameCount, IReadOnlyList<int> Frames)
{
    /// <summary>Pixels a row, and rows.</summary>
    public required (int Columns, int Rows) Size { get; init; }

    /// <summary>Where each of <see cref="Frames"/> lies.</summary>
    public required IReadOnlyList<CtPlane?> Planes { get; init; }

    /// <summary>What it says of its pixels that is as true of a picture made of them.</summary>
    public required IReadOnlyList<(DicomTag Tag, byte[] Value)> Inherited { get; init; }

    /// <summary>The numbers of <see cref="Frames"/>, from 1; null where they are all of them.</summary>
    public string? FrameNumbers => Frames.Count < FrameCount ? string.Join('\\', Frames.Select(frame => Fault.Text($"{frame + 1}"))) : null;

    /// <summary>Fills an item that refers to it (PS3.3, section 10.8); to its frames where not all are meant.</summary>
    public void Refer(DataSetWriter item)
    {
        item.Text(Tags.ReferencedSopClassUid, SopClass).Text(Tags.ReferencedSopInstanceUid, SopInstance);
        if (FrameNumbers is { } numbers)
        {
            item.Text(Tags.ReferencedFrameNumber, numbers);
        }
    }

    /// <summary>Fills an item that refers to all of it.</summary>
    public void ReferWhole(DataSetWriter item) => (this with { Frames = [.. Enumerable.Range(0, FrameCount)] }).Refer(item);
}
