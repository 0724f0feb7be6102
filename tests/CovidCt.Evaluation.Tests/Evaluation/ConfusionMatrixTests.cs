using CsCheck;

namespace CovidCt.Evaluation.Tests.Evaluation;

public sealed class ConfusionMatrixTests
{
    private static readonly Gen<ConfusionMatrix> Matrices =
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 30], (a, b, c, d) => new ConfusionMatrix(a, b, c, d));

    [Fact]
    public void The_threshold_itself_is_called_positive()
    {
        (bool, double)[] outcomes = [(true, 0.7), (false, 0.7), (true, 0.69), (false, 0.69)];
        Assert.Equal(new ConfusionMatrix(1, 1, 1, 1), ConfusionMatrix.From(outcomes, 0.7));
    }

    [Fact]
    public void Every_image_is_counted_once() =>
        Gen.Select(Gen.Bool, Gen.Double[0, 1]).Array[0, 100].Sample(outcomes =>
        {
            var matrix = ConfusionMatrix.From(outcomes);
            Assert.Equal(outcomes.Length, matrix.Total);
            Assert.Equal(outcomes.Count(o => o.Item1), matrix.TruePositives + matrix.FalseNegatives);
            Assert.Equal(outcomes.Count(o => o.Item2 >= 0.5), matrix.TruePositives + matrix.FalsePositives);
        });

    [Fact]
    public void F1_is_the_harmonic_mean_of_precision_and_sensitivity() => Matrices.Sample(matrix =>
    {
        if (matrix is { Precision: { } p, Sensitivity: { } s } && p + s > 0)
            Assert.Equal(2 * p * s / (p + s), matrix.F1!.Value, 12);
    });

    [Fact]
    public void A_figure_is_undefined_exactly_where_its_denominator_is_zero() => Matrices.Sample(m =>
    {
        Assert.Equal(m.Total == 0, m.Accuracy is null);
        Assert.Equal(m.TruePositives + m.FalsePositives == 0, m.Precision is null);
        Assert.Equal(m.TruePositives + m.FalseNegatives == 0, m.Sensitivity is null);
        Assert.Equal(m.TrueNegatives + m.FalsePositives == 0, m.Specificity is null);
        Assert.Equal(m.TruePositives + m.FalsePositives + m.FalseNegatives == 0, m.F1 is null);
    });

    [Fact]
    public void Matrices_add_up_by_counts() =>
        Assert.Equal(new ConfusionMatrix(11, 22, 33, 44), new ConfusionMatrix(1, 2, 3, 4) + new ConfusionMatrix(10, 20, 30, 40));
}
