using System.ComponentModel.DataAnnotations;

namespace CovidCt.Phantoms;

/// <summary>How large a phantom data set is, and which one of its kind.</summary>
public sealed class PhantomOptions
{
    /// <summary>Patients, half of them of each class: an even number. Default 60.</summary>
    [Range(4, 10_000)]
    public int Patients { get; set; } = 60;

    /// <summary>The seed, of 32 bits: equal seeds give equal bits on one platform. Default 0.</summary>
    [Range((double)int.MinValue, int.MaxValue)]
    public long Seed { get; set; }
}
