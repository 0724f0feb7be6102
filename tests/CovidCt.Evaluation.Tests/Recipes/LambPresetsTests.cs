using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CovidCt.Recipes;

namespace CovidCt.Evaluation.Tests.Recipes;

public class LambPresetsTests
{
    [Fact]
    public void The_defaults_are_those_of_the_authors() => Assert.Equal(Text(LambPresets.Authors), Text(new LambOptions()));

    [Fact]
    public void Presets_are_found_by_name_and_are_all_valid_and_different()
    {
        Assert.Equal(Text(LambPresets.Apex), Text(LambPresets.ByName("APEX")));
        foreach (var options in LambPresets.Names.Select(LambPresets.ByName))
        {
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            Assert.Equal(3e-4, options.LearningRate);
        }

        Assert.Equal(LambPresets.Names.Count, LambPresets.Names.Select(name => Text(LambPresets.ByName(name))).Distinct().Count());
    }

    [Fact]
    public void Changing_a_preset_changes_no_other_copy_of_it()
    {
        LambPresets.Paper.WeightDecay = 0.5;
        Assert.Equal(0.01, LambPresets.Paper.WeightDecay);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_those_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => LambPresets.ByName("adam"));
        Assert.Contains("'adam'", error.Message, StringComparison.Ordinal);
        Assert.Contains("authors, paper, apex, deepspeed", error.Message, StringComparison.Ordinal);
    }

    private static string Text(LambOptions options) => JsonSerializer.Serialize(options);
}
