using System.Text.Json;
using CovidCt.Augmentation;
using CovidCt.Recipes;

namespace CovidCt.Core.Tests.Augmentation;

public class AugmentationOptionsTests
{
    public static TheoryData<string, double> OutOfRange { get; } = new()
    {
        { nameof(AugmentationOptions.CropFraction), 0.5 },
        { nameof(AugmentationOptions.CropFraction), double.NaN },
        { nameof(AugmentationOptions.FlipProbability), 1.01 },
        { nameof(AugmentationOptions.BlurProbability), -0.01 },
        { nameof(AugmentationOptions.BlurSigmaMin), 0 },
        { nameof(AugmentationOptions.BlurSigmaMin), 2 },
        { nameof(AugmentationOptions.BlurSigmaMax), 11 },
        { nameof(AugmentationOptions.NoiseDeviationMax), -1 },
        { nameof(AugmentationOptions.Brightness), 1.5 },
        { nameof(AugmentationOptions.Contrast), double.PositiveInfinity },
        { nameof(AugmentationOptions.CoverageMin), 0.24 },
        { nameof(AugmentationOptions.CoverageMin), 1.01 },
        { nameof(AugmentationOptions.CoverageMin), double.NaN },
        { nameof(AugmentationOptions.Gamma), 1.01 },
        { nameof(AugmentationOptions.ResolutionMin), 0.24 },
        { nameof(AugmentationOptions.ResolutionProbability), -0.1 },
        { nameof(AugmentationOptions.JpegProbability), double.NaN },
    };

    [Fact]
    public void Defaults_hold_what_the_paper_fixes()
    {
        var options = new AugmentationOptions();
        Assert.Equal(0.05, options.CropFraction);
        Assert.Equal(0.25, options.BlurProbability);
    }

    [Fact]
    public void The_authors_differ_from_the_paper_in_size_place_and_blur_alone()
    {
        var authors = AugmentationOptions.Authors;
        Assert.Equal((0.8, true, true, 2.0, 2.0), (authors.CoverageMin, authors.RandomPlacement, authors.WholeBlurSigma, authors.BlurSigmaMin, authors.BlurSigmaMax));
        var paper = new AugmentationOptions();
        (authors.CoverageMin, authors.RandomPlacement, authors.WholeBlurSigma) = (paper.CoverageMin, paper.RandomPlacement, paper.WholeBlurSigma);
        (authors.BlurSigmaMin, authors.BlurSigmaMax) = (paper.BlurSigmaMin, paper.BlurSigmaMax);
        Assert.Equal(JsonSerializer.Serialize(paper), JsonSerializer.Serialize(authors));
    }

    [Fact]
    public void A_whole_blur_needs_a_whole_number()
    {
        var options = new AugmentationOptions { WholeBlurSigma = true, BlurSigmaMin = 1.2, BlurSigmaMax = 1.8 };
        var error = Assert.Throws<ArgumentException>(() => new Augmenter(options, Networks.ChannelNormalisation.ImageNet, (0, 0, 0)));
        Assert.Contains("no whole number from BlurSigmaMin, 1.2, to BlurSigmaMax, 1.8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 95, "JpegQualityMin")]
    [InlineData(30, 101, "JpegQualityMax")]
    [InlineData(60, 59, "JpegQualityMin is 60, above JpegQualityMax, 59: lower the one or raise the other.")]
    public void Qualities_of_JPEG_are_a_range_within_libjpegs(int least, int most, string words)
    {
        var options = new AugmentationOptions { JpegQualityMin = least, JpegQualityMax = most };
        var error = Assert.Throws<ArgumentException>(() => new Augmenter(options, Networks.ChannelNormalisation.ImageNet, (0, 0, 0)));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_value_out_of_its_range_is_refused_by_name(string option, double value)
    {
        var options = new AugmentationOptions();
        typeof(AugmentationOptions).GetProperty(option)!.SetValue(options, value);
        var error = Assert.Throws<ArgumentException>(() => new Augmenter(options, Networks.ChannelNormalisation.ImageNet, (0, 0, 0)));
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }
}
