using System.ComponentModel.DataAnnotations;
using CovidCt.Maps;
using CovidCt.Recipes;

namespace CovidCt.Studies;

/// <summary>Which test images of a run are explained, which maps are audited, and how.</summary>
public sealed class RunMapOptions
{
    /// <summary>The method. Default: Grad-CAM.</summary>
    [EnumDataType(typeof(CamMethod))]
    public CamMethod Method { get; set; }

    /// <summary>The layer that is explained, as <see cref="GradCamOptions.Layer"/> names it. Default: null, the feature map.</summary>
    public string? Layer { get; set; }

    /// <summary>The most misclassified images that are explained, the surest first; 0 to 1000. Default 48.</summary>
    [Range(0, 1000)]
    public int MostWrong { get; set; } = 48;

    /// <summary>
    /// The most rightly classified images of each class that are explained, those that the network was surest of first; 0 to 1000.
    /// Default 3.
    /// </summary>
    [Range(0, 1000)]
    public int MostRight { get; set; } = 3;

    /// <summary>The width in pixels that pictures are brought to where they are wider; 32 to 4096. Default 320.</summary>
    [Range(32, 4096)]
    public int PictureWidth { get; set; } = 320;

    /// <summary>
    /// The most images whose maps are audited, one of each class a patient or source, spread evenly over these with the classes' shares
    /// kept; 1 to 10,000. Default 16: 150 passes through the network each, and one more for each map that is made of it.
    /// </summary>
    [Range(1, 10_000)]
    public int AuditedImages { get; set; } = 16;

    /// <summary>The seed of an audit's randomised layers, of random maps and of ROAD's noise. Default 0.</summary>
    public long Seed { get; set; }

    /// <summary>Where the network runs. Default: a CUDA card where libtorch finds one, else the processor.</summary>
    [EnumDataType(typeof(ComputeDevice))]
    public ComputeDevice Device { get; set; } = ComputeDevice.Auto;
}
