using CovidCt.Embedding;
using CsCheck;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding;

public class ForcesTests
{
    private static readonly Gen<(double[] P, double[] X, double[] Y)> Problems =
        from count in Gen.Int[2, 40]
        from weights in Gen.Double[0, 1].Array[count * count]
        from x in Gen.Double[-4, 4].Array[count]
        from y in Gen.Double[-4, 4].Array[count]
        select (Symmetric(weights, count), x, y);

    [Fact]
    public void The_exact_gradient_is_that_of_the_divergence() => Problems.Sample(problem =>
    {
        var (p, x, y) = problem;
        var (gx, gy) = Exact(p, x, y);
        const double step = 1e-5;
        for (var i = 0; i < x.Length; i++)
        {
            Assert.Equal(Slope(x, i), 4 * gx[i], 1e-8);
            Assert.Equal(Slope(y, i), 4 * gy[i], 1e-8);
        }

        double Slope(double[] coordinates, int i)
        {
            var kept = coordinates[i];
            coordinates[i] = kept + step;
            var above = Divergence(p, x, y);
            coordinates[i] = kept - step;
            var below = Divergence(p, x, y);
            coordinates[i] = kept;
            return (above - below) / (2 * step);
        }
    }, iter: 50);

    [Theory]
    [InlineData(1e-4, 1e-4)]
    [InlineData(1, 1e-4)]
    [InlineData(10, 1e-2)]
    [InlineData(60, 1e-2)]
    public void Interpolated_repulsion_is_close_to_the_exact_one(double spread, double tolerance)
    {
        const int count = 3000;
        var random = new CounterRandom(3);
        var (x, y) = (new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            // Dense clumps in a wide plane, as embeddings have them.
            var clump = i % 20;
            x[i] = (float)(spread * ((clump % 5) + random.NextUniform(-0.3, 0.3)));
            y[i] = (float)(spread * ((clump / 5) + random.NextUniform(-0.3, 0.3)));
        }

        using var repulsion = new InterpolatedRepulsion(CPU);
        using var exact = new ExactRepulsion<double>(count);
        var (gotX, gotY, wantX, wantY) = (new float[count], new float[count], new double[count], new double[count]);
        var z = repulsion.Compute(x, y, gotX, gotY);
        var exactZ = exact.Compute(Array.ConvertAll(x, v => (double)v), Array.ConvertAll(y, v => (double)v), wantX, wantY);

        Assert.Equal(1, z / exactZ, 1e-4);
        var error = Math.Sqrt(Enumerable.Range(0, count).Sum(i => Math.Pow(gotX[i] - wantX[i], 2) + Math.Pow(gotY[i] - wantY[i], 2)));
        var size = Math.Sqrt(wantX.Sum(v => v * v) + wantY.Sum(v => v * v));
        TestContext.Current.TestOutputHelper?.WriteLine($"Z {z / exactZ - 1:g3}, force {error / size:g3}");
        Assert.InRange(error / size, 0, tolerance);
    }

    [Fact]
    public void Both_ways_have_one_gradient()
    {
        var golden = TsneGolden.Read();
        using var features = golden.FeatureTensor();
        var affinities = SparseAffinities.Joint(NeighbourSearch.Search(new DistanceBlocks(features), 60, TestContext.Current.CancellationToken), 20, TestContext.Current.CancellationToken);
        var (x, y) = EmbeddingMeasures.Coordinates(golden.Embedded());
        var (xs, ys) = (Array.ConvertAll(x, v => (float)v), Array.ConvertAll(y, v => (float)v));
        var (ax, ay, bx, by) = (new float[x.Length], new float[x.Length], new float[x.Length], new float[x.Length]);
        using var interpolated = new InterpolatedRepulsion(CPU);
        using var exact = new ExactRepulsion<float>(x.Length);
        new TsneForces<float>(affinities, exact).Gradient(xs, ys, 12, ax, ay);
        new TsneForces<float>(affinities, interpolated).Gradient(xs, ys, 12, bx, by);
        var size = Math.Sqrt(ax.Concat(ay).Sum(v => (double)v * v));
        Assert.InRange(Math.Sqrt(ax.Concat(ay).Zip(bx.Concat(by), (a, b) => Math.Pow(a - (double)b, 2)).Sum()) / size, 0, 1e-3);
    }

    private static (double[] X, double[] Y) Exact(double[] p, double[] x, double[] y)
    {
        var count = x.Length;
        int[] starts = [.. Enumerable.Range(0, count + 1).Select(i => i * count)];
        int[] columns = [.. Enumerable.Range(0, count * count).Select(e => e % count)];
        var (gx, gy) = (new double[count], new double[count]);
        using var repulsion = new ExactRepulsion<double>(count);
        new TsneForces<double>(new(starts, columns, p), repulsion).Gradient(x, y, 1, gx, gy);
        return (gx, gy);
    }

    private static double Divergence(double[] p, double[] x, double[] y)
    {
        var z = PlanarKernel.Sum(x, y, CancellationToken.None);
        var sum = 0.0;
        for (var e = 0; e < p.Length; e++)
        {
            var (i, j) = (e / x.Length, e % x.Length);
            var kernel = 1 / (1 + Math.Pow(x[i] - x[j], 2) + Math.Pow(y[i] - y[j], 2));
            sum += p[e] > 0 ? p[e] * Math.Log(p[e] * z / kernel) : 0;
        }

        return sum;
    }

    private static double[] Symmetric(double[] weights, int count)
    {
        var p = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                p[(i * count) + j] = p[(j * count) + i] = weights[(i * count) + j] + 1e-3;
            }
        }

        var sum = p.Sum();
        return Array.ConvertAll(p, value => value / sum);
    }
}
