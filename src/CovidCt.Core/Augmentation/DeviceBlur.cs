using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Augmentation;

/// <summary>
/// Gaussian blurs of images, each with taps of its own, that continue the edges of each image and see nothing beyond them.
/// </summary>
internal sealed class DeviceBlur : IDisposable
{
    private readonly int _taps;
    private readonly Tensor _columns; // int64 [1, 1, W + K − 1]: the columns that the taps of a row of pixels meet.
    private readonly Tensor _rows; // int64 [1, H + K − 1, 1].

    public DeviceBlur(double greatestSigma, ImageSize size, Device device)
    {
        using var scope = NewDisposeScope();
        var radius = Radius(greatestSigma);
        _taps = (2 * radius) + 1;
        _columns = arange(-radius, size.Width + radius, ScalarType.Int64, device).view(1, 1, -1).DetachFromDisposeScope();
        _rows = arange(-radius, size.Height + radius, ScalarType.Int64, device).view(1, -1, 1).DetachFromDisposeScope();
    }

    /// <summary>How far a blur reaches, in pixels.</summary>
    public static int Radius(double sigma) => (int)Math.Ceiling(3 * sigma);

    /// <summary>
    /// A blur's taps from −<paramref name="radius"/> to <paramref name="radius"/>, which sum to 1; 0 beyond its own radius.
    /// </summary>
    public static float[] Taps(double sigma, int radius)
    {
        var own = Radius(sigma);
        var weights = Enumerable.Range(-radius, (2 * radius) + 1)
            .Select(i => Math.Abs(i) <= own ? Math.Exp(-i * i / (2 * sigma * sigma)) : 0).ToArray();
        var total = weights.Sum();
        return Array.ConvertAll(weights, weight => (float)(weight / total));
    }

    /// <summary>Blurs some images of a batch in place.</summary>
    /// <param name="gray">float32 [B, H, W].</param>
    /// <param name="plan">Which, and how.</param>
    public void Run(Tensor gray, PlannedBlur plan)
    {
        using var scope = NewDisposeScope();
        var (left, right, top, bottom) = (plan.Bounds[0], plan.Bounds[1], plan.Bounds[2], plan.Bounds[3]);
        var chosen = gray.index_select(0, plan.Places);
        var down = Along(chosen, 1, _rows.clamp(top, bottom), plan.Taps);
        gray.index_copy_(0, plan.Places, Along(down, 2, _columns.clamp(left, right), plan.Taps));
    }

    /// <summary>
    /// Each pixel's sum over its neighbours on one axis, who are gathered once and then looked at through a sliding window.
    /// </summary>
    private Tensor Along(Tensor images, long axis, Tensor places, Tensor taps)
    {
        var shape = images.shape;
        shape[axis] = places.shape[axis];
        return images.gather(axis, places.expand(shape)).unfold(axis, _taps, 1).mul(taps).sum(3);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
    }
}
