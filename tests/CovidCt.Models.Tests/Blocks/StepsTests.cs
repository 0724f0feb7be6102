using CovidCt.Models.Blocks;
using CsCheck;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Blocks;

public sealed class StepsTests
{
    [Fact]
    public void A_sequence_numbers_its_layers_by_their_places()
    {
        using var sequence = Steps.Sequence(Steps.Norm(2), Steps.Relu, Steps.Norm(2), Steps.MaxPool(2, 2), Steps.Sequence(Steps.Norm(2)));

        Assert.Equal(["0", "2", "4", "4.0"], sequence.named_modules().Select(module => module.name));
    }

    [Fact]
    public void A_sequence_takes_no_layer_with_a_key_of_its_own() =>
        Assert.Throws<ArgumentException>(() => Steps.Sequence(("norm", Steps.Norm(2))));

    [Fact]
    public void A_chain_needs_keys_of_all_layers() => Assert.Throws<ArgumentException>(() => new Block(Steps.Norm(2)));

    [Fact]
    public void No_two_layers_share_a_key() =>
        Assert.Throws<InvalidOperationException>(() => new Block(("norm", Steps.Norm(2)), ("norm", Steps.Norm(2))));

    [Fact]
    public void Depth_is_that_of_the_longest_way()
    {
        Step conv = Steps.Conv(2, 2, 1);

        Assert.Equal(0, Steps.Chain(Steps.Relu, Steps.Norm(2)).Depth);
        Assert.Equal(2, Steps.Chain(conv, Steps.Relu, conv).Depth);
        Assert.Equal(2, Steps.Concat(conv, Steps.Chain(conv, conv)).Depth);
        Assert.Equal(3, Steps.Residual(Steps.Identity, Steps.Chain(conv, conv, conv)).Depth);
        Assert.Equal(2, Steps.Interleave(Steps.Half(0), Steps.Chain(Steps.Half(1), conv, conv)).Depth);
        Assert.Equal(0, Steps.Unused("key", Steps.Linear(2, 2)).Depth);
    }

    [Fact]
    public void Interleaving_the_halves_of_a_step_is_the_channel_shuffle_in_both_layouts() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 5], Gen.Int[1, 6], Gen.Int[1, 6], Gen.Bool).Sample((count, half, height, width, channelsLast) =>
        {
            using var scope = NewDisposeScope();
            var x = arange(count * 2 * half * height * width, ScalarType.Float32).reshape(count, 2 * half, height, width);
            x = channelsLast ? Networks.ChannelsLast(x) : x;

            var shuffled = Steps.Interleave(Steps.Half(0), Steps.Half(1)).Run(x);

            // Zhang et al. 2017: reshape to (groups, channels a group), transpose, flatten.
            var expected = x.reshape(count, 2, half, height, width).transpose(1, 2).reshape(x.shape);
            Assert.True(Networks.SameBits(expected, shuffled));
        }, iter: 200);

    [Fact]
    public void A_residual_adds_either_way_round_and_leaves_its_argument()
    {
        using var scope = NewDisposeScope();
        var x = arange(8, ScalarType.Float32).reshape(1, 2, 2, 2);
        var before = x.clone();
        var twice = Steps.Residual(Steps.AvgPool(1, 1), Steps.Identity);
        var again = Steps.Residual(Steps.Identity, Steps.AvgPool(1, 1));

        Assert.True(Networks.SameBits(x + x, twice.Run(x)));
        Assert.True(Networks.SameBits(x + x, again.Run(x)));
        Assert.True(Networks.SameBits(before, x));
    }

    [Fact]
    public void A_concatenation_puts_channels_one_behind_the_other()
    {
        using var scope = NewDisposeScope();
        var x = arange(-4, 4, ScalarType.Float32).reshape(1, 2, 2, 2);

        Assert.True(Networks.SameBits(cat([x, x.relu()], 1), Steps.Concat(Steps.Identity, Steps.ReluCopy).Run(x)));
    }

    [Fact]
    public void An_unused_layer_is_owned_and_not_run()
    {
        using var scope = NewDisposeScope();
        using var block = new Block(Steps.Unused("kept", Steps.Norm(5)));
        var x = ones(1, 2, 2, 2);

        Assert.Same(x, block.forward(x));
        Assert.Equal(["kept"], block.named_children().Select(child => child.name));
    }
}
