using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Networks;

namespace CovidCt.Answers;

/// <summary>
/// What answers about images and explains its answers: <c>CtClassifier</c>, or several of them as one, <c>CtEnsemble</c>.
/// </summary>
/// <remarks>It may be called from many threads at once. It is not a medical device, and its answers are not a diagnosis.</remarks>
public interface ICtClassifier : IDisposable
{
    /// <summary>What it expects and answers.</summary>
    ModelDescription Model { get; }

    /// <summary>Whether its answers have a <see cref="Classification.CalibratedProbability"/>.</summary>
    bool IsCalibrated { get; }

    /// <summary>Classifies an image file.</summary>
    /// <exception cref="ImageRejectedException">The file is no image that can be used; the message says why.</exception>
    Classification Classify(string path);

    /// <summary>Classifies a decoded image.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="WeightsException">A network answers no numbers: its weights are not finite.</exception>
    Classification Classify(GrayImage image);

    /// <summary>Classifies an image file, and says where a class was seen in it.</summary>
    /// <inheritdoc cref="Explain(GrayImage, GradCamOptions, string?)"/>
    /// <param name="path">The image file.</param>
    /// <exception cref="ImageRejectedException">The file is no image that can be used; the message says why.</exception>
    ExplainedImage Explain(string path, GradCamOptions options, string? label);

    /// <summary>Classifies a decoded image, and says where a class was seen in it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="options">Which map is made, and of which layer.</param>
    /// <param name="label">The name of the class that is explained; null takes the most probable one.</param>
    /// <exception cref="ArgumentException">There is no class or no layer of that name; the message lists some that there are.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="WeightsException">A network answers no numbers: its weights are not finite.</exception>
    ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label);
}
