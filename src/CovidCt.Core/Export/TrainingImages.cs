using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models.Onnx;
using CovidCt.Progress;
using static TorchSharp.torch;

namespace CovidCt.Export;

/// <summary>Images that networks were trained on, which show the ranges of their values.</summary>
/// <param name="Images">Of each network.</param>
/// <param name="Progress">Told how many images were run.</param>
/// <param name="Cancellation">Stops between two images.</param>
internal sealed record TrainingImages(
    IReadOnlyList<IReadOnlyList<GrayImage>> Images, IProgress<StepProgress>? Progress, CancellationToken Cancellation)
{
    private int _done;

    /// <summary>Refuses another number of networks, or one without images.</summary>
    /// <exception cref="ArgumentException">It is so.</exception>
    public void Check(int networks)
    {
        if (Images.Count != networks || Images.Any(some => some.Count == 0))
        {
            throw new ArgumentException(
                $"Images that it was trained on are needed for each of {networks} networks, and given for "
                    + $"{Images.Count(some => some.Count > 0)}.", nameof(networks));
        }
    }

    /// <summary>The images of a network as it expects them, one at a time; they can be gone through several times.</summary>
    public IEnumerable<Tensor> Batches(int member, CtClassifier network)
    {
        foreach (var image in Images[member])
        {
            Cancellation.ThrowIfCancellationRequested();
            using var input = network.Prepare(image).Input;
            yield return input;
            Progress?.Report(new(StepKind.Quantising, ++_done, OnnxModel.CalibrationPasses * Images.Sum(some => some.Count)));
        }
    }

    /// <summary>How the ranges of a network's values are found.</summary>
    public Finding Facts(int member) => new(Images[member].Count, "percentile", OnnxModel.LeftOut);

    /// <summary>How ranges were found.</summary>
    /// <param name="TrainingImages">From how many of its training images.</param>
    /// <param name="Method">By what.</param>
    /// <param name="LeftOut">The share of numbers at either end that they leave out, at most.</param>
    internal sealed record Finding(int TrainingImages, string Method, double LeftOut);
}
