namespace CovidCt.Imaging;

/// <summary>How an image of one size becomes one of another.</summary>
public enum CanvasFit
{
    /// <summary>Scaled by one factor until it touches the canvas from within, then padded.</summary>
    KeepAspect,

    /// <summary>Scaled to the canvas in each direction by itself, which distorts anatomy; what the paper argues against.</summary>
    Stretch,
}
