using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CovidCt.Recipes;

namespace CovidCt.Evaluation.Tests.Recipes;

public class LambOptionsTests
{
    [Fact]
    public void The_defaults_are_those_of_the_authors() => Assert.Equal(Text(LambOptions.Authors), Text(new LambOptions()));

    [Fact]
    public void Presets_are_found_by_name_and_are_all_valid_and_different()
    {
        Assert.Equal(Text(LambOptions.Apex), Text(LambOptions.ByName("APEX")));
        foreach (var options in LambOptions.Names.Select(LambOptions.ByName))
        {
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            Assert.Equal(3e-4, options.LearningRate);
        }

        Assert.Equal(LambOptions.Names.Count, LambOptions.Names.Select(name => Text(LambOptions.ByName(name))).Distinct().Count());
    }

    [Fact]
    public void Changing_a_preset_changes_no_other_copy_of_it()
    {
        LambOptions.Paper.WeightDecay = 0.5;
        Assert.Equal(0.01, LambOptions.Paper.WeightDecay);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_those_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => LambOptions.ByName("adam"));
        Assert.Contains("'adam'", error.Message, StringComparison.Ordinal);
        Assert.Contains("authors, paper, apex, deepspeed", error.Message, StringComparison.Ordinal);
    }

    private static string Text(LambOptions options) => JsonSerializer.Serialize(options);
}
