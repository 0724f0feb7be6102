using CovidCt.Answers;

namespace CovidCt.Evaluation.Tests.Answers;

public sealed class ClassificationTests
{
    private static Classification Whole => new("COVID", 0.75, [0.25, 0.75])
    {
        Positive = "COVID",
        CalibratedProbability = 0.7,
        PredictionSet = ["COVID"],
        TrainingDistance = new(0.5, 0.75),
        Members = [new("COVID", 0.75, [0.25, 0.75]) { Positive = "COVID" }],
    };

    [Fact]
    public void Answers_of_the_same_values_are_equal_and_any_other_value_makes_them_differ()
    {
        Assert.Equal(Whole, Whole);
        Assert.Equal(Whole.GetHashCode(), Whole.GetHashCode());
        Assert.All(
            new[]
            {
                Whole with { Label = "non-COVID" }, Whole with { ImageNote = "It states no bits." }, Whole with { Positive = "non-COVID" }, Whole with { Probability = 0.5 },
                Whole with { Probabilities = [0.25, 0.5] }, Whole with { Probabilities = [0.25] }, Whole with { CalibratedProbability = null },
                Whole with { PredictionSet = null }, Whole with { PredictionSet = [] }, Whole with { PredictionSet = ["non-COVID"] },
                Whole with { TrainingDistance = new(0.5, 0.5) }, Whole with { Members = [] },
                Whole with { Members = [Whole.Members[0] with { Positive = "other" }] },
            },
            other => Assert.NotEqual(Whole, other));
    }

    [Fact]
    public void It_is_printed_with_its_numbers()
    {
        Assert.Equal(
            "Classification { Label = COVID, Positive = COVID, Probability = 0.75, Probabilities = [0.25, 0.75], CalibratedProbability = 0.7, PredictionSet = [COVID], "
                + "TrainingDistance = TrainingDistance { Distance = 0.5, Threshold = 0.75, IsUnlike = False }, "
                + "Members = [Classification { Label = COVID, Positive = COVID, Probability = 0.75, Probabilities = [0.25, 0.75] }] }",
            Whole.ToString());
        Assert.Equal(
            "Classification { Label = a, Positive = b, Probability = 0.5, Probabilities = [0.5, 0.5] }",
            new Classification("a", 0.5, [0.5, 0.5]) { Positive = "b" }.ToString());
    }
}
