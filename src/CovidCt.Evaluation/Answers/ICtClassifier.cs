using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Networks;

namespace CovidCt.Answers;

/// <summary>
/// What answers about images and explains its answers: <c>CtClassifier</c>, or several of them as one, <c>CtEnsemble</c>.
/// </summary>
/// <remarks>
/// It may be called from many threads at once. Disposed while others call it, it finishes what is under way and is freed with that; later
/// calls end in an <see cref="ObjectDisposedException"/>. It is not a medical device, and its answers are not a diagnosis.
/// </remarks>
public interface ICtClassifier : IDisposable
{
    /// <summary>What it expects and answers.</summary>
    ModelDescription Model { get; }

    /// <summary>Whether its answers have a <see cref="Classification.CalibratedProbability"/>.</summary>
    bool IsCalibrated { get; }

    /// <summary>
    /// How often the <see cref="Classification.PredictionSet"/> of its answers is to hold the class of an image, in (0, 1); of an ensemble
    /// without thresholds of its own, of each of its networks by itself. Null where its answers have none.
    /// </summary>
    double? SetLevel { get; }

    /// <summary>Classifies an image file.</summary>
    /// <inheritdoc cref="Classify(GrayImage)"/>
    /// <param name="path">The image file.</param>
    /// <exception cref="ImageRejectedException">The file is no image that can be used; the message says why.</exception>
    Classification Classify(string path);

    /// <summary>Classifies the content of an image file.</summary>
    /// <inheritdoc cref="Classify(GrayImage)"/>
    /// <param name="file">The content.</param>
    /// <exception cref="ImageRejectedException">The content is no image that can be used; the message says why.</exception>
    Classification Classify(ReadOnlyMemory<byte> file);

    /// <summary>Classifies an image file that comes as a stream.</summary>
    /// <inheritdoc cref="Classify(GrayImage)"/>
    /// <param name="file">The content from here on; it is read to its end and stays the caller's.</param>
    /// <exception cref="ImageRejectedException">The content is no image that can be used; the message says why.</exception>
    Classification Classify(Stream file);

    /// <summary>Classifies a decoded image.</summary>
    /// <param name="image">The image.</param>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="WeightsException">A network answers no numbers: its weights are not finite.</exception>
    Classification Classify(GrayImage image);

    /// <summary>
    /// Classifies many images, up to 16 in one forward pass, whose memory is that of so many. Answers are those of one image at a time but
    /// for rounding: probabilities differ by less than 1e-6.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="cancellationToken">Stops between two passes.</param>
    /// <returns>An answer for each image, in their order.</returns>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="WeightsException">A network answers no numbers: its weights are not finite.</exception>
    IReadOnlyList<Classification> Classify(IReadOnlyList<GrayImage> images, CancellationToken cancellationToken = default);

    /// <summary>
    /// Classifies images as they come: those that are there, up to 16, in one forward pass, away from the calling thread. It waits for
    /// none in order to fill a pass.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="cancellationToken">Stops between two passes.</param>
    /// <returns>An answer for each image, in their order.</returns>
    /// <inheritdoc cref="Classify(IReadOnlyList{GrayImage}, CancellationToken)" path="/exception"/>
    IAsyncEnumerable<Classification> ClassifyAsync(IAsyncEnumerable<GrayImage> images, CancellationToken cancellationToken = default);

