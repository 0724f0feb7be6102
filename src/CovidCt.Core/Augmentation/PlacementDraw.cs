using CovidCt.Imaging;
using CovidCt.Recipes;

namespace CovidCt.Augmentation;

/// <summary>What chance decides of an image's size and place on its canvas.</summary>
/// <param name="CoverageMin">The least share of the canvas's area that it is shrunk to; null where it keeps its size.</param>
/// <param name="Moves">Whether it lies anywhere that it fits; otherwise its middle stays where it is.</param>
/// <param name="Size">Between the least size and its own, in [0, 1).</param>
/// <param name="X">Between the left and the right end of the canvas, in [0, 1).</param>
/// <param name="Y">Between the top and the bottom, in [0, 1).</param>
internal readonly record struct PlacementDraw(double? CoverageMin, bool Moves, double Size, double X, double Y)
{
    /// <summary>The next draws of a stream; null where the options leave images where they are.</summary>
    public static PlacementDraw? Of(AugmentationOptions options, ref CounterRandom random) => options.Places()
        ? new(options.CoverageMin, options.RandomPlacement, random.NextUniform(), random.NextUniform(), random.NextUniform())
        : null;

    /// <summary>Where an image comes to lie, to whole pixels.</summary>
    /// <param name="frame">Where it lies on the canvas as it was decoded.</param>
    /// <param name="canvas">The canvas's size.</param>
    public PixelRectangle Place(PixelRectangle frame, ImageSize canvas)
    {
        if (frame.IsEmpty)
        {
            return frame;
        }

        var scale = Scale(frame, canvas);
        var (left, width) = Along(frame.Left, frame.Width, canvas.Width, scale, X);
        var (top, height) = Along(frame.Top, frame.Height, canvas.Height, scale, Y);
        return new(left, top, left + width, top + height);
    }

    private double Scale(PixelRectangle frame, ImageSize canvas)
    {
        var least = CoverageMin is { } share
            ? Math.Min(1, Math.Sqrt(share * canvas.Width * canvas.Height / ((double)frame.Width * frame.Height)))
            : 1;
        return least + ((1 - least) * Size);
    }

    private (int Start, int Length) Along(int start, int length, int canvas, double scale, double place)
    {
        var scaled = Math.Max(1, (int)Math.Round(length * scale));
        return (Moves ? (int)((canvas - scaled + 1) * place) : start + ((length - scaled) / 2), scaled);
    }
}
