using System.Runtime.Intrinsics;

namespace CovidCt.Audit;

/// <summary>
/// Registers two thumbnails and says how alike their fine structure is. It keeps its buffers: one for each thread.
/// </summary>
/// <remarks>
/// <para>
/// Registration finds scale and shift of either axis, gain and offset by Gauss-Newton on squared differences (Lucas and
/// Kanade 1981), first on 32 × 32 and then on 96 × 96 pixels.
/// </para>
/// <para>
/// The similarity is the normalised cross-correlation of what a Gaussian of 1.5 pixels takes out: vessels, fissures and
/// edges. Chests as such are alike at large (two persons' slices correlate at 0.7 to 0.9 as they are, at 0.2 to 0.4 in this
/// measure), and windowing moves all of a region's grays but leaves its fine structure where it is.
/// </para>
/// </remarks>
internal sealed class SliceMatcher
{
    private const int Side = SliceThumbnail.Side;
    private const int CoarseSide = SliceThumbnail.CoarseSide;
    private const int CoarseSteps = 10;
    private const int FineSteps = 8;
    private const int Unknowns = 6;

    // Registered, one person's slices correlate at 0.93 and more at large; below this, fine structure isn't looked at.
    private const double LeastCoarse = 0.85;

    private const double LeastOverlap = 0.6;
    private const double LargestStep = 0.05;
    private const double LargestPlacement = 0.35;

    private readonly float[] _first = new float[Side * Side];
    private readonly float[] _firstCoarse = new float[CoarseSide * CoarseSide];
    private readonly float[] _firstFine = new float[Side * Side];
    private readonly float[] _second = new float[Side * Side];
    private readonly float[] _secondCoarse = new float[CoarseSide * CoarseSide];
    private readonly float[] _warped = new float[Side * Side];
    private readonly bool[] _inside = new bool[Side * Side];
    private readonly float[] _blurred = new float[Side * Side];
    private readonly Column[] _columns = new Column[Side];

    /// <summary>Sets the image that others are compared with.</summary>
    public void SetFirst(SliceThumbnail thumbnail)
    {
        thumbnail.CopyTo(_first, mirrored: false);
        SliceThumbnail.Coarsen(_first, _firstCoarse);
        _first.CopyTo(_firstFine, 0);
        RemoveCoarse(_firstFine);
    }

    /// <summary>
    /// The similarity of the first image and this one, in [−1, 1]; 0 where one is blank, where they don't overlap by 60 % or
    /// where they are so unlike at large that no registration means anything.
    /// </summary>
    public double Compare(SliceThumbnail thumbnail, bool mirrored)
    {
        thumbnail.CopyTo(_second, mirrored);
        SliceThumbnail.Coarsen(_second, _secondCoarse);
        var coarse = Register(_firstCoarse, _secondCoarse, CoarseSide, default, CoarseSteps);
        if (!coarse.IsPlausible || Warp(_secondCoarse, CoarseSide, coarse) < LeastOverlap
            || Correlation(_firstCoarse, _warped, CoarseSide * CoarseSide) < LeastCoarse)
        {
            return 0;
        }

        var fine = Register(_first, _second, Side, coarse, FineSteps);
        if (!fine.IsPlausible || Warp(_second, Side, fine) < LeastOverlap)
        {
            return 0;
        }

        RemoveCoarse(_warped);
        return Correlation(_firstFine, _warped, Side * Side);
    }

    private Placement Register(float[] fixedImage, float[] moving, int side, Placement start, int steps)
    {
        var placement = start;
        Span<double> normal = stackalloc double[Unknowns * Unknowns];
        Span<double> right = stackalloc double[Unknowns];
        for (var step = 0; step < steps; step++)
        {
            var used = NormalEquations(fixedImage, moving, side, placement, normal, right);
            if (used < LeastOverlap * side * side || !Solve(normal, right) || Math.Abs(right[0]) < 1e-3)
            {
                return Placement.None;
            }

            // The model is gain · moving(placed) + offset; its derivatives by the placement carry the gain.
            var change = new Placement(
                Limited(right[2] / right[0]), Limited(right[3] / right[0]), Limited(right[4] / right[0]), Limited(right[5] / right[0]));
            placement = placement.Plus(change);
            if (!placement.IsPlausible)
            {
                return Placement.None;
            }

            if (change.Largest < 3e-4)
            {
                break;
            }
        }

        return placement;

        static double Limited(double value) => Math.Clamp(value, -LargestStep, LargestStep);
    }

