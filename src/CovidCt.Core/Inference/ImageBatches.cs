using CovidCt.Answers;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>Several images in one forward pass.</summary>
internal static class ImageBatches
{
    /// <summary>Answers about images.</summary>
    /// <param name="images">One or more.</param>
    /// <param name="prepare">Makes an image a network's input, [1, 3, H, W].</param>
    /// <param name="answer">Answers about inputs, [N, 3, H, W].</param>
    public static IReadOnlyList<Classification> Answer(
        GrayImage[] images, Func<GrayImage, (Tensor Input, CanvasGeometry Geometry)> prepare,
        Func<Tensor, IReadOnlyList<Classification>> answer)
    {
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        return answer(cat([.. images.Select(image => prepare(image).Input)]));
    }
}
