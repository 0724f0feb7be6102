using CovidCt.Embedding;
using CovidCt.Embedding.OnDevice;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding.OnDevice;

public class DeviceQualityTests
{
    private static readonly RowBlocks Small = new(1 << 18);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ranks_are_those_of_the_processor_ties_included(bool lattice)
    {
        using var scope = NewDisposeScope();
        var rows = lattice ? Clouds.Lattice(600, 5) : Clouds.Mixture(600, 15, 4, 3);
        var positions = Planar(rows, lattice);
        var (x, y) = Coordinates(positions);
        foreach (var neighbours in new[] { 1, 10, 150 })
        {
            var expected = NeighbourRanks.Of(new DistanceBlocks(rows), x, y, neighbours, TestContext.Current.CancellationToken);
            var ranks = DeviceQuality.Ranks(rows, positions, neighbours, Small);
            Assert.Equal(expected.Trustworthiness, ranks.Trustworthiness, 1e-6);
            Assert.Equal(expected.Recall, ranks.Recall, 1e-6);
        }
    }

    [Fact]
    public void Divergence_is_that_of_the_processor()
    {
        using var scope = NewDisposeScope();
        var token = TestContext.Current.CancellationToken;
        var rows = Clouds.Mixture(800, 15, 4, 3);
        var affinities = SparseAffinities.Joint(NeighbourSearch.Search(new DistanceBlocks(rows), 60, token), 20, token);
        var slabs = new DeviceSlabs(new(tensor(Array.ConvertAll(affinities.Starts, start => (long)start)), tensor(affinities.Columns), tensor(affinities.Values)), Small);
        var positions = Planar(rows, lattice: false);
        var (x, y) = Coordinates(positions);
        Assert.Equal(affinities.KlDivergence(x, y, token), DeviceQuality.KlDivergence(slabs, positions, Small), 1e-6);
    }

    private static Tensor Planar(Tensor rows, bool lattice) =>
        (lattice ? rows.narrow(1, 0, 2) + (rows.narrow(1, 2, 2) * 0.3) + (arange(rows.shape[0]).unsqueeze(1) * 1e-3) : rows.narrow(1, 0, 2) * 10).to(ScalarType.Float32).t().contiguous();

    private static (double[] X, double[] Y) Coordinates(Tensor positions) =>
        (positions[0].to(ScalarType.Float64).data<double>().ToArray(), positions[1].to(ScalarType.Float64).data<double>().ToArray());
}
