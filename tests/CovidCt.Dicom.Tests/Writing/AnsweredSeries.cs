using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Dicom.Tests.Writing;

/// <summary>Series, an answer about them and a picture, and where the files that say so are written.</summary>
internal sealed class AnsweredSeries : IDisposable
{
    public const string Notice = "For research use only. Not a diagnosis.";

    private readonly TemporaryFolder _folder = new();

    public static ReportedAnswer Answer { get; } = new()
    {
        Network = "SqueezeNet 1.1",
        ModelHash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        Answer = new("COVID", 0.83124, [0.83124, 0.16876])
        {
            Positive = "COVID",
            CalibratedProbability = 0.7512,
            PredictionSet = ["COVID", "NonCOVID"],
            TrainingDistance = new(0.5, 0.25),
            ImageNote = "A note.",
        },
        Threshold = 0.4321,
        Rule = "mean over 3 slices",
        SetLevel = 0.9,
        Findings = ["The gantry was tilted by 15.0°: slices are shifted against each other."],
        Answered = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero),
    };

    /// <summary>Series of each kind: syntaxes, character sets, with little and with much in their headers, of one file and of several.</summary>
    public static TheoryData<string> Kinds { get; } =
        ["plain", "documented", "implicit", "big endian", "deflated", "rle", "utf-8", "latin-1", "japanese", "enhanced", "enhanced implicit", "oblique"];

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();

    public static Phantom Phantom(string kind) => kind switch
    {
        "documented" => new() { IsDocumented = true },
        "implicit" => new() { IsDocumented = true, Syntax = Tests.Phantom.ImplicitSyntax, PatientName = "Käthe^Ümlaut", CharacterSet = "ISO_IR 100" },
        "big endian" => new() { IsDocumented = true, Syntax = Tests.Phantom.BigEndianSyntax },
        "deflated" => new() { IsDocumented = true, Syntax = Tests.Phantom.DeflatedSyntax },
        "rle" => Samples.Rle(new() { IsDocumented = true }),
        "utf-8" => new() { IsDocumented = true, CharacterSet = "ISO_IR 192", PatientName = "Wang^XiaoDong=王^小东" },
        "latin-1" => new() { IsDocumented = true, CharacterSet = "ISO_IR 100", PatientName = "Buc^Jérôme" },
        "japanese" => new() { CharacterSet = "\\ISO 2022 IR 87", PatientName = "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B" },
        "enhanced" => new() { Frames = 3, IsEnhanced = true, IsDocumented = true },
        "enhanced implicit" => new() { Frames = 2, IsEnhanced = true, HasUndefinedLengths = false, Syntax = Tests.Phantom.ImplicitSyntax },
        "oblique" => new() { Orientation = "0\\1\\0\\0.6\\0\\-0.8" },
        _ => new(),
    };

    /// <summary>A series as files and as a source: three files, or one of several frames.</summary>
    public (DicomSource Source, DicomSeries Series, IReadOnlyList<Phantom> Phantoms) Series(string kind)
    {
        var phantom = Phantom(kind);
        Phantom[] phantoms = phantom.Frames > 1
            ? [phantom]
            : [.. Enumerable.Range(1, 3).Select(i => phantom with { Number = i, Position = $"-100\\-100\\{5 * i}" })];
        foreach (var one in phantoms)
        {
            _folder.Write($"{kind}/{one.Number}.dcm", one.File());
        }

        var series = Assert.Single(DicomFolder.Read(_folder[kind]).Series);
        return (DicomSource.Read(series.Slices), series, phantoms);
    }

    /// <summary>A picture in colours that are all different from their neighbours.</summary>
    public static RgbImage Picture(int width = 61, int height = 47) =>
        new(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)((i * 37) + (i / 251)))]);
}
