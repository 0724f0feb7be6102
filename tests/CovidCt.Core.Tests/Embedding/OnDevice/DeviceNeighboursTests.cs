using CovidCt.Embedding;
using CovidCt.Embedding.OnDevice;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding.OnDevice;

public class DeviceNeighboursTests
{
    // So little that there are many blocks.
    private static readonly RowBlocks Small = new(1 << 19);

    [Theory]
    [InlineData(1, 0, ScalarType.Float32)]
    [InlineData(7, 20, ScalarType.Float32)]
    [InlineData(7, 20, ScalarType.Float64)]
    public void They_are_those_of_the_processor(int centres, double separation, ScalarType first)
    {
        using var scope = NewDisposeScope();
        var rows = Clouds.Mixture(700, 30, centres, separation);
        var expected = NeighbourSearch.Search(new DistanceBlocks(rows), 45, TestContext.Current.CancellationToken);
        var found = DeviceNeighbours.Search(rows, 45, Small, first);
        Assert.Equal(Array.ConvertAll(expected.Indices, index => (long)index), found.Indices.data<long>().ToArray());
        Assert.All(expected.Squared.Zip(found.Squared.data<double>().ToArray()), pair => Assert.Equal(1, pair.First / pair.Second, 1e-10));
    }

    [Fact]
    public void Single_precision_that_cannot_tell_neighbours_apart_is_not_believed()
    {
        using var scope = NewDisposeScope();
        var rows = Clouds.Mixture(600, 12, 5, 0);

        // Tight clumps, so far from the origin that their distances are lost in float32.
        rows.mul_(1e-3).add_(Clouds.Mixture(5, 12, 1, 0).mul_(100).index_select(0, arange(600) % 5));
        rows.sub_(rows.mean([0], keepdim: true));
        var found = DeviceNeighbours.Search(rows, 20, Small, ScalarType.Float32);
        var expected = NeighbourSearch.Search(new DistanceBlocks(rows), 20, TestContext.Current.CancellationToken);
        var nearest = AllSquared(rows).sort(1);
        Assert.Equal(nearest.Indices.narrow(1, 0, 20).contiguous().data<long>().ToArray(), found.Indices.data<long>().ToArray());
        Assert.Equal(expected.Indices.Order(), found.Indices.data<long>().ToArray().Select(index => (int)index).Order());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Among_equal_distances_as_many_are_taken(ScalarType first)
    {
        using var scope = NewDisposeScope();
        var rows = Clouds.Lattice(400, 4);
        var found = DeviceNeighbours.Search(rows, 30, Small, first);
        var all = AllSquared(rows);
        Assert.True(found.Squared.eq(all.sort(1).Values.narrow(1, 0, 30)).all().item<bool>());
        Assert.True(all.gather(1, found.Indices).eq(found.Squared).all().item<bool>());

        // Each neighbour once, and equal ones in the order of their index.
        var (indices, squared) = (found.Indices, found.Squared);
        var isInOrder = squared.narrow(1, 1, 29).gt(squared.narrow(1, 0, 29)).logical_or(indices.narrow(1, 1, 29).gt(indices.narrow(1, 0, 29)));
        Assert.True(isInOrder.all().item<bool>());
    }

    [Theory]
    [InlineData(1e-25)]
    [InlineData(1e25)]
    public void Features_beyond_the_range_of_single_precision_have_the_same_neighbours(double scale)
    {
        using var scope = NewDisposeScope();
        var rows = Clouds.Mixture(200, 6, 3, 5);
        Assert.Equal(
            DeviceNeighbours.Search(rows, 9, Small, ScalarType.Float32).Indices.data<long>().ToArray(),
            DeviceNeighbours.Search(rows * scale, 9, Small, ScalarType.Float32).Indices.data<long>().ToArray());
    }

    [Fact]
    public void Where_TF32_is_allowed_single_precision_is_not_asked()
    {
        var before = backends.cuda.matmul.allow_tf32;
        try
        {
            backends.cuda.matmul.allow_tf32 = true;
            Assert.Equal(ScalarType.Float64, DeviceDistances.TypeFor(1_000_000));
        }
        finally
        {
            backends.cuda.matmul.allow_tf32 = before;
        }

        Assert.Equal(ScalarType.Float64, DeviceDistances.TypeFor(19_999));
        Assert.Equal(ScalarType.Float32, DeviceDistances.TypeFor(20_000));
    }

    private static Tensor AllSquared(Tensor rows)
    {
        var squared = (rows.unsqueeze(1) - rows.unsqueeze(0)).square().sum(2);
        squared.diagonal().fill_(double.PositiveInfinity);
        return squared;
    }
}
