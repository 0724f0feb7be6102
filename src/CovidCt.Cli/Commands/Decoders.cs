using System.CommandLine;
using CovidCt.Data;
using CovidCt.Dicom;
using CovidCt.ImageSharp;
using CovidCt.Imaging;
using CovidCt.Records;
using CovidCt.Volumes;

namespace CovidCt.Cli.Commands;

/// <summary>What reads images: what <c>--decoder</c> names, and what a study remembers.</summary>
internal static class Decoders
{
    /// <summary>The word of the decoder that is taken where none is named.</summary>
    public const string Skia = "skia";

    private const string ImageSharp = "imagesharp";

    /// <summary>The kinds of volumes that are read.</summary>
    public static IReadOnlyList<IVolumeFormat> Formats { get; } = [new DicomFormat(), new NiftiFormat()];

    /// <summary>What reads image files.</summary>
    /// <param name="default">What reads them without it.</param>
    public static Option<string?> Option(string @default) => SharedOptions.Choice(
        "--decoder",
        $"What reads pictures; {ImageSharp} is managed code, and reads TIFF, PBM and TGA too. [default: {@default}]",
        Skia,
        ImageSharp);

    /// <summary>What reads pictures, by what <see cref="Option"/> was given.</summary>
    public static IImageDecoder Pictures(string? word) => PicturesBy(word) ?? new SkiaImageDecoder();

    /// <summary>The same decoder for volumes too.</summary>
    public static IImageDecoder WithVolumes(IImageDecoder pictures, VolumeOptions volumes) => new VolumeDecoder(Formats, volumes, pictures);

    /// <summary>What read the images that trained networks learned from.</summary>
    /// <param name="path">What <c>--run</c> names.</param>
    /// <exception cref="UnusableDataException">This program hasn't that.</exception>
    public static IImageDecoder OfModel(string path) => Recorded(StudyConfiguration.DecoderOf(path), path);

    /// <summary>What reads images in the place of what read those that trained networks learned from.</summary>
    /// <param name="path">What <c>--run</c> names.</param>
    /// <param name="chosen">Chooses it by what read pictures, and how images were made of volumes.</param>
    public static IImageDecoder InPlaceOf(string path, Func<IImageDecoder, VolumeOptions, IImageDecoder> chosen)
    {
        var recorded = StudyConfiguration.DecoderOf(path);
        var (pictures, volumes) = Named(recorded) ?? (new SkiaImageDecoder(), new());
        return new InPlace(chosen(pictures, volumes), recorded);
    }

    /// <summary>A decoder to load networks with that are asked about no file: it fits them whatever read what they learned from.</summary>
    /// <param name="path">What <c>--run</c> names.</param>
    public static IImageDecoder ToLoad(string path) => InPlaceOf(path, WithVolumes);

    /// <summary>How the images that trained networks learned from were made of volumes.</summary>
    /// <param name="path">What <c>--run</c> names.</param>
    public static VolumeOptions VolumesOfModel(string path) => Named(StudyConfiguration.DecoderOf(path))?.Volumes ?? new();

    /// <summary>What read the images of a study.</summary>
    /// <param name="study">Its folder.</param>
    /// <exception cref="UnusableDataException">This program hasn't that.</exception>
    public static IImageDecoder OfStudy(string study)
    {
        var configuration = new StudyLayout(study).Configuration; // That there is none, the library says.
        return Recorded(File.Exists(configuration) ? StudyConfiguration.ReadStudy(configuration).Decoder : null, study);
    }

    private static IImageDecoder Recorded(string? name, string folder) => Named(name) is var (pictures, volumes)
        ? WithVolumes(pictures, volumes)
        : throw new UnusableDataException(
            $"The images of {folder} were read by the decoder '{name}', which this program hasn't: an application made the study, and goes "
                + "on with it.");

    /// <summary>What studies remember as <see cref="VolumeDecoder.Name"/>; null where it is of a decoder that isn't here.</summary>
    private static (IImageDecoder Pictures, VolumeOptions Volumes)? Named(string? name)
    {
        var parts = name?.Split("; ") ?? [];
        var volumes = parts.Length > 0 ? VolumeOptions.Parse(parts[^1]) : new();
        var pictures = parts[..^(volumes is not null && parts.Length > 0 ? 1 : 0)];
        return pictures switch
        {
            [] => (new SkiaImageDecoder(), volumes!),
            [var word] when PicturesBy(word) is { } decoder => (decoder, volumes ?? new()),
            _ => null,
        };
    }

    private static IImageDecoder? PicturesBy(string? word) => word switch
    {
        Skia => new SkiaImageDecoder(),
        ImageSharp => new ImageSharpDecoder(),
        _ => null,
    };

    /// <summary>A decoder that was chosen in the place of the one that a study remembers.</summary>
    private sealed class InPlace(IImageDecoder chosen, string? name) : IImageDecoder, IDatasetFormat
    {
        public string? Name => name;

        public string Version => chosen.Version;

        public GrayImage Decode(ReadOnlyMemory<byte> file) => chosen.Decode(file);

        public IImageDecoder ForSamples(int? bits) => new InPlace(chosen.ForSamples(bits), name);

        public int? SampleBitsOf(ReadOnlyMemory<byte> file) => chosen.SampleBitsOf(file);

        public CtDataset? Open(string path) => (chosen as IDatasetFormat)?.Open(path);
    }
}
