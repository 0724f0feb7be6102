using System.Numerics;

namespace CovidCt.Explanation;

/// <summary>
/// Fills removed pixels so that little of their shape stays to be seen: the noisy linear imputation of ROAD (Rong et al.,
/// "A consistent and efficient evaluation strategy for attribution methods", ICML 2022, section 4 and appendix).
/// </summary>
/// <remarks>
/// <para>
/// Every removed pixel is the weighted mean of its eight neighbours, removed ones included, with 1/6 for those beside and
/// 1/12 for those across a corner; at the border, the weights that are left count as 1. Then normal noise is added.
/// </para>
/// <para>
/// The removed pixels' equations, multiplied by the sum of their weights, make a symmetric matrix that is positive
/// definite as soon as one pixel is known, for the neighbourhood connects all pixels. It is solved by conjugate gradients
/// (Hestenes and Stiefel 1952) with the diagonal as preconditioner, from a guess that averages the known pixels on ever
/// coarser grids, until the residual is 1e-4 of the right-hand side.
/// </para>
/// </remarks>
internal static class NoisyLinearImputation
{
    private const double Beside = 1.0 / 6, Across = 1.0 / 12, Accuracy = 1e-4;
    private const int MostIterations = 2000;

    /// <summary>Fills one plane.</summary>
    /// <param name="plane">Values, row by row; those of removed pixels are replaced.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="removed">Whether each pixel is removed; where all are, they get the plane's mean.</param>
    public static void Fill(float[] plane, int width, bool[] removed)
    {
        if (!removed.Contains(false))
        {
            Array.Fill(plane, plane.Average());
            return;
        }

        var solution = new Equations(plane, width, removed).Solve(Guess(plane, width, removed));
        for (var i = 0; i < plane.Length; i++)
        {
            plane[i] = removed[i] ? (float)solution[i] : plane[i];
        }
    }

    /// <summary>Means of the known pixels on grids of half the size, as far as it takes to know every pixel.</summary>
    private static double[] Guess(float[] plane, int width, bool[] removed)
    {
        var height = plane.Length / width;
        var sums = plane.Select((value, i) => removed[i] ? 0 : (double)value).ToArray();
        var counts = Array.ConvertAll(removed, gone => gone ? 0.0 : 1.0);
        return Known(sums, counts, width, height);

        static double[] Known(double[] sums, double[] counts, int width, int height)
        {
            double[]? coarse = null;
            var (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2);
            if (counts.Contains(0))
            {
                double[] halfSums = new double[halfWidth * halfHeight], halfCounts = new double[halfWidth * halfHeight];
                for (var i = 0; i < sums.Length; i++)
                {
                    var half = (i / width / 2 * halfWidth) + (i % width / 2);
                    halfSums[half] += sums[i];
                    halfCounts[half] += counts[i];
                }

                coarse = Known(halfSums, halfCounts, halfWidth, halfHeight);
            }

            return [.. sums.Select((sum, i) => counts[i] > 0 ? sum / counts[i] : coarse![(i / width / 2 * halfWidth) + (i % width / 2)])];
        }
    }

    /// <summary>
    /// The equations of the removed pixels, on planes with a border of one pixel, so that every pixel has eight neighbours and
    /// a vector of pixels is computed at once. What is no removed pixel is 0 in every unknown.
    /// </summary>
    private sealed class Equations
    {
        private readonly int _width, _height, _stride;
        private readonly double[] _removed, _diagonal, _inverse, _right;

        public Equations(float[] plane, int width, bool[] removed)
        {
            (_width, _height, _stride) = (width, plane.Length / width, width + 2);
            _removed = Bordered(i => removed[i] ? 1 : 0);
            _diagonal = Around(Bordered(_ => 1));
            _inverse = Array.ConvertAll(_diagonal, weight => weight > 0 ? 1 / weight : 0);
            _right = Around(Bordered(i => removed[i] ? 0 : plane[i]));
        }

