namespace CovidCt.Evaluation.Tests.Evaluation;

public sealed class DecisionThresholdTests
{
    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.4999999, false)]
    [InlineData(1, true)]
    public void One_half_is_positive(double probability, bool isPositive) =>
        Assert.Equal(isPositive, DecisionThreshold.IsPositive(probability));

    [Theory]
    [InlineData("COVID", 0.5, false)]
    [InlineData("COVID", 0.2, true)]
    [InlineData("other", 0.5, true)]
    public void An_answer_is_wrong_where_it_is_the_other_class(string label, double probability, bool isWrong) =>
        Assert.Equal(isWrong, new Prediction("a.png", label, null, "resnet18", 0, probability).IsWrong("COVID"));
}
