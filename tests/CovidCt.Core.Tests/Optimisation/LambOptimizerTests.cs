using System.Text.Json;
using CovidCt.Optimisation;
using CovidCt.Recipes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Optimisation;

public class LambOptimizerTests
{
    private static readonly Lazy<Golden> Reference = new(ReadGolden);

    public static TheoryData<string> Cases { get; } = [.. Reference.Value.Cases.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_step_equals_the_reference_in_double_precision(string name) => Replay(name, ScalarType.Float64, 1e-12);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_step_in_single_precision_stays_near_the_reference(string name) => Replay(name, ScalarType.Float32, 1e-5);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_of_all_parameters_together_stay_as_near_to_it(string name) => Replay(name, ScalarType.Float32, 1e-5, isFlat: true);

    [Fact]
    public void The_reference_tells_all_cases_apart()
    {
        var ends = Reference.Value.Cases.Select(item => JsonSerializer.Serialize(item.Weights[^1]));
        Assert.Equal(Reference.Value.Cases.Count, ends.Distinct().Count());
    }

    [Theory]
    [InlineData("authors")]
    [InlineData("paper")]
    [InlineData("apex")]
    [InlineData("deepspeed")]
    public void A_run_that_is_resumed_has_the_bits_of_one_that_was_not(string preset)
    {
        using var scope = NewDisposeScope();
        var options = LambOptions.ByName(preset);
        var (whole, stopped) = (Network(), Network());
        using var through = new LambOptimizer(whole, options);
        Train(through, whole, 0, 12);

        var saved = new Dictionary<string, Tensor>();
        long steps;
        using (var before = new LambOptimizer(stopped, options))
        {
            Train(before, stopped, 0, 7);
            foreach (var (name, state) in before.State())
            {
                saved.Add(name, state.clone());
            }

            steps = before.Steps;
        }

        using var after = new LambOptimizer(stopped, options);
        after.LoadState(name => saved[name], steps);
        Train(after, stopped, 7, 12);

        Assert.Equal(12, after.Steps);
        Assert.All(whole.Zip(stopped), pair => Assert.True(pair.First.Parameter.equal(pair.Second.Parameter).all().item<bool>()));
        Assert.All(through.State().Zip(after.State()), pair =>
        {
            Assert.Equal(pair.First.Name, pair.Second.Name);
            Assert.True(pair.First.Tensor.equal(pair.Second.Tensor).all().item<bool>());
        });
        Assert.All(saved.Values, tensor => Assert.False(tensor.IsInvalid));
    }

    [Fact]
    public void State_names_both_moments_of_every_parameter_in_order()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new LambOptimizer(Network(), new LambOptions());
        Assert.Equal(["weight.m", "weight.v", "bias.m", "bias.v"], optimizer.State().Select(entry => entry.Name));
    }

    [Fact]
    public void State_of_another_shape_is_refused_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var network = Network();
        using var optimizer = new LambOptimizer(network, new LambOptions());
        Train(optimizer, network, 0, 2);
        var before = optimizer.State().Select(entry => entry.Tensor.clone()).ToList();

        var error = Assert.Throws<ArgumentException>(() => optimizer.LoadState(name => name == "bias.v" ? zeros(3) : zeros(5, 4), 9));