        /// <summary>The values of the removed pixels, row by row without the border, from a guess of the whole plane.</summary>
        public double[] Solve(double[] guess)
        {
            var solution = Bordered(i => _removed[Place(i)] * guess[i]);
            double[] residual = [.. _right], direction = new double[solution.Length], product = new double[solution.Length];
            _ = Multiply(solution, product);
            var (left, scaled) = Step(1, direction, product, solution, residual);
            var (enough, before) = (Accuracy * Accuracy * Dot(_right, _right), double.PositiveInfinity);
            for (var iteration = 0; iteration < MostIterations && left > enough; iteration++)
            {
                Turn(direction, residual, scaled / before);
                before = scaled;
                (left, scaled) = Step(scaled / Multiply(direction, product), direction, product, solution, residual);
            }

            return [.. Enumerable.Range(0, _width * _height).Select(i => solution[Place(i)])];
        }

        private int Place(int pixel) => (((pixel / _width) + 1) * _stride) + (pixel % _width) + 1;

        private double[] Bordered(Func<int, double> value)
        {
            // Whole vectors, and one more, which the last pixels' may reach into.
            var vectors = (_stride * (_height + 2) / Vector<double>.Count) + 2;
            var bordered = new double[vectors * Vector<double>.Count];
            for (var i = 0; i < _width * _height; i++)
            {
                bordered[Place(i)] = value(i);
            }

            return bordered;
        }

        /// <summary>The sum over the neighbours of each removed pixel, as they weigh.</summary>
        private double[] Around(double[] values)
        {
            var sums = new double[values.Length];
            for (var i = _stride + 1; i < (_stride * (_height + 1)) - 1; i += Vector<double>.Count)
            {
                (At(_removed, i) * Neighbours(values, i)).CopyTo(sums, i);
            }

            return sums;
        }

        /// <summary>The matrix times a vector, and the vector times that.</summary>
        private double Multiply(double[] values, double[] product)
        {
            var sum = Vector<double>.Zero;
            for (var i = _stride + 1; i < (_stride * (_height + 1)) - 1; i += Vector<double>.Count)
            {
                var value = At(values, i);
                var row = At(_removed, i) * ((At(_diagonal, i) * value) - Neighbours(values, i));
                row.CopyTo(product, i);
                sum += value * row;
            }

            return Vector.Sum(sum);
        }

        private Vector<double> Neighbours(double[] values, int place)
        {
            var (above, below) = (place - _stride, place + _stride);
            return (Beside * (At(values, place - 1) + At(values, place + 1) + At(values, above) + At(values, below)))
                + (Across * (At(values, above - 1) + At(values, above + 1) + At(values, below - 1) + At(values, below + 1)));
        }

        /// <summary>A step along a direction; the square of what is left, and the same by the inverse of the diagonal.</summary>
        private (double Left, double Scaled) Step(double length, double[] direction, double[] product, double[] solution, double[] residual)
        {
            var (left, scaled) = (Vector<double>.Zero, Vector<double>.Zero);
            for (var i = 0; i < solution.Length; i += Vector<double>.Count)
            {
                (At(solution, i) + (length * At(direction, i))).CopyTo(solution, i);
                var rest = At(residual, i) - (length * At(product, i));
                rest.CopyTo(residual, i);
                left += rest * rest;
                scaled += rest * rest * At(_inverse, i);
            }

            return (Vector.Sum(left), Vector.Sum(scaled));
        }

        /// <summary>The next direction: downhill, and a share of the last one.</summary>
        private void Turn(double[] direction, double[] residual, double share)
        {
            for (var i = 0; i < direction.Length; i += Vector<double>.Count)
            {
                ((At(residual, i) * At(_inverse, i)) + (share * At(direction, i))).CopyTo(direction, i);
            }
        }

        private static double Dot(double[] one, double[] other)
        {
            var sum = Vector<double>.Zero;
            for (var i = 0; i < one.Length; i += Vector<double>.Count)
            {
                sum += At(one, i) * At(other, i);
            }

            return Vector.Sum(sum);
        }

        private static Vector<double> At(double[] values, int place) => new(values, place);
    }
}
