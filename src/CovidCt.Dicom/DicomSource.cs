using System.Text;
using CovidCt.Dicom.Writing;
using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>What an answer is about: slices of one series, with the patient and the study that their files name.</summary>
/// <remarks>
/// <para>
/// Patient, study and their character set are kept as the files have them, for <see cref="StructuredReport"/> and
/// <see cref="SecondaryCapture"/> alone: nothing here shows them.
/// </para>
/// <para>Safe to use from many threads at once.</para>
/// </remarks>
public sealed class DicomSource
{
    // The modules Patient, General Study and Patient Study (PS3.3, sections C.7.1.1, C.7.2.1 and C.7.2.2): those that must be there.
    private static readonly DicomTag[] Needed =
    [
        Tags.PatientName, Tags.PatientId, Tags.PatientBirthDate, Tags.PatientSex,
        Tags.StudyDate, Tags.StudyTime, Tags.ReferringPhysicianName, Tags.StudyId, Tags.AccessionNumber,
    ];

    private static readonly DicomTag[] Optional =
    [
        Tags.IssuerOfPatientId, Tags.PatientBirthTime, Tags.PatientAge, Tags.PatientSize, Tags.PatientWeight, Tags.EthnicGroup,
        Tags.StudyDescription,
    ];

    private static readonly DicomTag[] OfPixels =
        [Tags.BurnedInAnnotation, Tags.LossyImageCompression, Tags.LossyImageCompressionRatio, Tags.LossyImageCompressionMethod];

    private readonly List<(DicomTag Tag, byte[] Value)> _copied = [];
    private readonly byte[] _patient;
    private readonly string? _characterSet;
    private readonly Encoding _encoding;

    private DicomSource(DicomDataSet data)
    {
        StudyUid = Uid.In(data, Tags.StudyInstanceUid, "an answer belongs to no study");
        SeriesUid = Uid.In(data, Tags.SeriesInstanceUid, "the file belongs to no series");
        _patient = Value(data, Tags.PatientId) ?? [];
        DicomTag[] isAnonymous = data.Find(Tags.DeidentificationMethod) is null
            ? [] : [Tags.PatientIdentityRemoved, Tags.DeidentificationMethod]; // The one needs the other.
        foreach (var tag in (DicomTag[])[.. Needed, .. Optional, .. isAnonymous])
        {
            if ((Value(data, tag) ?? (Needed.Contains(tag) ? [] : null)) is { } value)
            {
                _copied.Add((tag, value));
            }
        }

        _characterSet = data.Text(Tags.SpecificCharacterSet);
        var isPlain = _copied.All(element => element.Value.All(letter => letter is < 0x80 and not 0x1B));
        (_characterSet, _encoding) = _characterSet switch
        {
            "ISO_IR 192" => (_characterSet, Encoding.UTF8),
            "ISO_IR 100" => (_characterSet, Encoding.Latin1),
            _ when isPlain => ("ISO_IR 192", Encoding.UTF8), // Which has the same letters as any other as long as there are no more.
            _ => (_characterSet, Encoding.ASCII),
        };
    }

    private DicomSource(DicomSource other, IReadOnlyList<SourceInstance> instances)
    {
        (StudyUid, SeriesUid, Instances) = (other.StudyUid, other.SeriesUid, instances);
        (_copied, _patient, _characterSet, _encoding) = (other._copied, other._patient, other._characterSet, other._encoding);
    }

    internal string StudyUid { get; }

    internal string SeriesUid { get; }

    internal IReadOnlyList<SourceInstance> Instances { get; } = [];

