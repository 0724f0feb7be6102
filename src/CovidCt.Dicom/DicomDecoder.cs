using CovidCt.Imaging;
using CovidCt.Volumes;

namespace CovidCt.Dicom;

/// <summary>
/// Decodes CT slices of DICOM files with one frame through a window (<see cref="CtSlice.ToGray"/>); axial ones are turned as those of a
/// <see cref="DicomSeries"/> are.
/// </summary>
/// <remarks>Safe to use from many threads at once.</remarks>
public sealed class DicomDecoder : IImageDecoder
{
    // Canvases that were made by an earlier way to decode are made anew.
    private const int Format = 2;

    private readonly CtWindow? _window;
    private readonly IReadOnlyList<IDicomCodec> _codecs;

    /// <summary>A decoder.</summary>
    /// <param name="options">Window and codecs; null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is missing.</exception>
    public DicomDecoder(DicomDecoderOptions? options = null)
    {
        options ??= new();
        OptionsValidation.ThrowIfInvalid(options);
        (_window, _codecs) = (options.Window, [.. options.Codecs]);
    }

    /// <inheritdoc/>
    public string Name => $"dicom, window {_window?.ToString() ?? "of the file"}";

    /// <inheritdoc/>
    public string Version
    {
        get
        {
            var window = _window is null ? "the file's window" : Fault.Text($"window {_window.Centre:R}, {_window.Width:R}");
            var codecs = string.Join(", ", _codecs.Select(codec => $"{codec.GetType().FullName} {codec.GetType().Module.ModuleVersionId}"));
            return Fault.Text($"{GetType().FullName} {Format}, {GetType().Module.ModuleVersionId}, {window}; {codecs}");
        }
    }

    /// <inheritdoc/>
    public GrayImage Decode(ReadOnlyMemory<byte> file)
    {
        var image = CtImage.ReadOnly(DicomFile.Parse(file), _codecs);
        return image.ToTurnedSlice().ToGray(_window ?? image.Window ?? throw Fault.Missing(Tags.WindowCentre,
            "the file has no window of its own that is linear"));
    }

    /// <inheritdoc cref="IImageDecoder.Decode(Stream)"/>
    public GrayImage Decode(Stream file) => Decode(IImageDecoder.Read(file));

    /// <inheritdoc cref="IImageDecoder.DecodeFile"/>
    public GrayImage DecodeFile(string path) => Decode(IImageDecoder.Read(path));
}
