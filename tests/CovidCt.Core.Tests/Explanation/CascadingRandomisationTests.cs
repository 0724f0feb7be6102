using CovidCt.Explanation;
using CovidCt.Models;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

public sealed class CascadingRandomisationTests
{
    private static readonly BackboneFactory Factory = new();

    public static TheoryData<string, string, int> Networks => new()
    {
        { "squeezenet1_1", "classifier.1", 10 },
        { "resnet18", "fc", 7 },
        { "densenet121", "classifier", 11 },
        { "shufflenet_v2_x1_0", "fc", 6 },
        { "inception_v3", "fc", 17 },
        { "xception", "fc", 21 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void It_goes_from_the_head_down_until_nothing_learned_is_left(string name, string head, int levels)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var original = Factory.Create(name, 3, seed: 1);
        using var fresh = Factory.Create(name, 3, seed: 2);
        foreach (var (key, value) in original.Network.state_dict().Where(entry => entry.Value.is_floating_point()))
        {
            value.add_(0.5); // Biases and statistics start alike in both.
        }

        using var cascade = new CascadingRandomisation(Factory, original, seed: 2);

        Assert.Equal(head, cascade.Levels[0].Name);
        Assert.Equal(levels, cascade.Levels.Count);
        Assert.Equal(Different(cascade.Copy, original), []);
        for (var level = 0; level < cascade.Levels.Count; level++)
        {
            Assert.Empty(Different(cascade.Copy, original, cascade.Levels[level].Keys)); // Those before it have left it alone.
            cascade.Randomise(level);
        }

        Assert.Superset(
            Different(cascade.Copy, original).ToHashSet(StringComparer.Ordinal),
            cascade.Levels.SelectMany(part => part.Keys).ToHashSet(StringComparer.Ordinal));
        Assert.All(Different(cascade.Copy, fresh), key => Assert.StartsWith("AuxLogits.", key, StringComparison.Ordinal));
        Assert.False(cascade.Copy.Network.training);
    }

    private static List<string> Different(IBackbone one, IBackbone other, IEnumerable<string>? among = null)
    {
        var (entries, others) = (one.Network.state_dict(), other.Network.state_dict());
        return [.. (among ?? entries.Keys).Where(key => !entries[key].Equals(others[key]))];
    }
}
