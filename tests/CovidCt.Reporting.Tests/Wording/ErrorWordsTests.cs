using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class ErrorWordsTests
{
    [Theory]
    [InlineData(0, 1, "No finished run misclassified any of its test images.")]
    [InlineData(1, 1, "1 test image was put in the wrong class by the network.")]
    [InlineData(2, 3, "2 test images were put in the wrong class by at least one network.")]
    public void Misclassified_images_are_counted(int images, int networks, string words) =>
        Assert.Equal(words, ErrorWords.Misclassified(images, networks));

    [Fact]
    public void Unlike_images_are_counted_with_their_errors()
    {
        Assert.StartsWith("No test image is unlike its network’s training images", ErrorWords.Unlike(0, 0, 1), StringComparison.Ordinal);
        Assert.Equal(
            "2 test images are unlike the training images of some network: further from the nearest of them than 99 % of the other folds’ "
                + "test images, so that some one in a hundred is expected: not exactly, since images of one patient are alike and each fold has a "
                + "network of its own. 1 of 2 is misclassified.",
            ErrorWords.Unlike(2, 1, 2));
        Assert.Contains("test images of other folds to compare with", ErrorWords.TooFewToTell(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "No other image has a map.")]
    [InlineData(2, "All 2 other images with maps are shown.")]
    [InlineData(3, "2 of 3 other images with maps are shown.")]
    public void Pictures_that_are_left_out_are_counted(int all, string words) => Assert.Equal(words, ErrorWords.Shown(all, 2, "other image"));

    [Theory]
    [InlineData(1, 1, "1 of 9 patients is put in the wrong class. ")]
    [InlineData(2, 2, "2 of 9 patients are put in the wrong class by at least one network. ")]
    public void Patients_are_counted_with_their_errors(int wrong, int networks, string words) =>
        Assert.Contains(words, ErrorWords.Patients(9, wrong, networks, "COVID"), StringComparison.Ordinal);
}
