using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Imaging;
using CovidCt.Networks;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Kit;

/// <summary>Canvases full of noise, for work whose time doesn't depend on what is seen.</summary>
internal static class RandomCanvases
{
    public static (byte R, byte G, byte B) Fill => new CanvasOptions().Fill;

    public static CanvasStore Store(ImageSize size, int count)
    {
        using var generator = new Generator(0);
        var gray = randint(0, 256, [count, size.Height, size.Width], ScalarType.Byte, generator: generator);
        return new(size, gray, [.. Enumerable.Repeat(new CanvasGeometry(size, size, size, 0, 0), count)]);
    }

    /// <summary>A batch as a network takes it.</summary>
    public static Tensor Input(BackboneSpec spec, int count, Device device)
    {
        using var store = Store(spec.Canvas, count);
        using var batch = store.Batch([.. Enumerable.Range(0, count)], device);
        return new Augmenter(AugmentationOptions.None, spec.Normalisation, Fill).Prepare(batch);
    }
}
