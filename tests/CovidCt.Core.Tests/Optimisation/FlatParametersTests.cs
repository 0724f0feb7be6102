using CovidCt.Optimisation;
using CsCheck;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Optimisation;

public sealed class FlatParametersTests
{
    private static readonly Gen<long[]> Shape = Gen.Long[1, 9].Array[0, 4].Select(shape => shape is [var only] ? [only * 400] : shape);

    [Fact]
    public void Parameters_keep_their_values_and_become_views() => Shape.Array[1, 6].Sample(
        shapes =>
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var parameters = Parameters(shapes);
            var before = parameters.ConvertAll(parameter => parameter.clone());

            using var flat = new FlatParameters(parameters);

            Assert.Equal(0, flat.Values.numel() % FlatParameters.RowLength);
            Assert.All(parameters.Zip(before), pair => Assert.True(SameBits(pair.First, pair.Second)));
            Assert.Equal(parameters.Sum(parameter => parameter.abs().sum().item<float>()), flat.Values.abs().sum().item<float>(), 1e-2); // The rest is zeros.
            flat.Values.fill_(3);
            Assert.All(parameters, parameter => Assert.True(parameter.eq(3).all().item<bool>()));
        },
        iter: 30, threads: 1);

    [Fact]
    public void Values_of_any_type_and_order_are_gathered_to_their_places() => Gen.Select(Shape, Gen.Int[0, 2]).Array[1, 6].Sample(
        items =>
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var parameters = Parameters([.. items.Select(item => item.Item1)]);
            using var flat = new FlatParameters(parameters);
            var values = parameters.Select((parameter, i) => (items[i].Item2) switch
            {
                0 => randn_like(parameter),
                1 => randn_like(parameter).to_type(ScalarType.BFloat16),
                _ => randn(parameter.shape),
            }).ToList();

            var gathered = flat.Gather(values);

            Assert.Equal(ScalarType.Float32, gathered.dtype);
            Assert.Equal(flat.Values.shape, gathered.shape);
            Assert.All(values, (value, i) => Assert.True(SameBits(value.to_type(ScalarType.Float32), flat.View(gathered, i))));
        },
        iter: 30, threads: 1);

    [Fact]
    public void Channels_last_weights_stay_so_and_matrices_lie_before_vectors()
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters([[7], [5, 4, 3, 3], [6, 2]]);
        var strides = parameters[1].stride();
        Assert.Equal(1, strides[1]);

        using var flat = new FlatParameters(parameters);

        Assert.Equal(strides, parameters[1].stride());
        Assert.Equal([2, 0, 1], Enumerable.Range(0, 3).Select(index => flat.RowsOf(index).First));
    }

    [Fact]
    public void Only_float32_parameters_of_one_device_that_occur_once_can_share_a_buffer()
    {
        using var scope = NewDisposeScope();
        var (one, other) = (new Parameter(zeros(3)), new Parameter(zeros(2)));

        Assert.True(FlatParameters.CanHold([one, other]));
        Assert.False(FlatParameters.CanHold([one, one]));
        Assert.False(FlatParameters.CanHold([one, new Parameter(zeros([3], ScalarType.Float64))]));
        Assert.False(FlatParameters.CanHold([one, new Parameter(zeros([3], device: META))]));
    }

    [Fact]
    public void Parameters_outlive_the_buffer_and_nothing_else_remains()
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters([[3], [2, 5]]);
        var live = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var flat = new FlatParameters(parameters))
        using (no_grad())
        {
            flat.Values.fill_(2);
            flat.Gather(parameters).Dispose();
        }

        Assert.Equal(live, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(parameters[1].eq(2).all().item<bool>());
    }

    private static bool SameBits(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return one.shape.SequenceEqual(other.shape) && one.contiguous().bytes.SequenceEqual(other.contiguous().bytes);
    }

    private static List<Parameter> Parameters(IReadOnlyList<long[]> shapes) =>
        [.. shapes.Select(shape => new Parameter(shape.Length == 4 ? randn(shape).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : randn(shape)))];
}
