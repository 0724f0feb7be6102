namespace CovidCt.Weights;

/// <summary>How far a file has come. What the rate is, is for whoever shows it.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Bytes">Bytes that are there, those of an earlier try among them.</param>
/// <param name="Total">Bytes that there will be, where that is known.</param>
public sealed record DownloadProgress(DownloadStep Step, long Bytes, long? Total)
{
    /// <summary>What went wrong, where that is why the step is taken; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>How long is waited before the next try; zero in other steps than <see cref="DownloadStep.Retrying"/>.</summary>
    public TimeSpan Pause { get; init; }
}
