using CovidCt.Imaging;
using CovidCt.Networks;
using CovidCt.Recipes;

namespace CovidCt.Evaluation.Tests.Recipes;

public class StudyOptionsTests
{
    private static readonly BackboneSpec ResNet = BackboneSpec.Find("resnet18")!;

    [Fact]
    public void The_input_is_the_canvas_of_the_paper() => Assert.Equal(new ImageSize(349, 253), new StudyOptions().InputOf(ResNet));

    [Fact]
    public void A_stretched_input_is_the_published_square() =>
        Assert.Equal(new ImageSize(224, 224), new StudyOptions { Canvas = { Fit = CanvasFit.Stretch } }.InputOf(ResNet));

    [Fact]
    public void A_size_of_ones_own_goes_before_both() =>
        Assert.Equal(new ImageSize(64, 48), new StudyOptions { InputSize = new(64, 48), Canvas = { Fit = CanvasFit.Stretch } }.InputOf(ResNet));

    [Fact]
    public void The_defaults_are_the_recipe_of_the_paper()
    {
        var options = new StudyOptions { Networks = ["resnet18"] };
        options.ThrowIfInvalid();

        Assert.Equal((5, 100, 32, 3e-4), (options.Folds, options.Training.Epochs, options.Training.BatchSize, options.Training.Lamb.LearningRate));
        Assert.Equal((NetworkPart.All, CanvasFit.KeepAspect), (options.Training.Train, options.Canvas.Fit));
    }

    [Theory]
    [InlineData(nameof(StudyOptions.Networks))]
    [InlineData(nameof(StudyOptions.Folds))]
    [InlineData(nameof(StudyOptions.Seed))]
    [InlineData(nameof(StudyOptions.Seeds))]
    [InlineData(nameof(StudyOptions.Repetition))]
    [InlineData(nameof(StudyOptions.MaxImages))]
    [InlineData(nameof(StudyOptions.Training))]
    [InlineData(nameof(TrainingOptions.Epochs))]
    [InlineData(nameof(TrainingOptions.BatchSize))]
    [InlineData(nameof(TrainingOptions.Threads))]
    [InlineData(nameof(LambOptions.Beta2))]
    [InlineData(nameof(AugmentationOptions.CropFraction))]
    [InlineData(nameof(CanvasOptions.Placement))]
    public void Whatever_is_out_of_its_range_is_named(string name)
    {
        var options = new StudyOptions { Networks = ["resnet18"] };
        Action spoil = name switch
        {
            nameof(StudyOptions.Networks) => () => options.Networks = [],
            nameof(StudyOptions.Folds) => () => options.Folds = 1,
            nameof(StudyOptions.Seed) => () => options.Seed = -1,
            nameof(StudyOptions.Seeds) => () => options.Seeds = 0,
            nameof(StudyOptions.Repetition) => () => options.Repetition = 100,
            nameof(StudyOptions.MaxImages) => () => options.MaxImages = 1,
            nameof(StudyOptions.Training) => () => options.Training = null!,
            nameof(TrainingOptions.Epochs) => () => options.Training.Epochs = 0,
            nameof(TrainingOptions.BatchSize) => () => options.Training.BatchSize = 0,
            nameof(TrainingOptions.Threads) => () => options.Training.Threads = 0,
            nameof(LambOptions.Beta2) => () => options.Training.Lamb.Beta2 = double.NaN,
            nameof(AugmentationOptions.CropFraction) => () => options.Training.Augmentation.CropFraction = 0.9,
            _ => () => options.Canvas.Placement = (CanvasPlacement)7,
        };
        spoil();

        Assert.Contains(name, Assert.Throws<ArgumentException>(options.ThrowIfInvalid).Message, StringComparison.Ordinal);
    }
}
