using CovidCt.Embedding;
using CsCheck;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding;

public class NearestTests
{
    [Fact]
    public void The_least_values_are_selected_in_order_and_equal_ones_by_index() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 30].Select(value => value / 8f).Array[42, 900], Gen.Int[-1, 41]).Sample((count, row, skip) =>
            Assert.Equal(
                Enumerable.Range(0, row.Length).Where(i => i != skip).OrderBy(i => row[i]).ThenBy(i => i).Take(count),
                new Nearest<float>(count).Select(row, skip).ToArray()));

    [Fact]
    public void Search_in_single_precision_finds_the_neighbours_of_double_precision()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var reference = randn([20_500, 12], ScalarType.Float64, generator: generator);
        var rows = reference.narrow(0, 0, 300) + 0.01;
        var token = TestContext.Current.CancellationToken;
        var found = NeighbourSearch.Search(new DistanceBlocks(reference, rows), 30, token);
        var (squared, indices) = cdist(rows.to(ScalarType.Float32).to(ScalarType.Float64), reference.to(ScalarType.Float32).to(ScalarType.Float64)).square().topk(30, largest: false);
        Assert.Equal(indices.data<long>().ToArray(), found.Indices.Select(index => (long)index));
        Assert.Equal(0, found.Squared.Zip(squared.data<double>().ToArray(), (a, b) => Math.Abs(a - b)).Max(), 1e-9);
    }
}
