using CovidCt.Audit;

namespace CovidCt.Evaluation.Tests.Audit;

public class RandomForestTests
{
    private static readonly ProbeFeature Any = new("any", "any");

    [Fact]
    public void It_learns_what_two_features_say_together()
    {
        var random = new CounterRandom(5);
        var (x, y, labels) = (new double[400], new double[400], new int[400]);
        for (var row = 0; row < 400; row++)
        {
            (x[row], y[row]) = (random.NextUniform(), random.NextUniform());
            labels[row] = x[row] > 0.5 != y[row] > 0.3 ? 1 : 0;
        }

        var table = new FeatureTable();
        table.Add(Any, x);
        table.Add(Any, y);

        Assert.InRange(Accuracy(table, labels, 300), 0.93, 1);
    }

    [Fact]
    public void It_learns_words_and_several_classes()
    {
        var labels = Enumerable.Range(0, 90).Select(row => row % 3).ToArray();
        var table = new FeatureTable();
        table.Add(Any, labels.Select(label => ((string[])["PNG", "JPEG", "GIF"])[label]).ToArray());

        Assert.Equal(1, Accuracy(table, labels, 60));
    }

    [Fact]
    public void Noise_teaches_it_nothing()
    {
        var random = new CounterRandom(8);
        var labels = Enumerable.Range(0, 1000).Select(_ => random.NextBelow(2)).ToArray();
        var table = new FeatureTable();
        for (var feature = 0; feature < 6; feature++)
        {
            table.Add(Any, labels.Select(_ => random.NextUniform()).ToArray());
        }

        Assert.InRange(Accuracy(table, labels, 500), 0.43, 0.57);
    }

    [Fact]
    public void A_rare_class_weighs_as_much_as_a_common_one()
    {
        var labels = Enumerable.Range(0, 400).Select(row => row % 20 == 0 ? 1 : 0).ToArray();
        var table = new FeatureTable();
        table.Add(Any, labels.Select((label, row) => label == 1 ? 1.0 : row % 4 == 0 ? 1.0 : 0.0).ToArray());
        var forest = new RandomForest(table, [0], labels, 2, [.. Enumerable.Range(0, 400)], 20, 1, TestContext.Current.CancellationToken);

        // Of those with a 1 one in five is of the rare class: more likely once classes weigh the same.
        Assert.True(forest.Predict(0)[1] > 0.5);
        Assert.Equal(1, forest.Predict(0).Sum(), 1e-12);
    }

    [Fact]
    public void Equal_keys_give_equal_forests_and_other_keys_others()
    {
        var random = new CounterRandom(8);
        var labels = Enumerable.Range(0, 100).Select(_ => random.NextBelow(2)).ToArray();
        var table = new FeatureTable();
        table.Add(Any, labels.Select(_ => random.NextUniform()).ToArray());

        Assert.Equal(Predictions(1), Predictions(1));
        Assert.NotEqual(Predictions(1), Predictions(2));

        double[] Predictions(long key)
        {
            var forest = new RandomForest(table, [0], labels, 2, [.. Enumerable.Range(0, 50)], 10, key, TestContext.Current.CancellationToken);
            return [.. Enumerable.Range(50, 50).Select(row => forest.Predict(row)[0])];
        }
    }

    private static double Accuracy(FeatureTable table, int[] labels, int train)
    {
        var columns = table.Features.SelectMany(feature => feature.Columns).ToArray();
        var forest = new RandomForest(
            table, columns, labels, labels.Max() + 1, [.. Enumerable.Range(0, train)], 60, 3, TestContext.Current.CancellationToken);
        return Enumerable.Range(train, labels.Length - train).Average(row =>
            forest.Predict(row) is var shares && Array.IndexOf(shares, shares.Max()) == labels[row] ? 1.0 : 0.0);
    }
}
