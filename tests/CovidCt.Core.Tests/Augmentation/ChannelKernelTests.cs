using CovidCt.Augmentation;
using CovidCt.Networks;
using CovidCt.Recipes;
using CsCheck;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Augmentation;

public class ChannelKernelTests
{
    [Fact]
    public void The_sweep_and_the_operators_of_tensors_make_the_same_bits()
    {
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 4], Gen.Bool, Gen.Int[0, int.MaxValue]).Sample(
            (height, width, count, isByte, seed) =>
            {
                using var scope = NewDisposeScope();
                var random = new Random(seed);
                var gray = isByte ? randint(0, 256, [count, height, width]).to_type(ScalarType.Byte) : rand(count, height, width).mul(255);
                PixelRectangle[] inside = [.. Enumerable.Range(0, count).Select(_ =>
                {
                    var (left, top) = (random.Next(width), random.Next(height));
                    return new PixelRectangle(left, top, random.Next(left, width + 1), random.Next(top, height + 1));
                })];
                var augmenter = new Augmenter(AugmentationOptions.None, ChannelNormalisation.ImageNet, (123, 116, 103));
                Assert.True(ChannelKernel.Takes(gray));

                var swept = augmenter.Compose(gray, inside);
                var expected = empty([count, height, width, 3]);
                augmenter.Compose(gray.to_type(ScalarType.Float32), inside, expected);

                Assert.True(swept.permute(0, 2, 3, 1).is_contiguous());
                Assert.Equal(expected.data<float>().ToArray(), swept.permute(0, 2, 3, 1).data<float>().ToArray());
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public void Tensors_that_lie_otherwise_in_memory_are_left_to_the_operators()
    {
        using var scope = NewDisposeScope();

        Assert.False(ChannelKernel.Takes(zeros(2, 5, 4).transpose(1, 2)));
        Assert.False(ChannelKernel.Takes(zeros([2, 5, 4], ScalarType.Float64)));
    }
}
