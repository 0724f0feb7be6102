using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class RecipeWordsTests
{
    [Fact]
    public void A_recipe_is_a_phrase() => Assert.Equal(
        "6 epochs; batches of 8; LAMB at an initial rate of 0.01; all weights trained; seed 7",
        RecipeWords.Phrase(new() { Epochs = 6, BatchSize = 8, Lamb = new() { LearningRate = 0.01 }, Precision = ComputePrecision.Float32 }, 7));

    [Fact]
    public void Mixed_precision_and_a_head_alone_are_named() => Assert.Equal(
        "100 epochs; batches of 32; LAMB at an initial rate of 0.0003; mixed precision with bfloat16; the head alone trained; seed 0",
        RecipeWords.Phrase(new() { Precision = ComputePrecision.BFloat16, Train = NetworkPart.Head }, 0));

    [Fact]
    public void Images_at_random_places_are_named() => Assert.Equal(
        "100 epochs; batches of 32; LAMB at an initial rate of 0.0003; all weights trained; "
            + "training images at random sizes from 80.0 % of the canvas’s area, at random places; seed 0",
        RecipeWords.Phrase(new() { Precision = ComputePrecision.Float32, Augmentation = AugmentationOptions.Authors }, 0));

    [Theory]
    [InlineData(null, false, null)]
    [InlineData(null, true, "training images at random places")]
    [InlineData(0.5, false, "training images at random sizes from 50.0 % of the canvas’s area")]
    public void A_placement_is_named_by_what_is_random(double? coverage, bool anywhere, string? expected) =>
        Assert.Equal(expected, RecipeWords.Placement(new() { CoverageMin = coverage, RandomPlacement = anywhere }));

    [Fact]
    public void Images_that_look_published_in_other_ways_are_named() => Assert.Equal(
        "100 epochs; batches of 32; LAMB at an initial rate of 0.0003; all weights trained; training images changed at random: "
            + "50.0 % sampled down to sides of 25.0 % at least, and up again, gray values raised to a power from 1/2 to 2, "
            + "30.0 % compressed as JPEG of qualities 30 to 95; seed 0",
        RecipeWords.Phrase(
            new() { Precision = ComputePrecision.Float32, Augmentation = new() { Gamma = 1, ResolutionMin = 0.25, JpegProbability = 0.3 } }, 0));

    [Fact]
    public void Each_way_of_publication_is_named_by_itself()
    {
        Assert.Null(RecipeWords.Rendition(AugmentationOptions.Authors));
        Assert.Null(RecipeWords.Rendition(new() { ResolutionMin = 0.5, ResolutionProbability = 0 }));
        Assert.Equal(
            "training images changed at random: gray values raised to a power from 1/1.23 to 1.23", RecipeWords.Rendition(new() { Gamma = 0.3 }));
        Assert.Equal(
            "training images changed at random: 100.0 % compressed as JPEG of quality 60",
            RecipeWords.Rendition(new() { JpegProbability = 1, JpegQualityMin = 60, JpegQualityMax = 60 }));
        Assert.EndsWith(
            ", contrast 0.15, gamma 0.3, resolution min 0.5, resolution probability 0.5, jpeg probability 0.2, jpeg quality min 30, jpeg quality max 95",
            RecipeWords.Augmentation(new() { Gamma = 0.3, ResolutionMin = 0.5, JpegProbability = 0.2 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_schedule_names_each_step_that_comes_to_pass()
    {
        Assert.Equal("The learning rate stayed as it began.", RecipeWords.Schedule(1));
        Assert.StartsWith("Of 6 epochs, the learning rate was lowered to a share of its initial value: 30 % after epoch 3, ", RecipeWords.Schedule(6), StringComparison.Ordinal);
    }

    [Fact]
    public void An_augmentation_is_its_settings() => Assert.StartsWith(
        "crop fraction 0.05, flip probability 0.5, ", RecipeWords.Augmentation(new()), StringComparison.Ordinal);

    [Theory]
    [InlineData(CanvasFit.Stretch, "stretched")]
    [InlineData(CanvasFit.KeepAspect, "aspect ratio kept")]
    public void The_preparation_of_an_image_depends_on_its_fit(CanvasFit fit, string words) =>
        Assert.Contains(words, RecipeWords.Preprocessing(fit), StringComparison.Ordinal);
}
