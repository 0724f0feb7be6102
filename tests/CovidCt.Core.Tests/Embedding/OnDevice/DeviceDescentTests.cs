using CovidCt.Embedding;
using CovidCt.Embedding.OnDevice;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding.OnDevice;

public class DeviceDescentTests
{
    private const int Points = 900;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradient_and_steps_are_those_of_the_processor(bool exact)
    {
        using var scope = NewDisposeScope();
        var token = TestContext.Current.CancellationToken;
        var rows = Clouds.Mixture(Points, 15, 6, 8);
        var affinities = SparseAffinities.Joint(NeighbourSearch.Search(new DistanceBlocks(rows), 60, token), 20, token);
        var random = new CounterRandom(5);
        var (x, y) = (new float[Points], new float[Points]);
        for (var i = 0; i < Points; i++)
        {
            (x[i], y[i]) = ((float)random.NextUniform(-20, 20), (float)random.NextUniform(-20, 20));
        }

        var blocks = new RowBlocks(1 << 18);
        using IRepulsion<float> expectedRepulsion = exact ? new ExactRepulsion<float>(Points) : new InterpolatedRepulsion(CPU);
        using IDeviceRepulsion repulsion = exact ? new DeviceExactRepulsion(blocks) : new InterpolatedRepulsion(CPU, inAnyOrder: true);
        var forces = new TsneForces<float>(affinities, expectedRepulsion);
        var positions = stack([tensor(x), tensor(y)]);
        var slabs = new DeviceSlabs(new(tensor(Array.ConvertAll(affinities.Starts, start => (long)start)), tensor(affinities.Columns), tensor(affinities.Values)), blocks);
        var descent = new DeviceDescent(slabs, repulsion, positions);
        var (gradientX, gradientY) = (new float[Points], new float[Points]);
        forces.Gradient(x, y, 12, gradientX, gradientY);
        AssertClose([.. gradientX, .. gradientY], descent.Gradient(12), 3e-6);

        var expected = new GradientDescent(Points);
        for (var i = 0; i < 6; i++)
        {
            expected.Step(forces, x, y, 12, 200, 0.5, 5);
            descent.Step(12, 200, 0.5, 5);
            AssertClose([.. x, .. y], positions, 1e-5);
        }
    }

    [Fact]
    [Trait("Category", "Card")]
    public void On_a_card_a_step_waits_for_nothing_but_the_bounds_of_a_grid()
    {
        CardTests.Require();
        using var scope = NewDisposeScope();
        var rows = Clouds.Mixture(Points, 15, 6, 8).to(CUDA);
        var (indices, squared) = DeviceNeighbours.Search(rows, 60, new RowBlocks(), ScalarType.Float32);
        var slabs = new DeviceSlabs(DeviceAffinities.Joint(indices, DeviceBandwidths.Conditional(squared, 20, new RowBlocks())), new RowBlocks());
        using var repulsion = new DeviceExactRepulsion(new RowBlocks());
        var descent = new DeviceDescent(slabs, repulsion, rows.narrow(1, 0, 2).t().to(ScalarType.Float32).contiguous());
        descent.Step(12, 200, 0.5, 5);
        CardTests.ForbidWaiting();
        try
        {
            descent.Step(12, 200, 0.5, 5);
        }
        finally
        {
            CardTests.AllowWaiting();
        }
    }

    private static void AssertClose(float[] expected, Tensor actual, double tolerance)
    {
        var error = Math.Sqrt(expected.Zip(actual.data<float>().ToArray(), (a, b) => Math.Pow(a - (double)b, 2)).Sum() / expected.Sum(value => (double)value * value));
        TestContext.Current.TestOutputHelper?.WriteLine($"{error:g3}");
        Assert.InRange(error, 0, tolerance);
    }
}
