using System.ComponentModel.DataAnnotations;

namespace CovidCt.Statistics;

/// <summary>How intervals are bootstrapped.</summary>
public sealed class BootstrapOptions
{
    /// <summary>
    /// Resamples, from 100. Default 2,000, at which the ends of a 95 % interval wobble by about a tenth of a standard
    /// error from seed to seed.
    /// </summary>
    [Range(100, 1_000_000)]
    public int Resamples { get; set; } = 2000;

    /// <summary>The confidence level, from 0.5 to below 1. Default 0.95.</summary>
    [Range(0.5, 0.9999)]
    public double Level { get; set; } = 0.95;

    /// <summary>Decides every resample. Default 0.</summary>
    public long Seed { get; set; }

    /// <summary>
    /// Whether to widen the interval for few patients (<see cref="BcaInterval"/> says how). Default true; false is the
    /// textbook's BCa, which covers too rarely with fewer than about 50 patients a class.
    /// </summary>
    public bool SmallSample { get; set; } = true;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">One or more are out of their range; the message names each.</exception>
    public void ThrowIfInvalid() => OptionsValidation.ThrowIfInvalid(this);
}
