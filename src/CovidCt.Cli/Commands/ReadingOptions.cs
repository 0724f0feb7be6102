using System.CommandLine;
using System.Globalization;
using CovidCt.Imaging;
using CovidCt.Volumes;

namespace CovidCt.Cli.Commands;

/// <summary>How images are read: by which decoder, and through which windows where they are slices of a volume.</summary>
internal sealed class ReadingOptions
{
    private const string OwnWindow = "file";

    private readonly Option<string?> _decoder;
    private readonly Option<string?> _windows;
    private readonly Option<string?> _lungs;
    private readonly Option<int?> _slices = SharedOptions.Number<VolumeOptions, int>(
        "--slices", nameof(VolumeOptions.SlicesPerVolume), "N", "Of DICOM or NIfTI: so many slices of each volume at most. [default: all]");

    private ReadingOptions(string @default, string none)
    {
        _decoder = Decoders.Option(@default);
        _windows = SharedOptions.Text(
            "--window",
            "lung|file|C/W,…",
            "Of DICOM or NIfTI: the Hounsfield units from black to white, by centre and width, or as each file asks; several with commas "
                + $"between. [default: {none}lung, which is -600/1500]");
        _lungs = SharedOptions.Text(
            "--least-lungs",
            "P",
            $"Of DICOM or NIfTI: slices of which lungs are less are left out, from 0 to 1. [default: {none}0.01]");
    }

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [_decoder, _windows, _lungs, _slices];

    /// <summary>For commands that begin something.</summary>
    public static ReadingOptions ForData() => new(Decoders.Skia, "");

    /// <summary>For commands that take a trained network.</summary>
    public static ReadingOptions ForModel() => new("what the network's study read them with", "that of the network's study, else ");

    /// <summary>What reads the images.</summary>
    /// <exception cref="UsageException">An option makes no sense.</exception>
    public IImageDecoder Of(ParseResult parsed) =>
        Decoders.WithVolumes(Decoders.Pictures(parsed.GetValue(_decoder)), VolumesOf(parsed, new()));

    /// <summary>What reads images for trained networks: what was given, and else what read those that they learned from.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">What <c>--run</c> names.</param>
    /// <exception cref="UsageException">An option makes no sense.</exception>
    /// <exception cref="Data.UnusableDataException">Nothing was given, and this program hasn't what read them.</exception>
    public IImageDecoder OfModel(ParseResult parsed, string path) => IsGiven(parsed)
        ? Decoders.InPlaceOf(path, (pictures, volumes) => Decoders.WithVolumes(
            parsed.GetValue(_decoder) is { } word ? Decoders.Pictures(word) : pictures, VolumesOf(parsed, volumes)))
        : Decoders.OfModel(path);

    /// <summary>How images are made of volumes for a trained network: as was given, and else as of those that it learned from.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">What <c>--run</c> names.</param>
    public VolumeOptions VolumesOfModel(ParseResult parsed, string path) => VolumesOf(parsed, Decoders.VolumesOfModel(path));

    /// <summary>Whether anything is given.</summary>
    public bool IsGiven(ParseResult parsed) => All.Any(option => parsed.GetResult(option) is not null);

    private VolumeOptions VolumesOf(ParseResult parsed, VolumeOptions recorded) => new()
    {
        Windows = parsed.GetValue(_windows) is { } windows ? WindowsOf(windows) : recorded.Windows,
        LeastLungs = parsed.GetValue(_lungs) is { } lungs ? ShareOf(lungs) : recorded.LeastLungs,
        SlicesPerVolume = parsed.GetValue(_slices) ?? recorded.SlicesPerVolume,
    };

    private static CtWindow?[] WindowsOf(string given) =>
    [
        .. given.Split(',', StringSplitOptions.TrimEntries).Select(word => word == OwnWindow ? null : CtWindow.Parse(word)
            ?? throw new UsageException($"--window is '{given}'; give lung, file, or centre and width such as -600/1500, several with "
                + "commas between.")),
    ];

    private static double ShareOf(string given) =>
        double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1
            ? share
            : throw new UsageException($"--least-lungs is '{given}'; give a number from 0 to 1.");
}
