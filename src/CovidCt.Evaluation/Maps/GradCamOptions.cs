using System.ComponentModel.DataAnnotations;

namespace CovidCt.Maps;

/// <summary>Which map <c>GradCam</c> makes, and of which layer.</summary>
public sealed class GradCamOptions
{
    /// <summary>The method. Default: Grad-CAM.</summary>
    [EnumDataType(typeof(CamMethod))]
    public CamMethod Method { get; set; }

    /// <summary>
    /// The layer whose output is explained, by its path in the network, such as <c>layer3</c> or
    /// <c>features.denseblock4.denselayer16</c>: what its module answers, before a ReLU that may follow it. Null, the
    /// default, takes the tensor that global pooling receives, after the last ReLU
    /// (<c>FeatureMap</c>).
    /// </summary>
    public string? Layer { get; set; }
}
