using CovidCt.Controls;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Controls;

public sealed class RidgeHeadTests
{
    private static readonly double[] Penalties = [1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5];

    [Theory]
    [InlineData(30, 8)]
    [InlineData(12, 40)]
    public void Scores_are_those_of_the_penalty_with_the_least_error_when_each_row_in_turn_is_left_out(int rows, int features)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(7);
        var train = randn([rows, features], ScalarType.Float64, generator: generator) * 3 + 5;
        var test = randn([5, features], ScalarType.Float64, generator: generator) + 5;
        var labels = (randn([rows, 2], ScalarType.Float64, generator: generator) + train.narrow(1, 0, 2) - 5 > 0).to_type(ScalarType.Float64);

        var scores = RidgeHead.Scores(train, labels, test);

        var mean = train.mean([0], keepdim: true);
        var spread = (train - mean).square().mean([0], keepdim: true).sqrt();
        var (x, z) = ((train - mean) / spread, (test - mean) / spread);
        for (var set = 0; set < 2; set++)
        {
            var y = (2 * labels.select(1, set)) - 1;
            var best = Penalties.MinBy(penalty => Enumerable.Range(0, rows).Sum(row =>
            {
                var others = tensor(Enumerable.Range(0, rows).Where(other => other != row).Select(other => (long)other).ToArray());
                var (weights, intercept) = Fit(x.index_select(0, others), y.index_select(0, others), penalty * rows);
                return Math.Pow((y[row] - x[row].dot(weights) - intercept).item<double>(), 2);
            }));
            var (fitted, constant) = Fit(x, y, best * rows);
            Assert.InRange((z.mv(fitted) + constant - scores.select(1, set)).abs().max().item<double>(), 0, 1e-9);
        }
    }

    [Fact]
    public void Features_without_spread_change_nothing()
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(1);
        var (train, test) = (randn([20, 3], ScalarType.Float64, generator: generator), randn([4, 3], ScalarType.Float64, generator: generator));
        var labels = (train.narrow(1, 0, 1) > 0).to_type(ScalarType.Float64);
        var constant = full([20, 1], 3.0, ScalarType.Float64);

        var more = RidgeHead.Scores(cat([train, constant], 1), labels, cat([test, full([4, 1], 3.0, ScalarType.Float64)], 1));

        Assert.InRange((more - RidgeHead.Scores(train, labels, test)).abs().max().item<double>(), 0, 1e-9);
        Assert.True(RidgeHead.Scores(constant, labels, constant).isfinite().all().item<bool>());
    }

    /// <summary>Ridge regression with an intercept that is not penalised, by the normal equations.</summary>
    private static (Tensor Weights, Tensor Intercept) Fit(Tensor x, Tensor y, double penalty)
    {
        var (centre, level) = (x.mean([0]), y.mean());
        var centred = x - centre;
        var weights = linalg.solve(centred.t().matmul(centred) + (penalty * eye(x.shape[1], dtype: ScalarType.Float64)), centred.t().mv(y - level));
        return (weights, level - centre.dot(weights));
    }
}
