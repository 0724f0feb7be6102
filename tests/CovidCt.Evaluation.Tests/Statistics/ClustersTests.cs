using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class ClustersTests
{
    [Fact]
    public void A_patient_is_a_cluster_and_so_is_an_image_without_one()
    {
        var clusters = Clusters.Of([("a", true), (null, false), ("b", false), ("a", true), (null, false)]);
        Assert.Equal([0, 1, 2, 0, 3], clusters.OfRow);
        Assert.Equal(4, clusters.Count);
        Assert.Equal([[0], [1, 2, 3]], clusters.Strata);
    }

    [Fact]
    public void A_patient_of_both_classes_is_of_the_more_frequent_one_and_positive_when_even()
    {
        var clusters = Clusters.Of([("a", true), ("a", false), ("a", false), ("b", true), ("b", false)]);
        Assert.Equal([[1], [0]], clusters.Strata);
    }

    [Fact]
    public void Seeds_are_drawn_among_themselves_and_a_single_one_is_not()
    {
        var clusters = Clusters.Of([("a", true), ("b", false), ("a", true)]);
        Assert.Same(clusters, clusters.WithSeeds(1));
        var seeded = clusters.WithSeeds(3).WithSeeds(2);
        Assert.Equal(7, seeded.Count);
        Assert.Equal([[0], [1], [2, 3, 4], [5, 6]], seeded.Strata);
        Assert.Equal(clusters.OfRow, seeded.OfRow);
    }

    [Fact]
    public void No_images_make_no_clusters()
    {
        var clusters = Clusters.Of([]);
        Assert.Equal(0, clusters.Count);
        Assert.Empty(clusters.Strata);
    }
}
