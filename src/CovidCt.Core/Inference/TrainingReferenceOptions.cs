using System.ComponentModel.DataAnnotations;
using CovidCt.Recipes;

namespace CovidCt.Inference;

/// <summary>How a <see cref="TrainingReference"/> is made.</summary>
public sealed class TrainingReferenceOptions
{
    /// <summary>
    /// k, from 1 to 1,000; at most as many as there are rows. Default 1, which told most on the phantom and on COVID19-CT among 1, 10
    /// and 30; data sets of 50,000 images take 50 and more (Sun et al., section 4).
    /// </summary>
    [Range(1, 1000)]
    public int Neighbours { get; set; } = 1;

    /// <summary>Rows to keep, drawn evenly and the same each time, from 1 to 100,000. Default 2,000: 16 MB at 2,048 features.</summary>
    [Range(1, 100_000)]
    public int MostRows { get; set; } = 2000;

    /// <summary>The share of further images of the same kind that are not to be told, from 0.5 to 0.9999. Default 0.99.</summary>
    [Range(0.5, 0.9999)]
    public double Quantile { get; set; } = 0.99;

    /// <summary>
    /// Where the network runs, when the features of a run are kept. Default: a CUDA card where libtorch finds one, else the processor.
    /// </summary>
    [EnumDataType(typeof(ComputeDevice))]
    public ComputeDevice Device { get; set; } = ComputeDevice.Auto;
}