    /// <summary>Classifies the content of an image file, away from the calling thread.</summary>
    /// <param name="file">The content, which must not change meanwhile.</param>
    /// <param name="cancellationToken">Gives up what hasn't begun.</param>
    /// <returns>The answer, or the exceptions of <see cref="Classify(ReadOnlyMemory{byte})"/>.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="QueueFullException">It has a queue, and that is full.</exception>
    Task<Classification> ClassifyFileAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken = default) =>
        Task.Run(() => Classify(file), cancellationToken);

    /// <summary>Classifies an image file, and says where the most probable class was seen in it, by Grad-CAM.</summary>
    /// <inheritdoc cref="Explain(string, GradCamOptions, string?)"/>
    ExplainedImage Explain(string path);

    /// <summary>Classifies the content of an image file, and says where the most probable class was seen in it, by Grad-CAM.</summary>
    /// <inheritdoc cref="Explain(ReadOnlyMemory{byte}, GradCamOptions, string?)"/>
    ExplainedImage Explain(ReadOnlyMemory<byte> file);

    /// <summary>
    /// Classifies an image file that comes as a stream, and says where the most probable class was seen in it, by Grad-CAM.
    /// </summary>
    /// <inheritdoc cref="Explain(Stream, GradCamOptions, string?)"/>
    ExplainedImage Explain(Stream file);

    /// <summary>Classifies a decoded image, and says where the most probable class was seen in it, by Grad-CAM.</summary>
    /// <inheritdoc cref="Explain(GrayImage, GradCamOptions, string?)"/>
    ExplainedImage Explain(GrayImage image);

    /// <summary>Classifies an image file, and says where a class was seen in it.</summary>
    /// <inheritdoc cref="Explain(GrayImage, GradCamOptions, string?)"/>
    /// <param name="path">The image file.</param>
    /// <exception cref="ImageRejectedException">The file is no image that can be used; the message says why.</exception>
    ExplainedImage Explain(string path, GradCamOptions options, string? label);

    /// <summary>Classifies the content of an image file, and says where a class was seen in it.</summary>
    /// <inheritdoc cref="Explain(GrayImage, GradCamOptions, string?)"/>
    /// <param name="file">The content.</param>
    /// <exception cref="ImageRejectedException">The content is no image that can be used; the message says why.</exception>
    ExplainedImage Explain(ReadOnlyMemory<byte> file, GradCamOptions options, string? label);

    /// <summary>Classifies an image file that comes as a stream, and says where a class was seen in it.</summary>
    /// <inheritdoc cref="Explain(GrayImage, GradCamOptions, string?)"/>
    /// <param name="file">The content from here on; it is read to its end and stays the caller's.</param>
    /// <exception cref="ImageRejectedException">The content is no image that can be used; the message says why.</exception>
    ExplainedImage Explain(Stream file, GradCamOptions options, string? label);

    /// <summary>Classifies a decoded image, and says where a class was seen in it.</summary>
    /// <remarks><see cref="ExplainedImage.Answer"/> is what <see cref="Classify(GrayImage)"/> answers, to the bit.</remarks>
    /// <param name="image">The image.</param>
    /// <param name="options">Which map is made, of which layer, and how large a picture it is laid over.</param>
    /// <param name="label">The name of the class that is explained; null takes the most probable one.</param>
    /// <exception cref="ArgumentException">
    /// There is no class or no layer of that name, of which the message lists some, or an option is out of its range.
    /// </exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="WeightsException">A network answers no numbers: its weights are not finite.</exception>
    ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label);

    /// <summary>Classifies the content of an image file, and says where a class was seen in it, away from the calling thread.</summary>
    /// <param name="file">The content, which must not change meanwhile.</param>
    /// <param name="options">Which map is made, of which layer, and how large a picture it is laid over.</param>
    /// <param name="label">The name of the class that is explained; null takes the most probable one.</param>
    /// <param name="cancellationToken">Gives up what hasn't begun.</param>
    /// <returns>The answer and its map, or the exceptions of <see cref="Explain(GrayImage, GradCamOptions, string?)"/>.</returns>
    /// <exception cref="ImageRejectedException">The content is no image that can be used; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="QueueFullException">It has a queue, and that is full.</exception>
    Task<ExplainedImage> ExplainFileAsync(
        ReadOnlyMemory<byte> file, GradCamOptions options, string? label, CancellationToken cancellationToken = default) =>
        Task.Run(() => Explain(file, options, label), cancellationToken);
}
