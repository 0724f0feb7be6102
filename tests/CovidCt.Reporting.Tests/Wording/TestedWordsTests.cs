using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class TestedWordsTests
{
    private static readonly TestedModel One = new("resnet18", 1, 200, true, 0.9, true);

    [Theory]
    [InlineData(null, null, "On which images the network was trained, its file doesn’t say. Whether it was trained on images that are judged here is unknown")]
    [InlineData("COVID19-CT", 0, "The network was trained on COVID19-CT; the folder of that study says how. None of the images has the path and the class")]
    [InlineData("COVID19-CT", 50, "25.0 % (50 of 200) of the images have the path and the class of one that the network was trained on")]
    public void What_it_was_trained_on_is_said_as_far_as_it_is_known(string? data, int? images, string words) =>
        Assert.Contains(words, new TestedWords(One with { TrainedOn = data, TrainedImages = images }).Unknown, StringComparison.Ordinal);

    [Fact]
    public void Several_networks_are_said_to_answer_as_one()
    {
        Assert.Null(new TestedWords(One).Networks);
        Assert.Equal("It is five networks that answer as one: the mean of their probabilities.", new TestedWords(One with { Networks = 5 }).Networks);
        Assert.Equal(("a single network", "five networks that answer as one"), (new TestedWords(One).ModelKind, new TestedWords(One with { Networks = 5 }).ModelKind));
    }

    [Fact]
    public void What_came_with_the_network_is_said()
    {
        Assert.StartsWith("The calibration came with the network", new TestedWords(One).Calibration, StringComparison.Ordinal);
        Assert.StartsWith("No calibration", new TestedWords(One with { IsCalibrated = false }).Calibration, StringComparison.Ordinal);
        Assert.StartsWith("The sets came with the network", new TestedWords(One).Sets, StringComparison.Ordinal);
        Assert.StartsWith("No sets", new TestedWords(One with { SetLevel = null }).Sets, StringComparison.Ordinal);
    }

    [Fact]
    public void Unlike_images_are_counted_with_their_errors()
    {
        Assert.StartsWith("No image is unlike", TestedWords.Unlike(0, 200, 0), StringComparison.Ordinal);
        Assert.StartsWith("5.0 % (10 of 200) of the images are unlike", TestedWords.Unlike(10, 200, 4), StringComparison.Ordinal);
        Assert.EndsWith("4 of 10 are misclassified.", TestedWords.Unlike(10, 200, 4), StringComparison.Ordinal);
    }

    [Fact]
    public void Left_out_files_are_counted() =>
        Assert.StartsWith("2 files could not be used", new TestedWords(One with { Rejected = [new("a", "x"), new("b", "y")] }).LeftOut, StringComparison.Ordinal);
}
