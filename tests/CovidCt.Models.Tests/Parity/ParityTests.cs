using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Parity;

/// <summary>Every network against its reference implementation.</summary>
public sealed class ParityTests
{
    private static readonly BackboneFactory Factory = new();

    public static TheoryData<string> Names => [.. Fixtures.StateDicts.Select(network => network.Name)];

    /// <summary>Of the small networks.</summary>
    public static TheoryData<string, string> Goldens => new(Fixtures.Goldens.Select(golden => (golden.File, golden.Name)).Where(golden => Networks.Quick.Contains(golden.Name)));

    /// <summary>Of all others.</summary>
    public static TheoryData<string, string> OtherGoldens => new(Fixtures.Goldens.Select(golden => (golden.File, golden.Name)).Where(golden => !Networks.Quick.Contains(golden.Name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_state_dict_is_the_published_one_entry_for_entry(string name)
    {
        using var backbone = Factory.CreateForLoading(name, 1000);

        var published = Fixtures.StateDicts.Single(network => network.Name == name).Entries;
        Assert.Equal(
            published.Select(entry => $"{entry.Key} [{string.Join(", ", entry.Shape)}]"),
            backbone.Network.state_dict().Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value.shape)}]"));
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(OtherGoldens))]
    public void So_are_those_of_all_others(string file, string name) => The_logits_are_those_of_the_reference_at_both_sizes(file, name);

    [Theory]
    [MemberData(nameof(Goldens))]
    public void The_logits_are_those_of_the_reference_at_both_sizes(string file, string name)
    {
        var network = Fixtures.Goldens.Single(golden => golden.File == file && golden.Name == name).Golden;
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var backbone = Factory.CreateForLoading(name, 1000);
        ReferenceFill.Weights(backbone.Network);
        backbone.Network.eval();

        Assert.Equal(network.Parameters, backbone.Network.parameters().Sum(parameter => parameter.numel()));
        AssertAnswers(network.Square, backbone);
        AssertAnswers(network.Canvas, backbone);
    }

    [Fact]
    public void Every_network_has_a_reference() =>
        Assert.Equal(Factory.Specs.Select(spec => spec.Name).Order(), Fixtures.Goldens.Select(golden => golden.Name).Distinct().Order());

    internal static void AssertAnswers(GoldenLogits golden, IBackbone backbone)
    {
        var logits = backbone.Network.call(ReferenceFill.Input(new(golden.Width, golden.Height)));

        var values = logits.to(ScalarType.Float64).data<double>().ToArray();
        var mean = values.Average();
        var tolerance = 1e-4 * golden.Std;
        Assert.Equal([2, 1000], logits.shape);
        AssertWithin(tolerance, golden.First, values.AsSpan(0, 8));
        AssertWithin(tolerance, golden.Second, values.AsSpan(1000, 8));
        AssertWithin(tolerance, [golden.Mean], [mean]);
        AssertWithin(tolerance, [golden.Std], [Deviation(values, mean)]);
        AssertWithin(1e-4 * golden.L2, [golden.L2], [Math.Sqrt(values.Sum(value => value * value))]);
        Assert.Equal(golden.Argmax, logits.argmax(1).data<long>().ToArray());
    }

    private static double Deviation(double[] values, double mean) =>
        Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));

    private static void AssertWithin(double tolerance, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{i}: {actual[i]} is not within {tolerance} of {expected[i]}");
        }
    }
}
