namespace CovidCt.Dicom;

/// <summary>What is kept of a patient's identity where series are read.</summary>
public sealed class DicomSeriesOptions
{
    /// <summary>
    /// A secret that identities are hashed with, so that whoever knows a Patient ID can't find it among them. The same secret gives the
    /// same
    /// identities. Default: null, which draws one for each call, so that identities of two calls can't be compared.
    /// </summary>
    public string? Salt { get; set; }

    /// <summary>Whether Patient ID is kept as it is, and not hashed. Default: false.</summary>
    public bool KeepPatientIds { get; set; }
}
