using CovidCt.Data;
using CovidCt.Progress;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// The features that a finished run's network has of its training and test images, computed once for all that is made of them.
/// </summary>
internal sealed class RunFeatures : IDisposable
{
    private readonly Tensor _features;

    private RunFeatures(CtDataset dataset, int[] train, int[] test, Tensor features) =>
        (Dataset, Train, Test, _features) = (dataset, train, test, features);

    /// <summary>The images that could be read.</summary>
    public CtDataset Dataset { get; }

    /// <summary>The rows that the run was trained on.</summary>
    public int[] Train { get; }

    /// <summary>The rows that it was tested on.</summary>
    public int[] Test { get; }

    /// <summary>Those of the training rows: float32 [rows, D] on the CPU, a view that this owns.</summary>
    public Tensor OfTrain => _features.narrow(0, 0, Train.Length);

    /// <summary>Those of the test rows: float32 [rows, D] on the CPU, a view that this owns.</summary>
    public Tensor OfTest => _features.narrow(0, Train.Length, Test.Length);

    /// <summary>Runs the network over its images.</summary>
    /// <exception cref="ArgumentException">The device isn't there.</exception>
    /// <exception cref="UnusableDataException">No image can be read.</exception>
    public static RunFeatures Of(
        FinishedRun run,
        CtDataset dataset,
        ComputeDevice device,
        IProgress<StepProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var prepared = run.Prepare(dataset, device, cancellationToken);
        var features = prepared.Features(progress, cancellationToken);
        return new(prepared.Dataset, prepared.Train, prepared.Test, features.DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => _features.Dispose();
}
