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

        var system = new Equations(plane, width, removed);
        var solution = system.Solve(Guess(plane, width, removed));
        for (var i = 0; i < system.Unknowns.Length; i++)
        {
            plane[system.Unknowns[i]] = (float)solution[i];
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

    /// <summary>The equations of the removed pixels.</summary>
    private sealed class Equations
    {
        private const int Known = -1;

        private readonly int[] _neighbours;
        private readonly double[] _diagonal;
        private readonly double[] _right;

        public Equations(float[] plane, int width, bool[] removed)
        {
            var height = plane.Length / width;
            Unknowns = [.. Enumerable.Range(0, plane.Length).Where(i => removed[i])];
            var index = new int[plane.Length];
            Array.Fill(index, Known);
            for (var i = 0; i < Unknowns.Length; i++)
            {
                index[Unknowns[i]] = i;
            }

            _neighbours = new int[8 * Unknowns.Length];
            _diagonal = new double[Unknowns.Length];
            _right = new double[Unknowns.Length];
            for (var i = 0; i < Unknowns.Length; i++)
            {
                var (x, y) = (Unknowns[i] % width, Unknowns[i] / width);
                for (var way = 0; way < 8; way++)
                {
                    var (dx, dy) = Way(way);
                    _neighbours[(8 * i) + way] = Known;
                    if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height)
                    {
                        continue;
                    }

                    var other = ((y + dy) * width) + x + dx;
                    _neighbours[(8 * i) + way] = index[other];
                    _diagonal[i] += Weight(way);
                    _right[i] += removed[other] ? 0 : Weight(way) * plane[other];
                }
            }
        }

        /// <summary>The removed pixels.</summary>
        public int[] Unknowns { get; }

        /// <summary>The removed pixels' values, from a guess of the whole plane.</summary>
        public double[] Solve(double[] guess)
        {
            var solution = Array.ConvertAll(Unknowns, pixel => guess[pixel]);
            var product = Multiply(solution);
            var residual = _right.Zip(product, (right, left) => right - left).ToArray();
            var enough = Accuracy * Accuracy * Dot(_right, _right);
            double[] direction = new double[solution.Length], scaled = new double[solution.Length];
            var before = 0.0;
            for (var iteration = 0; iteration < MostIterations && Dot(residual, residual) > enough; iteration++)
            {
                for (var i = 0; i < scaled.Length; i++)
                {
                    scaled[i] = residual[i] / _diagonal[i];
                }

                var now = Dot(residual, scaled);
                var share = iteration == 0 ? 0 : now / before;
                for (var i = 0; i < direction.Length; i++)
                {
                    direction[i] = scaled[i] + (share * direction[i]);
                }

                product = Multiply(direction);
                var step = now / Dot(direction, product);
                for (var i = 0; i < solution.Length; i++)
                {
                    solution[i] += step * direction[i];
                    residual[i] -= step * product[i];
                }

                before = now;
            }

            return solution;
        }

        private double[] Multiply(double[] values)
        {
            var product = new double[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var sum = _diagonal[i] * values[i];
                for (var way = 0; way < 8; way++)
                {
                    var other = _neighbours[(8 * i) + way];
                    sum -= other == Known ? 0 : Weight(way) * values[other];
                }

                product[i] = sum;
            }

            return product;
        }

        private static double Dot(double[] one, double[] other)
        {
            var sum = 0.0;
            for (var i = 0; i < one.Length; i++)
            {
                sum += one[i] * other[i];
            }

            return sum;
        }

        // The first four ways lead beside a pixel, the last four across its corners.
        private static double Weight(int way) => way < 4 ? Beside : Across;

        private static (int X, int Y) Way(int way) => way switch
        {
            0 => (-1, 0),
            1 => (1, 0),
            2 => (0, -1),
            3 => (0, 1),
            4 => (-1, -1),
            5 => (1, -1),
            6 => (-1, 1),
            _ => (1, 1),
        };
    }
}
