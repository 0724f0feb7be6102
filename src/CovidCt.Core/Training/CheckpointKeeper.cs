using CovidCt.Compute;
using CovidCt.Models;
using CovidCt.Optimisation;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Training;

/// <summary>Writes the checkpoint of a training after its epochs: at once, or while the device goes on.</summary>
/// <remarks>
/// A card copies the state within its own memory and trains on, and another thread brings the copy to the host and writes it. An epoch
/// that ends while an earlier one is being written is passed over, unless it is the last: who goes on from an earlier epoch ends in the
/// same bits.
/// </remarks>
/// <param name="path">The file; null keeps nothing.</param>
/// <param name="isBehind">Whether it is written while the device goes on.</param>
internal sealed class CheckpointKeeper(string? path, bool isBehind) : IDisposable
{
    private Task _writing = Task.CompletedTask;

    /// <summary>Keeps the state after an epoch.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="optimizer">Its optimiser.</param>
    /// <param name="history">The epochs so far.</param>
    /// <param name="isLast">Whether it is the last epoch, whose checkpoint is there when this returns.</param>
    /// <exception cref="IOException">This checkpoint, or the one before it, can't be written.</exception>
    public void Keep(IBackbone backbone, LambOptimizer optimizer, IReadOnlyList<EpochRecord> history, bool isLast)
    {
        if (path is null || !(isLast || _writing.IsCompleted || !isBehind))
        {
            return;
        }

        Finish();
        if (isLast || !isBehind)
        {
            TrainingCheckpoint.Save(path, backbone, optimizer, history);
            return;
        }

        using var scope = NewDisposeScope();
        var (state, steps, epochs) = (
            new TensorSnapshot(TrainingCheckpoint.Entries(backbone, optimizer)), optimizer.Steps, history.ToList());
        _writing = Task.Run(() =>
        {
            using (state)
            {
                using var own = NewDisposeScope();
                TrainingCheckpoint.Write(path, state.OnHost(), steps, epochs);
            }
        });
    }

    /// <summary>Waits for what is being written. Whoever is stopped has other things to tell than that it failed.</summary>
    public void Dispose() => Task.WhenAny(_writing).Wait();

    private void Finish()
    {
        var last = _writing;
        _writing = Task.CompletedTask; // What fails here is not told again.
        last.GetAwaiter().GetResult();
    }
}
