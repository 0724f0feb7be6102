namespace CovidCt.Dicom;

/// <summary>How a data set and its pixels are written (PS3.5, chapter 10 and annex A).</summary>
/// <param name="Uid">Its unique identifier.</param>
/// <param name="Name">Its name in PS3.6, annex A.</param>
internal sealed record TransferSyntax(string Uid, string Name)
{
    private const string Root = "1.2.840.10008.1.2";

    private static readonly Dictionary<string, TransferSyntax> Known = new TransferSyntax[]
    {
        new(Root, "Implicit VR Little Endian") { IsImplicit = true, IsNative = true },
        new($"{Root}.1", "Explicit VR Little Endian") { IsNative = true },
        new($"{Root}.1.99", "Deflated Explicit VR Little Endian") { IsDeflated = true, IsNative = true },
        new($"{Root}.2", "Explicit VR Big Endian") { IsBigEndian = true, IsNative = true },
        new($"{Root}.1.98", "Encapsulated Uncompressed Explicit VR Little Endian") { Remedy = Gdcm },
        new(JpegBaseline, "JPEG Baseline (Process 1)") { IsLossy = true, Remedy = Dcmtk },
        new(JpegExtended, "JPEG Extended (Processes 2 and 4)") { IsLossy = true, Remedy = Dcmtk },
        new($"{Root}.4.53", "JPEG Spectral Selection (Processes 6 and 8)") { IsLossy = true, Remedy = Dcmtk },
        new($"{Root}.4.55", "JPEG Full Progression (Processes 10 and 12)") { IsLossy = true, Remedy = Dcmtk },
        new(JpegLossless, "JPEG Lossless (Process 14)") { Remedy = Dcmtk },
        new(JpegLosslessFirst, "JPEG Lossless (Process 14, Selection Value 1)") { Remedy = Dcmtk },
        new(JpegLs, "JPEG-LS Lossless") { Remedy = "dcmdjpls of dcmtk" },
        new(JpegLsNear, "JPEG-LS Near-Lossless") { IsLossy = true, Remedy = "dcmdjpls of dcmtk" },
        new($"{Root}.4.90", "JPEG 2000 (Lossless Only)") { Remedy = Gdcm },
        new($"{Root}.4.91", "JPEG 2000") { Remedy = Gdcm },
        new($"{Root}.4.92", "JPEG 2000 Part 2 (Lossless Only)"),
        new($"{Root}.4.93", "JPEG 2000 Part 2"),
        new($"{Root}.4.94", "JPIP Referenced"),
        new($"{Root}.4.95", "JPIP Referenced Deflate"),
        new($"{Root}.4.100", "MPEG2 Main Profile / Main Level"),
        new($"{Root}.4.101", "MPEG2 Main Profile / High Level"),
        new($"{Root}.4.102", "MPEG-4 AVC/H.264 High Profile"),
        new($"{Root}.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile"),
        new($"{Root}.4.104", "MPEG-4 AVC/H.264 High Profile for 2D Video"),
        new($"{Root}.4.105", "MPEG-4 AVC/H.264 High Profile for 3D Video"),
        new($"{Root}.4.106", "MPEG-4 AVC/H.264 Stereo High Profile"),
        new($"{Root}.4.107", "HEVC/H.265 Main Profile"),
        new($"{Root}.4.108", "HEVC/H.265 Main 10 Profile"),
        new($"{Root}.4.110", "JPEG XL Lossless"),
        new($"{Root}.4.111", "JPEG XL JPEG Recompression"),
        new($"{Root}.4.112", "JPEG XL"),
        new($"{Root}.4.201", "High-Throughput JPEG 2000 (Lossless Only)"),
        new($"{Root}.4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)"),
        new($"{Root}.4.203", "High-Throughput JPEG 2000"),
        new(Rle, "RLE Lossless") { Remedy = "dcmdrle of dcmtk" },
    }.ToDictionary(syntax => syntax.Uid, StringComparer.Ordinal);

    public const string JpegBaseline = $"{Root}.4.50", JpegExtended = $"{Root}.4.51", JpegLossless = $"{Root}.4.57";
    public const string JpegLosslessFirst = $"{Root}.4.70", JpegLs = $"{Root}.4.80", JpegLsNear = $"{Root}.4.81", Rle = $"{Root}.5";

    private const string Dcmtk = "dcmdjpeg of dcmtk", Gdcm = "gdcmconv -w of gdcm";

    /// <summary>Whether elements have no value representation.</summary>
    public bool IsImplicit { get; private init; }

    /// <summary>Whether numbers begin with their most significant byte.</summary>
    public bool IsBigEndian { get; private init; }

    /// <summary>Whether what follows the file's meta information is deflated.</summary>
    public bool IsDeflated { get; private init; }

    /// <summary>Whether pixels are not compressed by themselves.</summary>
    public bool IsNative { get; private init; }

    /// <summary>Whether pixels are never all as they were before they were compressed.</summary>
    public bool IsLossy { get; private init; }

    /// <summary>A program that converts it.</summary>
    public string? Remedy { get; private init; }

    /// <summary>What can't be read of it, and what converts it.</summary>
    public string Refusal => Remedy is null
        ? $"is {Name}, which is not read: export the images again as Explicit VR Little Endian"
        : $"is {Name}, which is not read: convert the file to Explicit VR Little Endian first, such as with {Remedy}";

    /// <summary>The transfer syntax of an identifier; one that isn't known is read as any that is compressed.</summary>
    public static TransferSyntax Of(string uid) => Known.GetValueOrDefault(uid) ?? new(uid, IsUid(uid) ? uid : "no transfer syntax");

    // Identifiers below this root are the standard's own, and tell nothing about a patient.
    private static bool IsUid(string uid) =>
        uid.Length <= 64 && uid.StartsWith("1.2.840.10008.", StringComparison.Ordinal) && uid.All(c => c is '.' or (>= '0' and <= '9'));
}