    /// <summary>
    /// Sums up the normal equations of gain, offset, scales and shifts over the pixels that both images have; gives the number of these.
    /// Each sum is its own, added to pixel by pixel, so that it is the same on every processor.
    /// </summary>
    private int NormalEquations(
        float[] fixedImage, float[] moving, int side, Placement placement, Span<double> normal, Span<double> right)
    {
        // Row i of the matrix from column 0 to 3, and its columns 4 and 5, of which only those from i on are looked at.
        Vector256<double> low0 = default, low1 = default, low2 = default, low3 = default, lowRight = default;
        Vector256<double> high0 = default, high1 = default, high2 = default, high3 = default, high4 = default, high5 = default;
        var highRight = Vector256<double>.Zero;
        var columns = PlaceColumns(side, placement);
        var used = 0;
        var half = side / 2.0;
        for (var y = 0; y < side; y++)
        {
            var down = Centred(y, side);
            var atY = Pixel(((1 + placement.ScaleY) * down) + placement.ShiftY, side);
            if (atY < 0 || atY > side - 1)
            {
                continue;
            }

            var top = Math.Min((int)atY, side - 2);
            var partY = atY - top;
            var above = moving.AsSpan(top * side, side);
            var below = moving.AsSpan((top + 1) * side, side);
            var wantedRow = fixedImage.AsSpan(y * side, side);
            foreach (ref readonly var column in columns)
            {
                var (left, partX) = (column.Left, column.Part);
                double a = above[left], b = above[left + 1], c = below[left], d = below[left + 1];
                var (upper, lower) = (a + (partX * (b - a)), c + (partX * (d - c)));
                var slopeX = half * ((b - a) + (partY * (d - c - b + a)));
                var slopeY = half * (lower - upper);
                var value = upper + (partY * (lower - upper));
                var (acrossX, downY) = (slopeX * column.Across, slopeY * down);
                var low = Vector256.Create(value, 1, acrossX, downY);
                var high = Vector256.Create(slopeX, slopeY, 0, 0);
                low0 += low * value;
                high0 += high * value;
                low1 += low;
                high1 += high;
                low2 += low * acrossX;
                high2 += high * acrossX;
                low3 += low * downY;
                high3 += high * downY;
                high4 += high * slopeX;
                high5 += high * slopeY;
                double wanted = wantedRow[column.X];
                lowRight += low * wanted;
                highRight += high * wanted;
            }

            used += columns.Length;
        }

        Keep(normal, low0, high0);
        Keep(normal[Unknowns..], low1, high1);
        Keep(normal[(2 * Unknowns)..], low2, high2);
        Keep(normal[(3 * Unknowns)..], low3, high3);
        Keep(normal[(4 * Unknowns)..], default, high4);
        Keep(normal[(5 * Unknowns)..], default, high5);
        Keep(right, lowRight, highRight);
        return used;

        static void Keep(Span<double> row, Vector256<double> low, Vector256<double> high)
        {
            low.CopyTo(row);
            (row[4], row[5]) = (high[0], high[1]);
        }
    }

    /// <summary>The columns that lie within the second image, and where; a placement is never mirrored, so that they adjoin.</summary>
    private ReadOnlySpan<Column> PlaceColumns(int side, Placement placement)
    {
        var count = 0;
        for (var x = 0; x < side; x++)
        {
            var across = Centred(x, side);
            var at = Pixel(((1 + placement.ScaleX) * across) + placement.ShiftX, side);
            if (at >= 0 && at <= side - 1)
            {
                var left = Math.Min((int)at, side - 2);
                _columns[count++] = new(x, left, at - left, across);
            }
        }

        return _columns.AsSpan(0, count);
    }

    /// <summary>Cholesky's method on the upper triangle, slightly damped; the solution takes the place of the right side.</summary>
    private static bool Solve(Span<double> normal, Span<double> right)
    {
        for (var i = 0; i < Unknowns; i++)
        {
            normal[(i * Unknowns) + i] *= 1 + 1e-4;
        }

        for (var i = 0; i < Unknowns; i++)
        {
            var pivot = normal[(i * Unknowns) + i];
            for (var k = 0; k < i; k++)
            {
                pivot -= normal[(k * Unknowns) + i] * normal[(k * Unknowns) + i];
            }

            if (!(pivot > 1e-9))
            {
                return false;
            }

            var root = Math.Sqrt(pivot);
            normal[(i * Unknowns) + i] = root;
            for (var j = i + 1; j < Unknowns; j++)
            {
                var sum = normal[(i * Unknowns) + j];
                for (var k = 0; k < i; k++)
                {
                    sum -= normal[(k * Unknowns) + i] * normal[(k * Unknowns) + j];
                }

                normal[(i * Unknowns) + j] = sum / root;
            }
        }

        for (var i = 0; i < Unknowns; i++)
        {
            for (var k = 0; k < i; k++)
            {
                right[i] -= normal[(k * Unknowns) + i] * right[k];
            }

            right[i] /= normal[(i * Unknowns) + i];
        }

        for (var i = Unknowns - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < Unknowns; k++)
            {
                right[i] -= normal[(i * Unknowns) + k] * right[k];
            }

            right[i] /= normal[(i * Unknowns) + i];
        }

