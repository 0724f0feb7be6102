using System.Globalization;
using CovidCt.Data;
using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>
/// Decodes pictures as another decoder does, files of one CT slice through a window, and opens data sets of CT volumes: a study that is
/// given it reads all of these.
/// </summary>
/// <remarks>
/// <para>
/// A data set of volumes has a folder a class, with all volumes that lie below it; or is a manifest with the columns <c>series</c> and
/// <c>label</c> in the place of <c>path</c> and <c>label</c>: a folder or file relative to the manifest, or the name of a volume below it
/// (<see cref="ICtVolume.IsCalled"/>, of DICOM the Series Instance UID). Each slice is an image, whose path is the class, the volume's name
/// and the slice's number. Patient and source are those that the files tell, unless the manifest does. Slices that show no lungs are left
/// out when they are decoded, with the reason. Lungs are marked for whoever audits maps (<see cref="CtSample.Lungs"/>).
/// </para>
/// <para>Safe to use from many threads at once.</para>
/// </remarks>
public sealed class VolumeDecoder : IImageDecoder, IDatasetFormat
{
    // Canvases that were made by an earlier way are made anew.
    private const int Way = 1;

    private readonly IReadOnlyList<IVolumeFormat> _formats;
    private readonly VolumeOptions _options;
    private readonly IImageDecoder _pictures;

    /// <summary>A decoder.</summary>
    /// <param name="formats">The kinds of volumes that are read.</param>
    /// <param name="options">Windows and slices; null takes the defaults. It must not change afterwards.</param>
    /// <param name="pictures">What decodes all other files; null takes <see cref="SkiaImageDecoder"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public VolumeDecoder(IReadOnlyList<IVolumeFormat> formats, VolumeOptions? options = null, IImageDecoder? pictures = null)
    {
        ArgumentNullException.ThrowIfNull(formats);
        options ??= new();
        OptionsValidation.ThrowIfInvalid(options);
        (_formats, _options, _pictures) = ([.. formats], options, pictures ?? new SkiaImageDecoder());
    }

    /// <summary>
    /// The name of what decodes pictures and, where options aren't the defaults, these (<see cref="VolumeOptions.ToString"/>).
    /// </summary>
    public string? Name => _options.ToString() is var chosen && chosen == new VolumeOptions().ToString() ? _pictures.Name
        : _pictures.Name is { } pictures ? $"{pictures}; {chosen}"
        : chosen;

    /// <inheritdoc/>
    public string Version => string.Create(
        CultureInfo.InvariantCulture,
        $"{_pictures.Version}; {Way}, {typeof(VolumeDecoder).Module.ModuleVersionId}, {_options}; "
            + $"{string.Join("; ", _formats.Select(format => format.Version))}");

    /// <inheritdoc/>
    public IImageDecoder ForSamples(int? bits) =>
        bits is null ? this : new VolumeDecoder(_formats, _options, _pictures.ForSamples(bits));

    /// <inheritdoc/>
    public int? SampleBitsOf(ReadOnlyMemory<byte> file) =>
        VolumeFiles.FormatOf(file.Span, _formats) is null ? _pictures.SampleBitsOf(file) : null;

    /// <inheritdoc/>
    public GrayImage Decode(ReadOnlyMemory<byte> file) =>
        SliceFile.Is(file.Span) ? SliceFile.Decode(file)
        : VolumeFiles.FormatOf(file.Span, _formats) is { } format ? format.Decode(file).ToGray(_options.Windows[0])
        : _pictures.Decode(file);

    /// <inheritdoc cref="IImageDecoder.Decode(Stream)"/>
    public GrayImage Decode(Stream file) => Decode(IImageDecoder.Read(file));

    /// <inheritdoc cref="IImageDecoder.DecodeFile"/>
    public GrayImage DecodeFile(string path) => Decode(IImageDecoder.Read(path));

    /// <inheritdoc/>
    public CtDataset? Open(string path) => VolumeDataset.Open(path, _formats, _options);
}
