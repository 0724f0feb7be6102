using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>An image with a map of what a network looked at: an entry of <c>maps.json</c>.</summary>
/// <param name="Path">The image, relative to the data set's root.</param>
/// <param name="Label">The name of its actual class.</param>
/// <param name="Predicted">The name of the class that the network gave.</param>
/// <param name="Probability">Of the positive class, as in <see cref="Prediction"/>; in [0, 1].</param>
/// <param name="ExplainedClass">The name of the class that the map is of.</param>
/// <param name="Method">The method as papers write it, such as <c>Grad-CAM</c>.</param>
/// <param name="Original">The full path of a PNG file of the image.</param>
/// <param name="Overlay">The full path of a PNG file of the image under its map.</param>
public sealed record MapReport(
    string Path, string Label, string Predicted, double Probability, string ExplainedClass, string Method, string Original, string Overlay)
{
    /// <summary>Whether the network gave another class than the actual one.</summary>
    public bool IsMisclassified => Predicted != Label;
}
