using CovidCt.Records;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class TestDistanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_is_told_by_the_test_images_of_the_other_folds()
    {
        // 99 others: the threshold is the 99th of them, their largest.
        var others = Fold("other", Enumerable.Range(1, 99).Select(i => 0.001 * i));

        var unlike = TestDistance.Unlike([Fold("own", [0.05, 0.0991, 0.7]), others]);

        Assert.Equal([("own 2", 0, 0.7, 0.099), ("own 1", 0, 0.0991, 0.099)], unlike);
    }

    [Fact]
    public void Too_few_other_images_tell_nothing()
    {
        Assert.Equal(99, TestDistance.FewestImages());
        Assert.Empty(TestDistance.Unlike([Fold("own", [2]), Fold("other", Enumerable.Repeat(0.1, 98))]));
        Assert.Empty(TestDistance.Unlike([Fold("own", Enumerable.Range(0, 500).Select(i => 0.001 * i))]));
    }

    [Fact]
    public void Of_images_that_differ_in_nothing_one_in_a_hundred_is_told()
    {
        var random = new Random(5);
        var told = Enumerable.Range(0, 200).Sum(_ => TestDistance.Unlike(
            [.. Enumerable.Range(0, 5).Select(fold => Fold($"{fold}", Enumerable.Range(0, 60).Select(_ => random.NextDouble())))]).Count);

        // 60,000 images: four standard deviations of a binomial, and the ceiling's 238 of 240.
        Assert.InRange(told / 60000.0, 0.0075, 0.0117);
    }

    [Fact]
    public void What_was_written_is_read_back() => Gen.Double[0, 2].Array.Sample(distances =>
    {
        TestDistance.Write(_folder["distances.csv"], Enumerable.Reverse(Fold("a,\"b", distances)));

        var read = TestDistance.Read(_folder["distances.csv"]);

        Assert.Equal(Fold("a,\"b", distances).OrderBy(image => image.Path, StringComparer.Ordinal), read);
    }, iter: 50, threads: 1);

    [Theory]
    [InlineData("-0.1")]
    [InlineData("NaN")]
    [InlineData("far")]
    public void A_damaged_file_is_named(string distance)
    {
        File.WriteAllText(_folder["distances.csv"], $"path,distance\na,0.5\nb,{distance}\n");

        Assert.Equal(
            $"{_folder["distances.csv"]}, line 3: the distance '{distance}' is no number from 0 to 2.",
            Assert.Throws<InvalidDataException>(() => TestDistance.Read(_folder["distances.csv"])).Message);
    }

    private static List<TestDistance> Fold(string name, IEnumerable<double> distances) => [.. distances.Select((distance, i) => new TestDistance($"{name} {i}", distance))];
}
