using CovidCt.Compute;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Compute;

[Collection(NativeMemory.Name)]
public sealed class TrainingAlgorithmsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_choice_holds_until_its_last_user_leaves(bool deterministic)
    {
        Assert.SkipUnless(AlgorithmSettings.AreAvailable, "This libtorch doesn't let algorithms be chosen.");
        var before = AlgorithmSettings.Current;
        var chosen = new AlgorithmSettings(!deterministic, deterministic, deterministic);

        using (TrainingAlgorithms.Choose(deterministic))
        {
            Assert.Equal(chosen, AlgorithmSettings.Current);
            var inner = TrainingAlgorithms.Choose(deterministic)!;
            inner.Dispose();
            inner.Dispose();
            Assert.Equal(chosen, AlgorithmSettings.Current);
            Assert.Throws<InvalidOperationException>(() => TrainingAlgorithms.Choose(!deterministic));
            Assert.Equal(chosen, AlgorithmSettings.Current);
        }

        Assert.Equal(before, AlgorithmSettings.Current);
    }

    [Fact]
    public void On_the_processor_nothing_is_chosen() => Assert.Null(TrainingAlgorithms.Choose(CPU, deterministic: true));
}
