using CovidCt.Volumes;

namespace CovidCt.Dicom;

/// <summary>Files of DICOM Part 10, whose CT series are volumes.</summary>
/// <param name="options">
/// What is kept of a patient's identity, and codecs; null takes the defaults. They must not change afterwards.
/// </param>
public sealed class DicomFormat(DicomSeriesOptions? options = null) : IVolumeFormat
{
    // Canvases that were made by an earlier way to read are made anew.
    private const int Way = 1;

    private readonly DicomSeriesOptions _options = options ?? new();

    /// <inheritdoc/>
    public string Name => "DICOM";

    /// <inheritdoc/>
    public string Version
    {
        get
        {
            var codecs = _options.Codecs.Select(codec => $"{codec.GetType().FullName} {codec.GetType().Module.ModuleVersionId}");
            return Fault.Text($"{Name} {Way}, {typeof(DicomFormat).Module.ModuleVersionId}, {string.Join(", ", codecs)}");
        }
    }

    /// <inheritdoc/>
    public bool Begins(ReadOnlySpan<byte> head) => DicomFile.IsDicom(head);

    /// <inheritdoc/>
    public (IReadOnlyList<ICtVolume> Volumes, IReadOnlyList<(string File, string Reason)> Rejected) Open(
        IReadOnlyList<string> files, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        var (series, rejected) = DicomFolder.Of(files, _options, cancellationToken);
        return (series, rejected);
    }

    /// <inheritdoc/>
    public CtSlice Decode(ReadOnlyMemory<byte> file) => CtImage.ReadOnly(DicomFile.Parse(file), _options.Codecs).ToTurnedSlice();
}
