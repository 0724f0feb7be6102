using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>
/// What a file says of one of its frames: in the frame's own functional groups, in those of all frames, or, of a classic file, in the data
/// set itself (PS3.3, section C.7.6.16).
/// </summary>
internal sealed class FrameGroups
{
    private readonly DicomDataSet _data;
    private readonly DicomDataSet? _own, _shared;

    public FrameGroups(DicomFile file, int frame)
    {
        _data = file.Data;
        var own = _data.Items(Tags.PerFrameFunctionalGroups);
        if (own.Count > 0 && own.Count != file.FrameCount)
        {
            throw Dicom.Fault.Of(
                Tags.PerFrameFunctionalGroups, _data.Find(Tags.PerFrameFunctionalGroups)!.Offset,
                "has another number of items than there are frames");
        }

        _own = own.Count > 0 ? own[frame] : null;
        _shared = _data.Items(Tags.SharedFunctionalGroups) is [var shared, ..] ? shared : null;
    }

    /// <summary>The data set that has an element, of the frame's group if it has one.</summary>
    public DicomDataSet Where(DicomTag group, DicomTag tag) =>
        _own?.Items(group) is [var own, ..] && own.Find(tag) is not null ? own
        : _shared?.Items(group) is [var shared, ..] && shared.Find(tag) is not null ? shared
        : _data;

    /// <summary>So many numbers; null where there are none.</summary>
    public IReadOnlyList<double>? Decimals(DicomTag group, DicomTag tag, int count)
    {
        var numbers = Where(group, tag).Decimals(tag);
        return numbers is null || numbers.Count == count
            ? numbers
            : throw Fault(group, tag, Dicom.Fault.Text($"has {numbers.Count} numbers in the place of {count}"));
    }

    /// <summary>What is wrong with an element that is there.</summary>
    public ImageRejectedException Fault(DicomTag group, DicomTag tag, string what) =>
        Dicom.Fault.Of(tag, Where(group, tag).Find(tag)!.Offset, what);
}
