using System.ComponentModel.DataAnnotations;

namespace CovidCt.Dicom;

/// <summary>What is kept of a patient's identity where series are read, and what decompresses their pixels.</summary>
public sealed class DicomSeriesOptions
{
    /// <summary>
    /// A secret that identities are hashed with, so that whoever knows a Patient ID can't find it among them. The same secret gives the
    /// same identities. Default: null, which takes the Series Instance UIDs of all series that are found together: the same series give
    /// the same identities, and who hasn't got the series can't compute them.
    /// </summary>
    public string? Salt { get; set; }

    /// <summary>Whether Patient ID is kept as it is, and not hashed. Default: false.</summary>
    public bool KeepPatientIds { get; set; }

    /// <summary>What decompresses pixels, asked in this order. Default: <see cref="IDicomCodec.BuiltIn"/>.</summary>
    [Required]
    public IReadOnlyList<IDicomCodec> Codecs { get; set; } = IDicomCodec.BuiltIn;
}
