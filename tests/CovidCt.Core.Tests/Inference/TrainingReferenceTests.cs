using CovidCt.Inference;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Inference;

public sealed class TrainingReferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    private string SavedFile => _folder[RunLayout.ReferenceName];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_distance_is_that_to_the_kth_nearest_direction_whatever_the_lengths()
    {
        // Directions at 0°, 60° and 90°: chords of 2 sin(angle / 2) between them.
        var training = tensor(new[,] { { 2.0, 0 }, { 0.5, Math.Sqrt(0.75) }, { 0, 7 } });
        using var nearest = TrainingReference.Of(training, training, new() { Neighbours = 1 });
        using var second = TrainingReference.Of(training, training, new() { Neighbours = 2 });
        using var last = TrainingReference.Of(training, training, new() { Neighbours = 50 });
        var inputs = tensor(new[,] { { 5.0, 0 }, { 0, 0.1 }, { -3, 0 } });

        Assert.Equal([0, 0, Math.Sqrt(2)], nearest.Measure(inputs).Select(one => one.Distance), Near);
        Assert.Equal([1, 2 * Math.Sin(Math.PI / 12), 2 * Math.Sin(Math.PI / 3)], second.Measure(inputs).Select(one => one.Distance), Near);
        Assert.Equal([Math.Sqrt(2), Math.Sqrt(2), 2], last.Measure(inputs).Select(one => one.Distance), Near);
        Assert.Equal(3, last.Facts.Neighbours);
    }

    [Theory]
    [InlineData(199, 0.99, 198)]
    [InlineData(99, 0.99, 99)]
    [InlineData(20, 0.99, 20)]
    [InlineData(99, 0.9, 90)]
    [InlineData(1, 0.5, 1)]
    public void The_threshold_leaves_out_no_more_test_images_than_it_says(int images, double quantile, int place)
    {
        var angles = Enumerable.Range(1, images).Select(i => 0.01 * i).ToArray();
        var test = tensor(angles.SelectMany(angle => new[] { Math.Cos(angle), Math.Sin(angle) }).ToArray(), [images, 2]);
        using var reference = TrainingReference.Of(tensor(new[,] { { 1.0, 0 } }), test, new() { Quantile = quantile });

        Assert.Equal(2 * Math.Sin(angles[place - 1] / 2), reference.Facts.Threshold, 2e-4);
        Assert.Equal(images - place, reference.Measure(test).Count(one => one.IsUnlike));
        Assert.Equal((1, images, quantile), (reference.Facts.TrainingImages, reference.Facts.TestImages, reference.Facts.Quantile));
    }

    [Fact]
    public void Too_many_rows_are_sampled_the_same_each_time()
    {
        var training = rand([500, 3]);
        var test = rand([10, 3]);
        using var one = TrainingReference.Of(training, test, new() { MostRows = 40 });
        using var other = TrainingReference.Of(training, test, new() { MostRows = 40 });

        Assert.Equal([40, 3], one.Features.shape);
        Assert.Equal(500, one.Facts.TrainingImages);
        Assert.Equal(one.Features.bytes.ToArray(), other.Features.bytes.ToArray());
    }

    [Fact]
    public void It_comes_back_as_it_was_saved()
    {
        using var saved = TrainingReference.Of(rand([30, 8]), rand([20, 8]));
        saved.Save(SavedFile);
        using var loaded = TrainingReference.Load(SavedFile);

        Assert.Equal(saved.Facts, loaded.Facts);
        Assert.Equal(saved.Features.bytes.ToArray(), loaded.Features.bytes.ToArray());
    }

    [Fact]
    public void A_network_that_is_silent_on_an_image_makes_no_NaN()
    {
        using var reference = TrainingReference.Of(zeros([4, 3]), zeros([4, 3]));

        Assert.Equal(0, reference.Measure(zeros([1, 3]))[0].Distance);
        Assert.Equal((1, true), (reference.Measure(ones([1, 3]))[0].Distance, reference.Measure(ones([1, 3]))[0].IsUnlike), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-6 && a.Item2 == b.Item2);
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        Assert.Throws<ArgumentException>(() => TrainingReference.Of(rand([0, 3]), rand([2, 3])));
        Assert.Throws<ArgumentException>(() => TrainingReference.Of(rand([2, 3]), rand([0, 3])));
        Assert.Throws<ArgumentException>(() => TrainingReference.Of(rand([2, 3]), rand([2, 4])));
        Assert.Contains("Row 1", Assert.Throws<ArgumentException>(() => TrainingReference.Of(tensor(new[,] { { 1.0 }, { double.NaN } }), rand([2, 1]))).Message, StringComparison.Ordinal);
        Assert.Contains("Neighbours", Assert.Throws<ArgumentException>(() => TrainingReference.Of(rand([2, 3]), rand([2, 3]), new() { Neighbours = 0 })).Message, StringComparison.Ordinal);
        using var reference = TrainingReference.Of(rand([2, 3]), rand([2, 3]));
        Assert.Contains("width 3", Assert.Throws<ArgumentException>(() => reference.Measure(rand([1, 4]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("format", "covidct-reference-9")]
    [InlineData("facts", null)]
    [InlineData("facts", "text")]
    [InlineData("facts", "null")]
    [InlineData("facts", """{"neighbours":0,"threshold":1}""")]
    [InlineData("facts", """{"neighbours":5,"threshold":1}""")]
    public void A_damaged_file_is_named_with_what_to_do(string key, string? value)
    {
        var metadata = new Dictionary<string, string> { ["format"] = "covidct-reference-1", ["facts"] = """{"neighbours":1,"threshold":1}""" };
        TensorFile.Write(SavedFile, [("features", ones([3, 2]))], metadata);
        TrainingReference.Load(SavedFile).Dispose();
        _ = value is null ? metadata.Remove(key) : (metadata[key] = value) is null;
        TensorFile.Write(SavedFile, [("features", ones([3, 2]))], metadata);

        var error = Assert.Throws<WeightsException>(() => TrainingReference.Load(SavedFile)).Message;
        Assert.Contains(SavedFile, error, StringComparison.Ordinal);
        Assert.Contains("Delete it", error, StringComparison.Ordinal);
    }

    private static bool Near(double one, double other) => Math.Abs(one - other) < 1e-6;
}
