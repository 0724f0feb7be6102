using System.ComponentModel.DataAnnotations;
using CovidCt.Maps;
using CovidCt.Recipes;

namespace CovidCt.Studies;

/// <summary>Which test images of a run are explained, and how.</summary>
public sealed class RunExplainerOptions
{
    /// <summary>The method. Default: Grad-CAM.</summary>
    [EnumDataType(typeof(CamMethod))]
    public CamMethod Method { get; set; }

    /// <summary>The layer that is explained, as <see cref="GradCamOptions.Layer"/> names it. Default: null, the feature map.</summary>
    public string? Layer { get; set; }

    /// <summary>The most misclassified images, those that the network was surest of first; 0 to 1000. Default 48.</summary>
    [Range(0, 1000)]
    public int MostWrong { get; set; } = 48;

    /// <summary>
    /// The most rightly classified images of each class, those that the network was surest of first; 0 to 1000. Default 3.
    /// </summary>
    [Range(0, 1000)]
    public int MostRight { get; set; } = 3;

    /// <summary>The width in pixels that pictures are brought to where they are wider; 32 to 4096. Default 320.</summary>
    [Range(32, 4096)]
    public int PictureWidth { get; set; } = 320;

    /// <summary>Where the network runs. Default: a CUDA card where libtorch finds one, else the processor.</summary>
    [EnumDataType(typeof(ComputeDevice))]
    public ComputeDevice Device { get; set; } = ComputeDevice.Auto;
}
