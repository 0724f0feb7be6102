namespace CovidCt.Maps;

/// <summary>
/// A map that knows nothing of the network, which a network's maps are compared with on the same images (an edge detector, as in Adebayo
/// et al., "Sanity checks for saliency maps", NeurIPS 2018; a random map; a spot in the middle, where pictures have what they are of).
/// </summary>
public enum BaselineMap
{
    /// <summary>A uniform random value in each cell of the network's map, and between the cells what lies between.</summary>
    Random = 1,

    /// <summary>A normal spot in the middle of the image, with a deviation of a quarter of each side.</summary>
    Centred = 2,

    /// <summary>
    /// The magnitude of Sobel's gradient of the image as it lies on the canvas, pixel by pixel; 0 in the padding. Finer than the network's
    /// map.
    /// </summary>
    Edges = 3,
}
