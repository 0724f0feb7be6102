using CovidCt.Embedding;

namespace CovidCt.Core.Tests.Embedding;

public class DenseAffinitiesTests
{
    private readonly TsneGolden _golden = TsneGolden.Read();

    /// <summary>Scikit-learn's search stops at an entropy 1e-5 off; ours goes on, and so does SciPy's root finder.</summary>
    [Fact]
    public void Joint_probabilities_equal_scikit_learn_to_its_own_accuracy_and_scipy_to_twelve_digits()
    {
        using var features = _golden.FeatureTensor();
        var affinities = new DenseAffinities(DenseAffinities.Distances(features), _golden.Features.Length, _golden.Perplexity);
        var row = new double[affinities.Count];
        for (var i = 0; i < _golden.Rows.Length; i++)
        {
            affinities.Joint(_golden.Rows[i], row);
            Assert.Equal(0, row.Zip(_golden.ScikitLearn[i], (a, b) => Math.Abs(a - b)).Max(), 1e-8);
            Assert.Equal(0, row.Zip(_golden.Exact[i], (a, b) => Math.Abs(a - b)).Max(), 1e-13);
        }
    }

    [Fact]
    public void Neighbours_joint_probabilities_are_those_of_all_pairs_where_the_neighbours_are_all()
    {
        using var features = _golden.FeatureTensor();
        var count = _golden.Features.Length;
        var dense = new DenseAffinities(DenseAffinities.Distances(features), count, _golden.Perplexity);
        var sparse = SparseAffinities.Joint(
            NeighbourSearch.Search(new DistanceBlocks(features), count - 1, TestContext.Current.CancellationToken), _golden.Perplexity, TestContext.Current.CancellationToken);
        var row = new double[count];
        for (var i = 0; i < count; i++)
        {
            dense.Joint(i, row);
            Assert.Equal(count - 1, sparse.Starts[i + 1] - sparse.Starts[i]);
            for (var e = sparse.Starts[i]; e < sparse.Starts[i + 1]; e++)
            {
                Assert.Equal(row[sparse.Columns[e]], sparse.Values[e], 1e-13);
            }
        }

        Assert.Equal(1, sparse.Values.Sum(), 1e-12);
        var (x, y) = EmbeddingMeasures.Coordinates(_golden.Embedded());
        Assert.Equal(dense.KlDivergence(x, y), sparse.KlDivergence(x, y, TestContext.Current.CancellationToken), 1e-10);
    }
}
