using System.ComponentModel.DataAnnotations;
using CovidCt.Volumes;

namespace CovidCt.Answers;

/// <summary>How a series is answered about.</summary>
public sealed class SeriesOptions
{
    /// <summary>How slices' probabilities become the series' one. Default: their mean.</summary>
    [Required]
    public SeriesRule Rule { get; set; } = SeriesRule.Mean;

    /// <summary>
    /// Through which windows slices are shown; null among them stands for the first that each file asks for. Default:
    /// <see cref="CtWindow.Lung"/> alone. Of several, a slice's probability is the mean over them; networks are best asked through those
    /// that they were trained on.
    /// </summary>
    [NotEmpty]
    public IReadOnlyList<CtWindow?> Windows { get; set; } = [CtWindow.Lung];

    /// <summary>
    /// Which share of a slice lungs must be for it to be answered about, in [0, 1] (<see cref="LungMask"/>). Default 0.01; 0 takes all.
    /// </summary>
    [Range(0d, 1d)]
    public double LeastLungs { get; set; } = 0.01;
}
