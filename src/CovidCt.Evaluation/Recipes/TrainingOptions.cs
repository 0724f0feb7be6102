using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace CovidCt.Recipes;

/// <summary>The recipe of one training: the paper's, where it says one.</summary>
public sealed class TrainingOptions
{
    /// <summary>Passes over the training rows. Default 100, the authors' number; the step schedule scales with it.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; set; } = 100;

    /// <summary>
    /// What the initial learning rate is multiplied by in an epoch: the schedule of the paper's authors, scaled to the number of epochs.
    /// </summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public double RateFactor(int epoch) => StepSchedule.ForEpochs(Epochs).Factor(epoch);

    /// <summary>
    /// Where that schedule lowers the learning rate, in ascending order of the epochs: from an epoch on, to a share of the initial rate.
    /// Of several milestones at one epoch the last one counts, and one that begins after the last epoch never does.
    /// </summary>
    /// <param name="epochs">The number of epochs, at least 1.</param>
    public static IReadOnlyList<(int Epoch, double Factor)> Milestones(int epochs) => StepSchedule.ForEpochs(epochs).Milestones;

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
    public LambOptions Lamb { get; set; } = LambOptions.Authors;

    /// <summary>The paper's augmentation; <see cref="AugmentationOptions.None"/> leaves it out.</summary>
    [Required]
    public AugmentationOptions Augmentation { get; set; } = new();

    /// <summary>How the head is begun and trained. Default null, the paper's way: as the rest, from random values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeadOptions? Head { get; set; }

    /// <summary>
    /// What the right class's target loses to all classes alike: Szegedy et al., "Rethinking the Inception Architecture", section 7, arXiv
    /// 1512.00567. From 0 to 0.5; default 0. The loss that is reported is the smoothed one.
    /// </summary>
    [Range(0.0, 0.5)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LabelSmoothing { get; set; }

    /// <summary>Which training images an epoch shows. Default each once.</summary>
    [EnumDataType(typeof(RowSampling))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RowSampling Sampling { get; set; } = RowSampling.Image;

    /// <summary>
    /// Threads of libtorch, from 1. Part of a run, since another number gives other bits. Default: the machine's cores.
    /// </summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Where to compute. Default: a CUDA card where libtorch finds one, else the processor.</summary>
    public ComputeDevice Device { get; set; } = ComputeDevice.Auto;

    /// <summary>
    /// What convolutions and linear layers compute in; weights, statistics and the loss are float32 always. It decides bits.
    /// Default: bfloat16 on a CUDA card that has it, else float32.
    /// </summary>
    [EnumDataType(typeof(ComputePrecision))]
    [JsonIgnore] // A run's configuration holds what came of it.
    public ComputePrecision Precision { get; set; } = ComputePrecision.Auto;

    /// <summary>
    /// Whether a CUDA card is to give the same bits each time, at the cost of time: without autotuning, and with an error where an
    /// operator can't. Needs the environment variable <c>CUBLAS_WORKSPACE_CONFIG=:4096:8</c> with a libtorch below 2.10.
    /// Default false. The processor always gives the same bits, and the option changes nothing there.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Deterministic { get; set; }

    /// <summary>A copy that shares the parts.</summary>
    public TrainingOptions Clone() => (TrainingOptions)MemberwiseClone();
}
