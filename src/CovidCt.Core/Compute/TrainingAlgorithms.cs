using static TorchSharp.torch;

namespace CovidCt.Compute;

/// <summary>Which algorithms a CUDA card computes with until this is disposed, which restores what was before.</summary>
/// <remarks>
/// The setting is one for the process. Several may ask for the same at a time, and the last to leave restores it.
/// </remarks>
internal sealed class TrainingAlgorithms : IDisposable
{
    private static readonly Lock Turn = new();
    private static AlgorithmSettings Before, Chosen;
    private static int Users;

    private bool _isDone;

    private TrainingAlgorithms()
    {
    }

    /// <summary>The fastest for each shape, found by measuring; or only those that give the same bits each time.</summary>
    /// <param name="device">Where it is computed; null is the answer for the processor, where nothing is to be chosen.</param>
    /// <param name="deterministic">Whether bits are to be the same each time; operators that can't do so then throw.</param>
    /// <exception cref="ArgumentException">This libtorch can't be asked for determinism.</exception>
    /// <exception cref="InvalidOperationException">Another training has chosen otherwise.</exception>
    public static TrainingAlgorithms? Choose(Device device, bool deterministic) =>
        device.type == TorchSharp.DeviceType.CUDA ? Choose(deterministic) : null;

    /// <summary>The same without a card, since the settings are there all the same.</summary>
    internal static TrainingAlgorithms? Choose(bool deterministic)
    {
        if (!AlgorithmSettings.AreAvailable)
        {
            return deterministic
                ? throw new ArgumentException("This libtorch doesn't let its algorithms be chosen, so that a card's bits can't be the "
                    + "same each time. Leave determinism away.")
                : null;
        }

        var wanted = new AlgorithmSettings(!deterministic, deterministic, deterministic);
        lock (Turn)
        {
            if (Users > 0 && wanted != Chosen)
            {
                throw new InvalidOperationException(
                    "Another training of this process has chosen other algorithms, and libtorch has one choice for all.");
            }

            if (Users++ == 0)
            {
                Before = AlgorithmSettings.Current;
                AlgorithmSettings.Current = Chosen = wanted;
            }
        }

        return new();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Turn)
        {
            if (!_isDone && --Users == 0)
            {
                AlgorithmSettings.Current = Before;
            }

            _isDone = true;
        }
    }
}
