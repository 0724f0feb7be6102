using CovidCt.Compute;
using CovidCt.Models;
using CovidCt.Optimisation;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Tests;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Training;

public sealed class CheckpointKeeperTests : IDisposable
{
    private const string Network = "shufflenet_v2_x1_0"; // Its batch norms count in whole numbers.

    private readonly TemporaryFolder _folder = new();
    private readonly IBackbone _backbone = new BackboneFactory().Create(Network, 2, seed: 1);
    private readonly LambOptimizer _optimizer;

    public CheckpointKeeperTests() => _optimizer = new(_backbone.TrainableParameters(NetworkPart.All), new());

    private string Checkpoint => Path.Combine(_folder.Path, "checkpoint.safetensors");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_kept_is_the_state_when_the_epoch_ended(bool isBehind)
    {
        var expected = Bits.Of(_backbone);
        using (var keeper = new CheckpointKeeper(Checkpoint, isBehind))
        {
            keeper.Keep(_backbone, _optimizer, Epochs(1), isLast: false);
            Change();
        }

        var (history, bits) = Restored();
        Assert.Equal(Epochs(1), history);
        Assert.Equal(expected, bits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_epoch_is_always_kept_and_there_at_once(bool isBehind)
    {
        using var keeper = new CheckpointKeeper(Checkpoint, isBehind);
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            Change();
            keeper.Keep(_backbone, _optimizer, Epochs(epoch), isLast: epoch == 4);
        }

        var (history, bits) = Restored();
        Assert.Equal(Epochs(4), history);
        Assert.Equal(Bits.Of(_backbone), bits);
    }

    [Fact]
    public void What_cannot_be_written_is_told_with_the_next_epoch()
    {
        Directory.CreateDirectory(Checkpoint); // A folder in the file's place.
        using var keeper = new CheckpointKeeper(Checkpoint, isBehind: true);
        keeper.Keep(_backbone, _optimizer, Epochs(1), isLast: false);
        Assert.ThrowsAny<Exception>(() => keeper.Keep(_backbone, _optimizer, Epochs(2), isLast: true));
    }

    [Fact]
    public void Without_a_file_nothing_is_kept()
    {
        using var keeper = new CheckpointKeeper(null, isBehind: true);
        keeper.Keep(_backbone, _optimizer, Epochs(1), isLast: true);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_snapshot_has_each_tensors_values_in_its_shape_whatever_its_layout()
    {
        using var scope = NewDisposeScope();
        (string Name, Tensor Tensor)[] tensors =
        [
            ("last", rand(3, 4, 5, 2).permute(0, 3, 1, 2)), ("count", tensor(7L)), ("plain", rand(6)), ("none", empty(0, 3)), ("counts", arange(5)),
        ];
        using var snapshot = new TensorSnapshot(tensors);
        var expected = tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor.clone());
        foreach (var (_, value) in tensors)
        {
            value.zero_();
        }

        var actual = snapshot.OnHost();
        Assert.Equal(expected.Keys.Order(), actual.Select(entry => entry.Name).Order());
        Assert.All(actual, entry =>
        {
            Assert.Equal(expected[entry.Name].shape, entry.Tensor.shape);
            Assert.True(expected[entry.Name].equal(entry.Tensor).all().item<bool>());
        });
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _backbone.Dispose();
        _folder.Dispose();
    }

    private static List<EpochRecord> Epochs(int count) => [.. Enumerable.Range(0, count).Select(epoch => new EpochRecord(epoch, 1e-3, 0.7, 0.5, 1))];

    private void Change()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in _backbone.Network.parameters())
        {
            parameter.add_(1);
        }
    }

    private (IReadOnlyList<EpochRecord> History, IReadOnlyDictionary<string, string> Bits) Restored()
    {
        using var other = new BackboneFactory().Create(Network, 2, seed: 2);
        using var optimizer = new LambOptimizer(other.TrainableParameters(NetworkPart.All), new());
        return (TrainingCheckpoint.Restore(Checkpoint, other, optimizer), Training.Bits.Of(other));
    }
}
