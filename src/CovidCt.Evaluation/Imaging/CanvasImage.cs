namespace CovidCt.Imaging;

/// <summary>An image on its canvas.</summary>
/// <param name="Pixels">Gray values of the whole canvas, row by row; padding is 0 and known from the geometry.</param>
/// <param name="Geometry">Where the image lies.</param>
public sealed record CanvasImage(byte[] Pixels, CanvasGeometry Geometry);