    /// <summary>Reads what the files of slices say of themselves; pixels are not decompressed.</summary>
    /// <param name="slices">
    /// One or more slices of one series: those that were asked about, such as <see cref="DicomSeries.Slices"/>.
    /// </param>
    /// <exception cref="ImageRejectedException">
    /// A file can't be read, says not which instance of which study it is, or another patient, study or series than the first; the message
    /// is one sentence that names no patient.
    /// </exception>
    /// <exception cref="ArgumentException">There is no slice.</exception>
    public static DicomSource Read(IEnumerable<DicomSlice> slices)
    {
        ArgumentNullException.ThrowIfNull(slices);
        DicomSource? source = null;
        List<SourceInstance> instances = [];
        foreach (var frames in slices.GroupBy(slice => slice.Path, slice => slice.Frame, StringComparer.Ordinal))
        {
            var file = DicomFile.Open(frames.Key);
            var its = new DicomSource(file.Data);
            source ??= its;
            source.ThrowIfOther(its);
            instances.Add(InstanceOf(frames.Key, file, [.. frames.Distinct().Order()]));
        }

        return source is null
            ? throw new ArgumentException("An answer is about one or more slices.", nameof(slices))
            : new(source, instances);
    }

    /// <summary>A data set for own elements, in letters that go with the patient's.</summary>
    internal DataSetWriter Begin() => new(_encoding);

    /// <summary>Adds patient and study as the source has them.</summary>
    internal DataSetWriter Identify(DataSetWriter data)
    {
        foreach (var (tag, value) in _copied)
        {
            data.Bytes(tag, value);
        }

        data.Text(Tags.StudyInstanceUid, StudyUid);
        return _characterSet is null ? data : data.Text(Tags.SpecificCharacterSet, _characterSet);
    }

    /// <summary>An identifier of what is made of this series by a network: one for each kind of thing, whoever asks and when.</summary>
    internal string SeriesOf(string kind, ReportedAnswer answer) =>
        Uid.Of($"series of {kind}", StudyUid, SeriesUid, answer.Network, answer.ModelHash);

    private static SourceInstance InstanceOf(string path, DicomFile file, int[] frames)
    {
        if (frames[0] < 0 || frames[^1] >= file.FrameCount)
        {
            throw new ImageRejectedException("The file has fewer frames than the slices that are asked of it.");
        }

        var data = file.Data;
        const string without = "nothing can refer to the file";
        List<(DicomTag, byte[])> inherited = [];
        foreach (var tag in OfPixels)
        {
            if (Value(data, tag) is { } value)
            {
                inherited.Add((tag, value));
            }
        }

        if (file.Syntax.IsLossy && data.Find(Tags.LossyImageCompression) is null)
        {
            inherited.Add((Tags.LossyImageCompression, [.. "01"u8]));
        }

        var instance = new SourceInstance(
            path, Uid.In(data, Tags.SopClassUid, without), Uid.In(data, Tags.SopInstanceUid, without), file.FrameCount, frames)
        {
            Size = (data.WholeNumber(Tags.Columns) ?? 0, data.WholeNumber(Tags.Rows) ?? 0),
            Planes = Array.ConvertAll(frames, frame => CtPlane.Of(new(file, frame))),
            Inherited = inherited,
        };
        return instance.FrameNumbers is null or { Length: <= DataSetWriter.MostShort }
            ? instance
            : throw new ImageRejectedException("The file has more frames than a reference can name: ask about all of them.");
    }

    private static byte[]? Value(DicomDataSet data, DicomTag tag)
    {
        if (data.Text(tag) is null)
        {
            return null;
        }

        var element = data.Find(tag)!;
        return element.Value.Length <= DataSetWriter.MostShort
            ? element.Value.Span.TrimEnd(" \0"u8).ToArray()
            : throw Fault.Of(
                tag, element.Offset, Fault.Text($"has more than {DataSetWriter.MostShort} bytes, which no explicit syntax admits"));
    }

    private void ThrowIfOther(DicomSource other)
    {
        var what = !other._patient.AsSpan().SequenceEqual(_patient) ? "patient"
            : other.StudyUid != StudyUid ? "study"
            : other.SeriesUid != SeriesUid ? "series" : null;
        if (what is not null)
        {
            throw new ImageRejectedException($"The files are of more than one {what}: an answer is about one series of one patient.");
        }
    }
}
