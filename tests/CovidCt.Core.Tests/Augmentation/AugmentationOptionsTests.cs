using System.ComponentModel.DataAnnotations;
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
    };

    [Fact]
    public void Defaults_hold_what_the_paper_fixes()
    {
        var options = new AugmentationOptions();
        Assert.Equal(0.05, options.CropFraction);
        Assert.Equal(0.25, options.BlurProbability);
    }

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_value_out_of_its_range_is_refused_by_name(string option, double value)
    {
        var options = new AugmentationOptions();
        typeof(AugmentationOptions).GetProperty(option)!.SetValue(options, value);
        var error = Assert.Throws<ValidationException>(() => new Augmenter(options, Networks.ChannelNormalisation.ImageNet, (0, 0, 0)));
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }
}
