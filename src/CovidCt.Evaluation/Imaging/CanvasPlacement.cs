namespace CovidCt.Imaging;

/// <summary>Where a scaled image lies on its canvas.</summary>
public enum CanvasPlacement
{
    /// <summary>In the middle; of an odd margin the right or lower side has the pixel more.</summary>
    Centred,

    /// <summary>Anywhere it fits, drawn from the seed and the sample alone; the authors' way, in their tests too.</summary>
    Random,
}
