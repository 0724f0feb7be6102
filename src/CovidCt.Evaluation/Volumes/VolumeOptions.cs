using System.ComponentModel.DataAnnotations;

namespace CovidCt.Volumes;

/// <summary>How images are made of volumes.</summary>
public sealed class VolumeOptions
{
    /// <summary>
    /// Through which windows slices are shown. Default: <see cref="CtWindow.Lung"/> alone. Of several, each slice gives an image for each.
    /// </summary>
    [NotEmpty]
    public IReadOnlyList<CtWindow> Windows { get; set; } = [CtWindow.Lung];

    /// <summary>
    /// Which share of a slice lungs must be for it to be an image of a data set, in [0, 1] (<see cref="LungMask"/>). Default 0.01; 0 takes
    /// all.
    /// </summary>
    [Range(0d, 1d)]
    public double LeastLungs { get; set; } = 0.01;

    /// <summary>
    /// How many slices of each volume are images of a data set at most, evenly spread over it, at least 1. Default: null, which takes all.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? SlicesPerVolume { get; set; }
}
