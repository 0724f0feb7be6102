using CovidCt.Optimisation;
using CovidCt.Recipes;
using CsCheck;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Optimisation;

public sealed class LambKernelTests
{
    private static readonly LambOptions Everything = new() { WeightDecay = 0.1, BiasCorrection = true, GradientNormLimit = 2, TrustRatioMin = 0.01, TrustRatioMax = 5 };

    [Fact]
    public void Steps_on_memory_are_those_of_operators_in_double_precision() => Gen.Select(Gen.Int[1, 40_000].Array[1, 4], Gen.Bool, Gen.Int[0, 1000]).Sample(
        (lengths, all, seed) =>
        {
            using var scope = NewDisposeScope();
            var options = all ? Everything : new LambOptions();
            var single = Values(lengths.Select(length => new long[] { length }), seed, ScalarType.Float32);
            var twice = Values(lengths.Select(length => new long[] { length }), seed, ScalarType.Float64);

            Train(single, options, seed, 3);
            Train(twice, options, seed, 3);

            Assert.All(single.Zip(twice), pair => Near(pair.Second, pair.First));
        },
        iter: 20, threads: 1);

    [Fact]
    public void Channels_last_weights_are_moved_as_plain_ones_are()
    {
        using var scope = NewDisposeScope();
        var plain = Values([[16, 24, 3, 3], [7]], 3, ScalarType.Float32);
        var last = plain.ConvertAll(parameter => parameter.dim() == 4
            ? new Parameter(parameter.detach().permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2))
            : new Parameter(parameter.detach().clone()));
        Assert.True(LambKernel.Place(last[0])!.Value.IsLast);

        Train(plain, Everything, 4, 3);
        Train(last, Everything, 4, 3);

        // Sums are taken in another order.
        Assert.All(plain.Zip(last), pair => Near(pair.First, pair.Second));
        Assert.False(last[0].is_contiguous());
    }

    [Fact]
    public void The_number_of_threads_has_no_part_in_the_bits()
    {
        var ends = ((int[])[1, 2, 5]).Select(threads =>
        {
            using var scope = NewDisposeScope();
            var tensors = Enumerable.Range(0, 4).Select(i => randn([1_500_001], generator: new Generator((ulong)i)).abs()).ToList();
            var item = new LambKernel.Item(At(0), At(1), At(2), At(3), 1_500_001, 1e-2, 0.1, true);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
            var scale = (float)(1 / Math.Sqrt(LambKernel.GradientSquares([item], parallel)));
            LambKernel.Step([item], new(0.9f, 0.999f, 0.1f, 0.001f, 1e-6f, 1, 1, scale), (weight, update) => weight / update, parallel);
            return tensors.Select(tensor => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(tensor.bytes))).ToList();

            nint At(int place) => LambKernel.Place(tensors[place])!.Value.Address;
        }).ToList();

        Assert.All(ends, end => Assert.Equal(ends[0], end));
    }

    [Fact]
    public void Tensors_that_do_not_lie_densely_have_no_place()
    {
        using var scope = NewDisposeScope();
        Assert.Null(LambKernel.Place(zeros(4, 6).t()));
        Assert.Null(LambKernel.Place(zeros(2, 3, 4, 5).narrow(1, 0, 2)));
        Assert.Null(LambKernel.Place(zeros([3], ScalarType.Float64)));
        Assert.NotNull(LambKernel.Place(zeros(4, 6)));
    }

    [Fact]
    public void A_gradient_in_another_order_is_taken_all_the_same()
    {
        using var scope = NewDisposeScope();
        var (plain, strange) = (Values([[6, 5]], 1, ScalarType.Float32), Values([[6, 5]], 1, ScalarType.Float32));
        var gradient = randn([6, 5], generator: new Generator(9));
        using var one = new LambOptimizer([("w", plain[0])], Everything);
        using var other = new LambOptimizer([("w", strange[0])], Everything);
        plain[0].grad = gradient;
        strange[0].grad = gradient.t().contiguous().t();

        one.Step();
        other.Step();

        Near(plain[0], strange[0]);
    }

    [Fact]
    public void Weights_or_updates_of_nothing_are_moved_without_a_ratio()
    {
        using var scope = NewDisposeScope();
        var (zero, still) = (new Parameter(zeros(10)), new Parameter(ones(10)));
        using var optimizer = new LambOptimizer([("zero", zero), ("still", still)], new LambOptions { LearningRate = 0.5, Beta1 = 0, Beta2 = 0 });
        zero.grad = ones(10);
        still.grad = zeros(10);

        optimizer.Step();

        Assert.All(zero.detach().data<float>().ToArray(), value => Assert.Equal(-0.5, value, 1e-5));
        Assert.All(still.detach().data<float>().ToArray(), value => Assert.Equal(1f, value));
    }

    private static List<Parameter> Values(IEnumerable<long[]> shapes, int seed, ScalarType type)
    {
        using var generator = new Generator((ulong)seed);
        return [.. shapes.Select(shape => new Parameter(randn(shape, generator: generator).to_type(type)))];
    }

    private static void Train(List<Parameter> parameters, LambOptions options, int seed, int steps)
    {
        using var optimizer = new LambOptimizer([.. parameters.Select((parameter, i) => ($"{i}", parameter))], options);
        using var generator = new Generator((ulong)seed + 17);
        for (var step = 0; step < steps; step++)
        {
            optimizer.ZeroGrad();
            foreach (var parameter in parameters)
            {
                var gradient = randn(parameter.shape, generator: generator).to_type(parameter.dtype);
                parameter.grad = parameter.is_contiguous() ? gradient : gradient.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
            }

            optimizer.Step();
        }
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        var difference = (expected.detach().to_type(ScalarType.Float64) - actual.detach().to_type(ScalarType.Float64)).abs().max().item<double>();
        Assert.InRange(difference, 0, 1e-6 * expected.detach().abs().max().to_type(ScalarType.Float64).item<double>());
    }
}