        Assert.Contains("'bias.m' is Float32 [5, 4]", error.Message, StringComparison.Ordinal);
        Assert.Contains("Float32 [5]", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, optimizer.Steps);
        Assert.All(optimizer.State().Zip(before), pair => Assert.True(pair.First.Tensor.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void A_parameter_without_gradient_is_left_alone()
    {
        using var scope = NewDisposeScope();
        var network = Network();
        using var optimizer = new LambOptimizer(network, LambOptions.Paper);
        var before = network[1].Parameter.clone();
        network[0].Parameter.grad = ones_like(network[0].Parameter);
        optimizer.Step();

        Assert.True(network[1].Parameter.equal(before).all().item<bool>());
        Assert.True(optimizer.State().Single(entry => entry.Name == "bias.m").Tensor.eq(0).all().item<bool>());
        Assert.False(optimizer.State().Single(entry => entry.Name == "weight.m").Tensor.eq(0).any().item<bool>());
    }

    [Fact]
    public void Dropped_gradients_are_gone()
    {
        using var scope = NewDisposeScope();
        var network = Network();
        using var optimizer = new LambOptimizer(network, LambOptions.Paper);
        network[0].Parameter.grad = ones_like(network[0].Parameter);
        optimizer.ZeroGrad();
        Assert.All(network, item => Assert.Null(item.Parameter.grad));

        var before = network[0].Parameter.clone();
        optimizer.Step();
        Assert.True(network[0].Parameter.equal(before).all().item<bool>());
    }

    [Theory]
    [InlineData("authors")]
    [InlineData("paper")]
    [InlineData("apex")]
    [InlineData("deepspeed")]
    public void A_step_reads_nothing_back_from_the_device(string preset)
    {
        // A tensor on the meta device has no values: whatever asked for one would throw.
        using var scope = NewDisposeScope();
        var parameter = new Parameter(zeros([3, 4], device: META));
        using var optimizer = new LambOptimizer([("weight", parameter)], LambOptions.ByName(preset));
        parameter.grad = zeros([3, 4], device: META);
        optimizer.Step();
        Assert.Equal(1, optimizer.Steps);
    }

    [Fact]
    public void Steps_and_disposal_leave_no_native_tensor_behind()
    {
        var network = Network();
        var statistics = DisposeScopeManager.Statistics;
        var before = statistics.ThreadTotalLiveCount;
        foreach (var preset in LambOptions.Names)
        {
            using var optimizer = new LambOptimizer(network, LambOptions.ByName(preset));
            var live = statistics.ThreadTotalLiveCount;
            Assert.Equal(before + 4, live);
            using (NewDisposeScope())
            {
                Train(optimizer, network, 0, 3);
            }

            optimizer.LoadState(name => zeros(name.StartsWith("weight", StringComparison.Ordinal) ? [5, 4] : [5]), 1);
            optimizer.ZeroGrad();
            Assert.Equal(live, statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, statistics.ThreadTotalLiveCount);
        network.ForEach(item => item.Parameter.Dispose());
    }

    [Fact]
    public void The_state_outlives_the_scope_that_the_optimiser_was_made_in()
    {
        var network = Network();
        LambOptimizer optimizer;
        using (NewDisposeScope())
        {
            optimizer = new LambOptimizer(network, new LambOptions());
        }

        using var scope = NewDisposeScope();
        Train(optimizer, network, 0, 1);
        optimizer.Dispose();
        network.ForEach(item => item.Parameter.Dispose());
    }

    [Fact]
    public void Options_are_read_once()
    {
        using var scope = NewDisposeScope();
        var options = new LambOptions { LearningRate = 0.5 };
        var network = Network();
        using var optimizer = new LambOptimizer(network, options);
        options.LearningRate = 0;
        options.Beta1 = 0;
        network[1].Parameter.grad = ones_like(network[1].Parameter);
        optimizer.Step();
        Assert.Equal(0.5, optimizer.LearningRate);
        Assert.Equal(0.1f, optimizer.State().Single(entry => entry.Name == "bias.m").Tensor[0].item<float>(), 1e-7f);
    }

    [Fact]
    public void Impossible_options_and_groups_are_refused_with_what_is_wrong()
    {
        using var scope = NewDisposeScope();
        var network = Network();
        Refused<ArgumentException>(new LambOptions { Beta1 = 1 }, nameof(LambOptions.Beta1));
        Refused<ArgumentException>(new LambOptions { Beta2 = -0.1 }, nameof(LambOptions.Beta2));
        Refused<ArgumentException>(new LambOptions { Epsilon = 0 }, nameof(LambOptions.Epsilon));
        Refused<ArgumentException>(new LambOptions { LearningRate = double.NaN }, nameof(LambOptions.LearningRate));
        Refused<ArgumentException>(new LambOptions { WeightDecay = double.PositiveInfinity }, nameof(LambOptions.WeightDecay));
        Refused<ArgumentException>(new LambOptions { WeightNormLimit = 0 }, nameof(LambOptions.WeightNormLimit));
        Refused<ArgumentException>(new LambOptions { TrustRatioMin = 2, TrustRatioMax = 1 }, nameof(LambOptions.TrustRatioMin));

        GroupsRefused([], "no parameter");
        GroupsRefused([new(network), new(network)], "'weight'");
        GroupsRefused([new(network, LearningRateFactor: -1)], "-1");
        GroupsRefused([new(network, WeightDecay: double.NaN)], "NaN");

        void Refused<TException>(LambOptions options, string about) where TException : Exception =>
            Assert.Contains(about, Assert.Throws<TException>(() => new LambOptimizer(network, options)).Message, StringComparison.Ordinal);

        static void GroupsRefused(LambGroup[] groups, string about) =>
            Assert.Contains(about, Assert.Throws<ArgumentException>(() => new LambOptimizer(groups, new LambOptions())).Message, StringComparison.Ordinal);
    }

    private static List<(string Name, Parameter Parameter)> Network()
    {
        using var generator = new Generator(5);
        return
        [
            ("weight", new Parameter(randn([5, 4], generator: generator))),
            ("bias", new Parameter(zeros(5))),
        ];
    }

    private static void Train(LambOptimizer optimizer, IReadOnlyList<(string Name, Parameter Parameter)> network, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            using var generator = new Generator((ulong)step);
            foreach (var (_, parameter) in network)
            {
                using var gradient = randn(parameter.shape, generator: generator);
                parameter.grad = gradient;
            }

            optimizer.Step();
        }
    }

    private static void Replay(string name, ScalarType type, double tolerance, bool? isFlat = null)
    {
        using var scope = NewDisposeScope();
        var golden = Reference.Value;
        var item = golden.Cases.Single(item => item.Name == name);
        var parameters = golden.Tensors.ToDictionary(
            entry => entry.Key, entry => new Parameter(tensor(entry.Value.Values, entry.Value.Shape, type)));
        using var optimizer = new LambOptimizer(
            [.. item.Groups.Select(group => new LambGroup(
                [.. group.Names.Select(own => (own, parameters[own]))], group.Factor, group.WeightDecay))],
            Options(item), isFlat);

        for (var step = 0; step < golden.Gradients.Count; step++)
        {
            optimizer.LearningRate = golden.LearningRates[step];
            optimizer.ZeroGrad();
            foreach (var (own, gradient) in golden.Gradients[step])
            {
                if (gradient is not null)
                {
                    parameters[own].grad = tensor(gradient, parameters[own].shape, type);
                }
            }

            optimizer.Step();
            foreach (var (own, expected) in item.Weights[step])
            {
                Near(expected, parameters[own], tolerance, $"{own} after step {step + 1}");
            }
        }

        foreach (var (own, state) in optimizer.State())
        {
            var moments = own.EndsWith(".m", StringComparison.Ordinal) ? item.M : item.V;
            Near(moments[own[..^2]], state, tolerance, own);
        }
    }

    private static LambOptions Options(Case item)
    {
        var options = LambOptions.ByName(item.Preset);
        foreach (var (option, value) in item.Options)
        {
            var property = typeof(LambOptions).GetProperty(option)!;
            property.SetValue(options, value.Deserialize(property.PropertyType));
        }

        return options;
    }

    private static void Near(double[] expected, Tensor actual, double tolerance, string what)
    {
        var values = actual.detach().to_type(ScalarType.Float64).flatten().data<double>().ToArray();
        var scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, values.Length);
        foreach (var (wanted, got) in expected.Zip(values))
        {
            Assert.True(Math.Abs(wanted - got) <= tolerance * scale, $"{what}: {got:R} where the reference has {wanted:R}");
        }
    }

    private static Golden ReadGolden()
    {
        using var stream = typeof(LambOptimizerTests).Assembly.GetManifestResourceStream("CovidCt.Core.Tests.Optimisation.lamb-golden.json")!;
        return JsonSerializer.Deserialize<Golden>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record Golden(
        IReadOnlyList<double> LearningRates,
        Dictionary<string, Initial> Tensors,
        IReadOnlyList<Dictionary<string, double[]?>> Gradients,
        IReadOnlyList<Case> Cases);

    private sealed record Initial(long[] Shape, double[] Values);

    private sealed record Case(
        string Name,
        string Preset,
        Dictionary<string, JsonElement> Options,
        IReadOnlyList<Group> Groups,
        IReadOnlyList<Dictionary<string, double[]>> Weights,
        Dictionary<string, double[]> M,
        Dictionary<string, double[]> V);

    private sealed record Group(string[] Names, double Factor, double? WeightDecay);
}
