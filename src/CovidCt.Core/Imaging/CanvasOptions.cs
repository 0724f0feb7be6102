using System.ComponentModel.DataAnnotations;

namespace CovidCt.Imaging;

/// <summary>How an image is brought onto its canvas.</summary>
public sealed class CanvasOptions
{
    /// <summary>Default: <see cref="CanvasFit.KeepAspect"/>, the paper's way.</summary>
    [EnumDataType(typeof(CanvasFit))]
    public CanvasFit Fit { get; set; } = CanvasFit.KeepAspect;

    /// <summary>
    /// Where the scaled image lies. Default: <see cref="CanvasPlacement.Centred"/>. It means nothing under
    /// <see cref="CanvasFit.Stretch"/>, which leaves no room.
    /// </summary>
    [EnumDataType(typeof(CanvasPlacement))]
    public CanvasPlacement Placement { get; set; } = CanvasPlacement.Centred;

    /// <summary>
    /// The colour around the image, 0…255 each. Default: (123, 116, 103), the ImageNet mean, as in the authors' code.
    /// Canvases are stored in gray; the colour is put in when batches are made.
    /// </summary>
    public (byte R, byte G, byte B) Fill { get; set; } = (123, 116, 103);

    /// <summary>The seed of <see cref="CanvasPlacement.Random"/>. Default: 0.</summary>
    public long Seed { get; set; }
}

/// <summary>How an image of one size becomes one of another.</summary>
public enum CanvasFit
{
    /// <summary>Scaled by one factor until it touches the canvas from within, then padded.</summary>
    KeepAspect,

    /// <summary>Scaled to the canvas in each direction by itself, which distorts anatomy; what the paper argues against.</summary>
    Stretch,
}

/// <summary>Where a scaled image lies on its canvas.</summary>
public enum CanvasPlacement
{
    /// <summary>In the middle; of an odd margin the right or lower side has the pixel more.</summary>
    Centred,

    /// <summary>Anywhere it fits, drawn from the seed and the sample alone; the authors' way, in their tests too.</summary>
    Random,
}