        return true;
    }

    /// <summary>Brings the second image to where the first is; the share of pixels that it covers.</summary>
    private double Warp(float[] moving, int side, Placement placement)
    {
        var covered = 0;
        for (var y = 0; y < side; y++)
        {
            var atY = Pixel(((1 + placement.ScaleY) * Centred(y, side)) + placement.ShiftY, side);
            var insideY = Math.Clamp(atY, 0, side - 1);
            var top = Math.Min((int)insideY, side - 2);
            var partY = (float)(insideY - top);
            for (var x = 0; x < side; x++)
            {
                var atX = Pixel(((1 + placement.ScaleX) * Centred(x, side)) + placement.ShiftX, side);
                var insideX = Math.Clamp(atX, 0, side - 1);
                var left = Math.Min((int)insideX, side - 2);
                var partX = (float)(insideX - left);
                var corner = (top * side) + left;
                var upper = moving[corner] + (partX * (moving[corner + 1] - moving[corner]));
                var lower = moving[corner + side] + (partX * (moving[corner + side + 1] - moving[corner + side]));
                var at = (y * side) + x;
                _warped[at] = upper + (partY * (lower - upper));
                _inside[at] = Math.Abs(atX - insideX) <= 0.5 && Math.Abs(atY - insideY) <= 0.5;
                covered += _inside[at] ? 1 : 0;
            }
        }

        return (double)covered / (side * side);
    }

    private double Correlation(float[] a, float[] b, int count)
    {
        double n = 0, sumA = 0, sumB = 0, sumAA = 0, sumBB = 0, sumAB = 0;
        for (var i = 0; i < count; i++)
        {
            if (_inside[i])
            {
                double x = a[i], y = b[i];
                n++;
                sumA += x;
                sumB += y;
                sumAA += x * x;
                sumBB += y * y;
                sumAB += x * y;
            }
        }

        var (spreadA, spreadB) = (sumAA - (sumA * sumA / n), sumBB - (sumB * sumB / n));
        return n > 0 && spreadA > n * 1e-3 && spreadB > n * 1e-3
            ? Math.Clamp((sumAB - (sumA * sumB / n)) / Math.Sqrt(spreadA * spreadB), -1, 1)
            : 0;
    }

    /// <summary>Subtracts a Gaussian blur, its taps cut off at four pixels, edges repeated.</summary>
    private void RemoveCoarse(float[] image)
    {
        ReadOnlySpan<float> taps = [0.2665f, 0.2134f, 0.1096f, 0.0361f, 0.00765f];
        for (var y = 0; y < Side; y++)
        {
            var row = image.AsSpan(y * Side, Side);
            for (var x = 0; x < Side; x++)
            {
                var sum = taps[0] * row[x];
                for (var tap = 1; tap < taps.Length; tap++)
                {
                    sum += taps[tap] * (row[Math.Max(x - tap, 0)] + row[Math.Min(x + tap, Side - 1)]);
                }

                _blurred[(y * Side) + x] = sum;
            }
        }

        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var sum = taps[0] * _blurred[(y * Side) + x];
                for (var tap = 1; tap < taps.Length; tap++)
                {
                    sum += taps[tap] * (_blurred[(Math.Max(y - tap, 0) * Side) + x] + _blurred[(Math.Min(y + tap, Side - 1) * Side) + x]);
                }

                image[(y * Side) + x] -= sum;
            }
        }
    }

    // Positions run from −1 to 1 over an image, so that a placement means the same at every size.
    private static double Centred(int pixel, int side) => ((2 * pixel) + 1.0) / side - 1;

    private static double Pixel(double centred, int side) => ((centred + 1) / 2 * side) - 0.5;

    /// <summary>A column of the first image: the column left of it in the second, how far it is from there, and its place.</summary>
    private readonly record struct Column(int X, int Left, double Part, double Across);

    /// <summary>Where in the second image a point of the first lies: (1 + scale) · position + shift on each axis.</summary>
    private readonly record struct Placement(double ScaleX, double ScaleY, double ShiftX, double ShiftY)
    {
        public static Placement None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);

        public double Largest => Math.Max(Math.Max(Math.Abs(ScaleX), Math.Abs(ScaleY)), Math.Max(Math.Abs(ShiftX), Math.Abs(ShiftY)));

        public bool IsPlausible => Largest <= LargestPlacement;

        public Placement Plus(Placement other) =>
            new(ScaleX + other.ScaleX, ScaleY + other.ScaleY, ShiftX + other.ShiftX, ShiftY + other.ShiftY);
    }
}
