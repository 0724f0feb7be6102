using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Answers;

/// <summary>What a network answers about one image, and where it saw the class that is explained.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Label">The name of the explained class.</param>
/// <param name="Map">The map of that class on the grid of the network's feature map.</param>
/// <param name="Image">The image.</param>
/// <param name="Geometry">How it lay on the network's canvas.</param>
public sealed record ExplainedImage(
    Classification Answer, string Label, ClassActivationMap Map, GrayImage Image, CanvasGeometry Geometry)
{
    /// <summary>The map over the image: a value in [0, 1] for each of its pixels, row by row.</summary>
    public float[] Heatmap { get; } = Map.OnOriginal(Geometry);

    /// <summary>Writes the image with its heatmap laid over it, in the size of the image.</summary>
    /// <param name="path">A PNG file, replaced if it is there; its folder is made when missing.</param>
    /// <param name="opacity">How much of the image the hottest colour hides, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not in [0, 1].</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void SaveOverlay(string path, double opacity = HeatmapOverlay.DefaultOpacity) =>
        HeatmapOverlay.Save(path, Image, Heatmap, opacity);

    /// <summary>The image as a small picture.</summary>
    /// <param name="mostWidth">Its width in pixels; that of the image where that is less.</param>
    /// <param name="overlay">Whether the heatmap is laid over it.</param>
    /// <returns>A PNG file.</returns>
    public byte[] Thumbnail(int mostWidth, bool overlay) =>
        HeatmapOverlay.Thumbnail(Image, overlay ? Heatmap : new float[Image.Pixels.Length], mostWidth);
}
