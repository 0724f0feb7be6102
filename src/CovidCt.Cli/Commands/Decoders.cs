using System.CommandLine;
using CovidCt.Data;
using CovidCt.ImageSharp;
using CovidCt.Imaging;
using CovidCt.Records;

namespace CovidCt.Cli.Commands;

/// <summary>What reads images: what <c>--decoder</c> names, and what a study remembers.</summary>
internal static class Decoders
{
    private const string Skia = "skia", ImageSharp = "imagesharp";

    /// <summary>What reads image files.</summary>
    /// <param name="default">What reads them without it.</param>
    public static Option<string?> Option(string @default = Skia) => SharedOptions.Choice(
        "--decoder",
        $"What reads the images; {ImageSharp} is managed code, and reads TIFF, PBM and TGA too. [default: {@default}]",
        Skia,
        ImageSharp);

    /// <summary>The same for commands that take a trained network.</summary>
    public static Option<string?> OptionOfModel() => Option("what the network's study read them with");

    /// <summary>What <see cref="Option"/> was given.</summary>
    public static IImageDecoder Of(string? word) => Named(word) ?? new SkiaImageDecoder();

    /// <summary>What reads images for trained networks: what was given, else what read those that they learned from.</summary>
    /// <param name="path">What <c>--run</c> names.</param>
    /// <param name="word">What <see cref="OptionOfModel"/> was given.</param>
    /// <exception cref="UnusableDataException">Nothing was given, and this program hasn't what read them.</exception>
    public static IImageDecoder OfModel(string path, string? word = null)
    {
        var recorded = StudyConfiguration.DecoderOf(path);
        return word is null ? Recorded(recorded, path) : new InPlace(Of(word), recorded);
    }

    /// <summary>A decoder to load networks with that are asked about no file: it fits them whatever read what they learned from.</summary>
    /// <param name="path">What <c>--run</c> names.</param>
    public static IImageDecoder ToLoad(string path) => OfModel(path, Skia);

    /// <summary>What read the images of a study.</summary>
    /// <param name="study">Its folder.</param>
    /// <exception cref="UnusableDataException">This program hasn't that.</exception>
    public static IImageDecoder OfStudy(string study)
    {
        var configuration = new StudyLayout(study).Configuration; // That there is none, the library says.
        return File.Exists(configuration)
            ? Recorded(StudyConfiguration.ReadStudy(configuration).Decoder, study)
            : new SkiaImageDecoder();
    }

    private static IImageDecoder Recorded(string? name, string folder) => name is null ? new SkiaImageDecoder()
        : Named(name) ?? throw new UnusableDataException(
            $"The images of {folder} were read by the decoder '{name}', which this program hasn't: an application made the study, and goes "
                + "on with it.");

    /// <summary>A decoder by its word or by the name that studies remember it by; null for any other.</summary>
    private static ImageFileDecoder? Named(string? name) => name switch
    {
        Skia => new SkiaImageDecoder(),
        ImageSharp => new ImageSharpDecoder(),
        _ => null,
    };

    /// <summary>A decoder that was chosen in the place of the one that a study remembers.</summary>
    private sealed class InPlace(IImageDecoder chosen, string? name) : IImageDecoder
    {
        public string? Name => name;

        public string Version => chosen.Version;

        public GrayImage Decode(ReadOnlyMemory<byte> file) => chosen.Decode(file);

        public IImageDecoder ForSamples(int? bits) => new InPlace(chosen.ForSamples(bits), name);

        public int? SampleBitsOf(ReadOnlyMemory<byte> file) => chosen.SampleBitsOf(file);
    }
}
