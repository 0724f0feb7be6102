using System.ComponentModel.DataAnnotations;
using CovidCt.Volumes;

namespace CovidCt.Dicom;

/// <summary>How a <see cref="DicomDecoder"/> makes gray images.</summary>
public sealed class DicomDecoderOptions
{
    /// <summary>
    /// Which Hounsfield units are shown. Default: <see cref="CtWindow.Lung"/>. Null takes the first window that each file asks for, and
    /// refuses files that ask for none: equal units are then other grays in other files.
    /// </summary>
    public CtWindow? Window { get; set; } = CtWindow.Lung;

    /// <summary>What decompresses pixels, asked in this order. Default: <see cref="IDicomCodec.BuiltIn"/>.</summary>
    [Required]
    public IReadOnlyList<IDicomCodec> Codecs { get; set; } = IDicomCodec.BuiltIn;
}
