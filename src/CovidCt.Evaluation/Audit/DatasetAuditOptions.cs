using System.ComponentModel.DataAnnotations;
using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>What a data set is audited for.</summary>
public sealed class DatasetAuditOptions
{
    /// <summary>The folds that are meant for training. Default by image, as in the paper. Those by image are always looked at.</summary>
    public GroupBy GroupBy { get; set; } = GroupBy.Image;

    /// <summary>Folds, from 2. Default 5.</summary>
    [Range(2, 1000)]
    public int Folds { get; set; } = 5;

    /// <summary>Decides the folds and what the probe draws; from 0, the default.</summary>
    [Range(0.0, int.MaxValue)]
    public long Seed { get; set; }

    /// <summary>
    /// The least similarity of registered images (<see cref="ImagePair.Similarity"/>) that makes them the same slice, in
    /// [0.6, 1]. Default 0.85.
    /// </summary>
    [Range(0.6, 1.0)]
    public double SameSlice { get; set; } = 0.85;

    /// <summary>
    /// The least similarity of registered images that makes them look like neighbouring slices of one person, in
    /// [0.4, 1], at most <see cref="SameSlice"/>. Default 0.65.
    /// </summary>
    [Range(0.4, 1.0)]
    public double LookAlike { get; set; } = 0.65;

    /// <summary>Trees of each forest of the shortcut probe, from 1. Default 100.</summary>
    [Range(1, 10_000)]
    public int Trees { get; set; } = 100;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it.</exception>
    public void ThrowIfInvalid()
    {
        OptionsValidation.ThrowIfInvalid(this);

        if (LookAlike > SameSlice)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{nameof(LookAlike)} is {LookAlike}, more than {nameof(SameSlice)}, {SameSlice}; ")
                    + "images that are the same are alike too.");
        }
    }
}
