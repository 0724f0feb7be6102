using CovidCt.Embedding;
using CovidCt.Embedding.OnDevice;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding.OnDevice;

public class DeviceAffinitiesTests
{
    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 20)]
    [InlineData(false, 1)]
    public void They_are_those_of_the_processor(bool lattice, double perplexity)
    {
        using var scope = NewDisposeScope();
        var rows = lattice ? Clouds.Lattice(500, 5) : Clouds.Mixture(500, 20, 4, 10);
        var reach = SparseAffinities.Reach(perplexity, 500);
        var neighbours = NeighbourSearch.Search(new DistanceBlocks(rows), reach, TestContext.Current.CancellationToken);
        var expected = SparseAffinities.Joint(neighbours, perplexity, TestContext.Current.CancellationToken);

        var squared = tensor(neighbours.Squared, [500, reach]);
        var conditional = DeviceBandwidths.Conditional(squared, perplexity, new RowBlocks(1 << 17));
        Assert.All(conditional.sum(1).data<double>().ToArray(), sum => Assert.Equal(1, sum, 1e-12));
        var affinities = DeviceAffinities.Joint(tensor(Array.ConvertAll(neighbours.Indices, index => (long)index), [500, reach]), conditional);

        Assert.Equal(expected.Starts, Array.ConvertAll(affinities.Starts.data<long>().ToArray(), start => (int)start));
        Assert.Equal(expected.Columns, affinities.Columns.data<int>().ToArray());
        Assert.All(expected.Values.Zip(affinities.Values.data<double>().ToArray()), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-9 * pair.First));
    }

    [Fact]
    public void More_equal_points_than_the_perplexity_share_the_probability()
    {
        using var scope = NewDisposeScope();
        var squared = cat([zeros([3, 12], ScalarType.Float64), ones([3, 6], ScalarType.Float64)], 1);
        var conditional = DeviceBandwidths.Conditional(squared, 6, new RowBlocks());
        Assert.Equal([.. Enumerable.Repeat(1 / 12.0, 12), .. Enumerable.Repeat(0.0, 6)], conditional[1].data<double>().ToArray());
    }

    [Fact]
    public void More_pairs_than_a_sort_takes_are_refused()
    {
        DeviceAffinities.CheckCount(1_000_000, 90, "rows");
        Assert.Contains("11930464 points go", Assert.Throws<ArgumentException>(() => DeviceAffinities.CheckCount(12_000_000, 90, "rows")).Message, StringComparison.Ordinal);
    }
}
