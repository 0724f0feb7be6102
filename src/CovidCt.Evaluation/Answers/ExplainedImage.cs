using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Answers;

/// <summary>What a network answers about one image, and where it saw the class that is explained.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Label">The name of the explained class.</param>
/// <param name="Map">The map of that class on the grid of the network's feature map.</param>
/// <param name="Image">
/// The picture that the map is laid over: the image, made smaller where a side of it exceeds <see cref="GradCamOptions.LargestSide"/>.
/// </param>
/// <param name="Geometry">How the picture lay on the network's canvas.</param>
public sealed record ExplainedImage(
    Classification Answer, string Label, ClassActivationMap Map, GrayImage Image, CanvasGeometry Geometry)
{
    /// <summary>The map over the picture: a value in [0, 1] for each of its pixels, row by row.</summary>
    public float[] Heatmap { get; } = Map.OnOriginal(Geometry);

    /// <summary>An explanation of an image, which is made smaller where it is too large for a picture.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="label">The name of the explained class.</param>
    /// <param name="map">The map of that class.</param>
    /// <param name="image">The image.</param>
    /// <param name="geometry">How it lay on the network's canvas.</param>
    /// <param name="largestSide">The largest side of the picture, at least 1.</param>
    public static ExplainedImage Of(
        Classification answer, string label, ClassActivationMap map, GrayImage image, CanvasGeometry geometry, int largestSide)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentOutOfRangeException.ThrowIfLessThan(largestSide, 1);
        if (Math.Max(image.Width, image.Height) <= largestSide)
        {
            return new(answer, label, map, image, geometry);
        }

        var size = CanvasTransform.Place(geometry.Original, new(largestSide, largestSide), new CanvasOptions(), sample: 0).Scaled;
        var picture = new GrayImage(size.Width, size.Height, new byte[size.Width * size.Height]);
        BilinearResampler.Resample(image, size, picture.Pixels, size.Width);
        return new(answer, label, map, picture, geometry with { Original = size });
    }

    /// <summary>The picture with its heatmap laid over it.</summary>
    /// <param name="opacity">How much of the picture the hottest colour hides, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not in [0, 1].</exception>
    public RgbImage Overlay(double opacity = HeatmapOverlay.DefaultOpacity) =>
        new(Image.Width, Image.Height, HeatmapOverlay.Draw(Image, Heatmap, opacity));

    /// <summary>The picture with its heatmap laid over it, as the content of a PNG file.</summary>
    /// <param name="opacity">How much of the picture the hottest colour hides, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not in [0, 1].</exception>
    public byte[] OverlayPng(double opacity = HeatmapOverlay.DefaultOpacity) => HeatmapOverlay.Png(Image, Heatmap, opacity);

    /// <summary>Writes the picture with its heatmap laid over it.</summary>
    /// <param name="path">A PNG file, replaced if it is there; its folder is made when missing.</param>
    /// <param name="opacity">How much of the picture the hottest colour hides, in [0, 1].</param>
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
