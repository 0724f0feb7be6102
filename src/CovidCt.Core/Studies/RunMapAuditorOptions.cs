using System.ComponentModel.DataAnnotations;
using CovidCt.Maps;
using CovidCt.Recipes;

namespace CovidCt.Studies;

/// <summary>Which maps of a run are audited, and how.</summary>
public sealed class RunMapAuditorOptions
{
    /// <summary>The method. Default: Grad-CAM.</summary>
    [EnumDataType(typeof(CamMethod))]
    public CamMethod Method { get; set; }

    /// <summary>The layer that is explained, as <see cref="GradCamOptions.Layer"/> names it. Default: null, the feature map.</summary>
    public string? Layer { get; set; }

    /// <summary>
    /// The most images, spread evenly over the test images with the classes' shares kept; 1 to 10,000. Default 16: some ninety
    /// passes through the network each.
    /// </summary>
    [Range(1, 10_000)]
    public int Images { get; set; } = 16;

    /// <summary>The seed of randomised layers and of ROAD's noise. Default 0.</summary>
    public long Seed { get; set; }

    /// <summary>Where the network runs. Default: a CUDA card where libtorch finds one, else the processor.</summary>
    [EnumDataType(typeof(ComputeDevice))]
    public ComputeDevice Device { get; set; } = ComputeDevice.Auto;
}
