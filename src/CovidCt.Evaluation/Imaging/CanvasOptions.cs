using System.ComponentModel.DataAnnotations;

namespace CovidCt.Imaging;

/// <summary>How an image is brought onto its canvas.</summary>
public sealed partial class CanvasOptions
{
    /// <summary>Default: <see cref="CanvasFit.KeepAspect"/>, the paper's way.</summary>
    [EnumDataType(typeof(CanvasFit))]
    public CanvasFit Fit { get; set; } = CanvasFit.KeepAspect;

    /// <summary>
    /// Where the scaled image lies, at full size, in training and test. Default: <see cref="CanvasPlacement.Centred"/>; the paper
    /// doesn't say, and its authors' later code draws size and place at random at each use. It means nothing under
    /// <see cref="CanvasFit.Stretch"/>, which leaves no room.
    /// </summary>
    [EnumDataType(typeof(CanvasPlacement))]
    public CanvasPlacement Placement { get; set; } = CanvasPlacement.Centred;

    /// <summary>
    /// The colour around the image, 0…255 each. Default: (123, 116, 103), the ImageNet mean, as in the authors' code.
    /// Canvases are stored in gray; the colour is put in when batches are made.
    /// </summary>
    public Colour Fill { get; set; } = (123, 116, 103);

    /// <summary>The seed of <see cref="CanvasPlacement.Random"/>. Default: 0.</summary>
    public long Seed { get; set; }
}
