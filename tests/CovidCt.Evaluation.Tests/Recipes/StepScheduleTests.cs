using CovidCt.Recipes;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Recipes;

public class StepScheduleTests
{
    [Fact]
    public void A_hundred_epochs_have_the_steps_of_the_authors()
    {
        var schedule = StepSchedule.ForEpochs(100);
        (int, double)[] expected = [(50, 0.3), (75, 0.1), (80, 0.03), (85, 0.01), (90, 0.003), (95, 0.001)];
        Assert.Equal(expected, schedule.Milestones);
        Assert.Equal(1, schedule.Factor(0));
        Assert.Equal(1, schedule.Factor(49));
        Assert.Equal(0.3, schedule.Factor(50));
        Assert.Equal(0.3, schedule.Factor(74));
        Assert.Equal(0.1, schedule.Factor(75));
        Assert.Equal(0.003, schedule.Factor(94));
        Assert.Equal(0.001, schedule.Factor(95));
        Assert.Equal(0.001, schedule.Factor(1000));
    }

    [Theory]
    [InlineData(1, new[] { 1.0 })]
    [InlineData(2, new[] { 1, 0.3 })]
    [InlineData(3, new[] { 1, 1, 0.3 })]
    [InlineData(4, new[] { 1, 1, 0.3, 0.1 })]
    [InlineData(5, new[] { 1, 1, 1, 0.3, 0.03 })]
    [InlineData(10, new[] { 1, 1, 1, 1, 1, 0.3, 0.3, 0.3, 0.03, 0.003 })]
    [InlineData(20, new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.3, 0.3, 0.3, 0.3, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001 })]
    public void Few_epochs_have_the_same_steps_in_less_time(int epochs, double[] factors) =>
        Assert.Equal(factors, Enumerable.Range(0, epochs).Select(StepSchedule.ForEpochs(epochs).Factor));

    [Fact]
    public void The_factor_depends_only_on_how_much_of_the_training_is_done() =>
        Gen.Select(Gen.Int[1, 2_000], Gen.Double[0, 1]).Sample((epochs, share) =>
        {
            var epoch = Math.Min((int)(share * epochs), epochs - 1);
            var done = (decimal)epoch / epochs;
            var expected = done switch
            {
                < 0.50m => 1,
                < 0.75m => 0.3,
                < 0.80m => 0.1,
                < 0.85m => 0.03,
                < 0.90m => 0.01,
                < 0.95m => 0.003,
                _ => 0.001,
            };
            Assert.Equal(expected, StepSchedule.ForEpochs(epochs).Factor(epoch));
        });

    [Fact]
    public void The_most_epochs_there_can_be_do_not_overflow()
    {
        var schedule = StepSchedule.ForEpochs(int.MaxValue);
        Assert.Equal(1, schedule.Factor(0));
        Assert.Equal(0.001, schedule.Factor(int.MaxValue));
    }

    [Fact]
    public void Milestones_of_ones_own_are_taken_as_they_are()
    {
        var schedule = new StepSchedule([new(0, 0.1), new(3, 1), new(3, 2), new(7, 0)]);
        Assert.Equal([0.1, 0.1, 0.1, 2, 2, 2, 2, 0], Enumerable.Range(0, 8).Select(schedule.Factor));
        Assert.Equal(1, new StepSchedule([]).Factor(12));
    }

    [Fact]
    public void Impossible_schedules_are_refused_with_what_is_wrong()
    {
        Assert.Contains("must not fall", Assert.Throws<ArgumentException>(() => new StepSchedule([new(5, 1), new(4, 1)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new StepSchedule([new(-1, 1)]));
        Assert.Contains("-0.5", Assert.Throws<ArgumentException>(() => new StepSchedule([new(5, -0.5)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new StepSchedule([new(5, double.NaN)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => StepSchedule.ForEpochs(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StepSchedule.ForEpochs(3).Factor(-1));
    }
}
