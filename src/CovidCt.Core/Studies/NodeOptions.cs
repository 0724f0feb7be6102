using System.ComponentModel.DataAnnotations;
using CovidCt.Studies.Leases;

namespace CovidCt.Studies;

/// <summary>
/// Which runs of a prepared study a process trains, and where the study's files lie on its machine. Nothing of it changes a bit of a run:
/// what could is in the study's folder.
/// </summary>
public sealed class NodeOptions : IValidatableObject
{
    /// <summary>
    /// Which of <see cref="Shards"/> processes this is, from 0: it trains every <see cref="Shards"/>-th run of the plan, and waits for
    /// those of them that another process has. Default null: it takes the next run that nobody has until none is left, and waits for none.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int? Shard { get; set; }

    /// <summary>How many processes share the plan's runs, from 1. Default 1; it takes <see cref="Shard"/> with it.</summary>
    [Range(1, int.MaxValue)]
    public int Shards { get; set; } = 1;

    /// <summary>The one run to train, such as <c>resnet18/fold-0</c> or <c>seeds/1/resnet18/fold-0</c>. Default null.</summary>
    public string? Run { get; set; }

    /// <summary>Where the data set is here. Default null: where it was when the study was prepared.</summary>
    public string? DataFolder { get; set; }

    /// <summary>Where the data set to test on is here. Default null: where it was when the study was prepared.</summary>
    public string? TestFolder { get; set; }

    /// <summary>Where the files of weights are here. Default null: where they were when the study was prepared.</summary>
    public string? WeightsFolder { get; set; }

    /// <summary>
    /// After how many seconds without a sign of life another process may take a run over, from 1: the lease is renewed after each epoch,
    /// and eight times as often as this by a timer. Default 600.
    /// </summary>
    [Range(1, 86_400)]
    public int LeaseSeconds { get; set; } = (int)Lease.DefaultLength.TotalSeconds;

    /// <summary>
    /// How many runs are trained at once on the device, in this process and others, from 1: each leaves the others their share of its
    /// memory. Default 1.
    /// </summary>
    [Range(1, 256)]
    public int RunsAtOnce { get; set; } = 1;

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Shard >= Shards)
        {
            yield return new($"{nameof(Shard)} is {Shard}; of {Shards} it can be from 0 to {Shards - 1}.");
        }

        if (Shard is not null && Run is not null)
        {
            yield return new($"{nameof(Shard)} and {nameof(Run)} exclude each other.");
        }
    }
}
