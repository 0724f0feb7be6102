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

    /// <summary>
    /// The largest side of the picture that a map is laid over, in pixels, 16 to 16,384: a larger image is made smaller for that, after it
    /// was answered about at its full size. Default: 2,048.
    /// </summary>
    /// <remarks>
    /// What a map over a picture takes: some 5 bytes a pixel of it, kept, and 11 more while it is drawn, which is 67 MB at the default.
    /// </remarks>
    [Range(16, 16_384)]
    public int LargestSide { get; set; } = 2048;
}
