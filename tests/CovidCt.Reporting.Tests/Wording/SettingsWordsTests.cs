using System.Text.Json.Nodes;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class SettingsWordsTests
{
    [Fact]
    public void Every_setting_that_a_study_writes_has_its_row()
    {
        var configuration = Chosen();

        var settings = SettingsWords.All(configuration);

        Assert.Equal(Leaves(configuration.ToNode()["study"]), settings.Count);
        Assert.Equal(settings.Count, settings.Distinct().Count());
    }

    [Fact]
    public void What_nobody_chose_and_changes_nothing_is_left_out()
    {
        var configuration = new StudyConfiguration(new StudyOptions { Networks = ["resnet18"] }, new()) { Dataset = "COVID" };
        configuration.Options.Training.Precision = ComputePrecision.Float32;

        var settings = SettingsWords.All(configuration);

        Assert.Equal(Leaves(configuration.ToNode()["study"]), settings.Count);
        Assert.DoesNotContain(settings, setting => setting.Name is "Control" or "Repetition" or "Deterministic" or "Precision");
        Assert.Contains(new Setting("Study", "Input size", "not set"), settings);
        Assert.Contains(new Setting("Study", "Dataset", "COVID"), settings);
    }

    [Theory]
    [InlineData("Study", "Folds by", "patient")]
    [InlineData("Study", "Control", "Random labels")]
    [InlineData("Study", "Classes", "sick, well")]
    [InlineData("Study", "Positive class", "sick")]
    [InlineData("Study", "Significant bits of 16-bit images", "12")]
    [InlineData("Study", "Positive class of the test data", "ill")]
    [InlineData("Study", "Repetition", "2")]
    [InlineData("Canvas", "Fit", "Keep aspect")]
    [InlineData("Canvas", "Fill", "1, 2, 3")]
    [InlineData("Input size", "Height", "54")]
    [InlineData("Training", "Micro batch size", "not set")]
    [InlineData("Training", "Precision", "bfloat16")]
    [InlineData("LAMB", "ε", "0.000001")]
    [InlineData("LAMB", "Bias correction", "no")]
    [InlineData("Augmentation", "Crop fraction", "0.05")]
    public void A_setting_is_worded_for_people(string part, string name, string value) =>
        Assert.Contains(new Setting(part, name, value), SettingsWords.All(Chosen()));

    [Theory]
    [InlineData("Coverage min", "0.8")]
    [InlineData("Random placement", "yes")]
    [InlineData("Whole blur sigma", "yes")]
    public void The_authors_size_place_and_blur_have_their_rows(string name, string value)
    {
        var configuration = Chosen();
        configuration.Options.Training.Augmentation = AugmentationOptions.Authors;

        var settings = SettingsWords.All(configuration);

        Assert.Contains(new Setting("Augmentation", name, value), settings);
        Assert.Equal(Leaves(configuration.ToNode()["study"]), settings.Count);
        Assert.DoesNotContain(SettingsWords.All(Chosen()), setting => setting.Name == name);
    }

    private static StudyConfiguration Chosen() => new(
        new StudyOptions
        {
            Networks = ["resnet18", "vgg16"],
            GroupBy = GroupBy.Patient,
            Control = ControlKind.RandomLabels,
            Repetition = 2,
            InputSize = new(72, 54),
            Canvas = new() { Fill = (1, 2, 3) },
            Training = new() { Precision = ComputePrecision.BFloat16, Deterministic = true },
        },
        new())
    { Dataset = "phantom", Folds = 5, Classes = ["sick", "well"], Positive = "sick", TestPositive = "ill", SampleBits = 12 };

    private static int Leaves(JsonNode? node) => node is JsonObject group ? group.Sum(member => Leaves(member.Value)) : 1;
}
