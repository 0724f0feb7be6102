namespace CovidCt.Statistics;

/// <summary>What is drawn as a whole when images are drawn again, since images of one are no independent trials.</summary>
public enum ClusterUnit
{
    /// <summary>Each image by itself.</summary>
    Image,

    /// <summary>All images of a patient.</summary>
    Patient,

    /// <summary>All images that come from one source, such as a publication.</summary>
    Source,
}
