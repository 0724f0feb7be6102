namespace CovidCt.Weights;

/// <summary>A step on the way of a file into the store.</summary>
public enum DownloadStep
{
    /// <summary>Another process is fetching the same file, and is waited for.</summary>
    WaitingForOther,

    /// <summary>Bytes come in.</summary>
    Downloading,

    /// <summary>A try failed, and after a pause there will be another.</summary>
    Retrying,

    /// <summary>Size and hash are compared with the published ones.</summary>
    Verifying,
}
