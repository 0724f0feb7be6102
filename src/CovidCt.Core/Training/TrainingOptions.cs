using System.ComponentModel.DataAnnotations;
using CovidCt.Augmentation;
using CovidCt.Models;

namespace CovidCt.Training;

/// <summary>The recipe of one training: the paper's, where it says one.</summary>
public sealed class TrainingOptions
{
    /// <summary>Passes over the training rows. Default 100, the authors' number; the step schedule scales with it.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; set; } = 100;

    /// <summary>Images a step of the optimiser. Default 32; the paper leaves it open.</summary>
    [Range(1, 65_536)]
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// Images a forward pass: gradients of several passes are added up to one step, to fit a small memory. Null, the
    /// default, takes the whole batch at once. Batch norm sees the smaller batches, so the bits differ.
    /// </summary>
    [Range(1, 65_536)]
    public int? MicroBatchSize { get; set; }

    /// <summary>All weights, as in the paper, or the head alone; the rest then stays in evaluation mode. Default all.</summary>
    public NetworkPart Train { get; set; } = NetworkPart.All;

    /// <summary>The optimiser; its rate is the initial one. Default: the authors' LAMB at 3e-4.</summary>
    [Required]
    public LambOptions Lamb { get; set; } = LambPresets.Authors;

    /// <summary>The paper's augmentation; <see cref="AugmentationOptions.None"/> leaves it out.</summary>
    [Required]
    public AugmentationOptions Augmentation { get; set; } = new();

    /// <summary>
    /// Threads of libtorch, from 1. Part of a run, since another number gives other bits. Default: the machine's cores.
    /// </summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Where to compute. Default: a CUDA card where libtorch finds one, else the processor.</summary>
    public ComputeDevice Device { get; set; } = ComputeDevice.Auto;

    internal TrainingOptions WithThreads(int threads)
    {
        var copy = (TrainingOptions)MemberwiseClone();
        copy.Threads = threads;
        return copy;
    }
}

/// <summary>Where tensors live and are computed.</summary>
public enum ComputeDevice
{
    /// <summary>CUDA where there is a card, else the processor.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first CUDA card; an error where there is none.</summary>
    Cuda,
}
