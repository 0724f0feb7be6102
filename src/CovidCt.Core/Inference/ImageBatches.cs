using CovidCt.Answers;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>Many images, a few in each forward pass.</summary>
internal static class ImageBatches
{
    private const int MostAtOnce = 16;

    /// <summary>Answers about images that are there.</summary>
    /// <param name="images">The images.</param>
    /// <param name="prepare">Makes an image a network's input, [1, 3, H, W].</param>
    /// <param name="answer">Answers about inputs, [N, 3, H, W].</param>
    /// <param name="cancellationToken">Stops between two passes.</param>
    public static IReadOnlyList<Classification> Answer(
        IReadOnlyList<GrayImage> images, Func<GrayImage, (Tensor Input, CanvasGeometry Geometry)> prepare,
        Func<Tensor, IReadOnlyList<Classification>> answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        List<Classification> answers = [];
        foreach (var batch in images.Chunk(MostAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var guard = inference_mode();
            var ofBatch = answer(cat([.. batch.Select(image => prepare(image).Input)]));
            answers.AddRange(ofBatch.Zip(batch, (one, image) => one with { ImageNote = image.Note }));
        }

        return answers;
    }
}
